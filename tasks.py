"""The verbs: `python3 tasks.py VERB`, or `inv VERB` inside the environment.

Any Python from 3.11 on can start this file, with nothing installed. Its first half needs nothing
but `os` and `sys`: it makes `.venv` from the pinned requirements when it is missing, broken or out
of date, and starts the file again inside. The second half, inside, is the list of verbs.

Exit codes: 0 done, 1 the content has errors (or a test failed), 2 wrong usage or environment.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
BUILD = "requirements.txt"  # what the site needs: installed always
TEST = "requirements-test.txt"  # what tests and benchmarks need besides: installed when asked for
ENTERED = "PRESSROOM_ENTERED"  # which process has entered .venv before: it must not go in circles

TYPE_CHECKING = False  # importing typing takes longer than all of the first half
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


def stop(zh: str, en: str) -> "NoReturn":
    """Leave with the exit code of a wrong environment, and say why."""
    sys.stderr.write(zh + "\n" + en + "\n")
    sys.exit(2)


def stamp(requirements: str) -> str:
    """The file that says what was installed; it is written last, so a half-made .venv has none."""
    return os.path.join(VENV, "installed-" + requirements)


def wanted(requirements: str) -> bytes:
    """What the stamp must hold: which Python, where, and the requirements themselves."""
    with open(os.path.join(ROOT, requirements), "rb") as file:
        return (os.path.realpath(PYTHON) + "\n" + VENV + "\n").encode() + file.read()


def ready(requirements: str) -> bool:
    """Whether .venv is whole, stands where it was made, and holds what `requirements` pins today."""
    try:
        with open(stamp(requirements), "rb") as file:
            made = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return False
    whole = os.access(PYTHON, os.X_OK) and os.path.exists(os.path.join(VENV, "pyvenv.cfg"))
    return whole and made == wanted(requirements)


def prepare(asked: str) -> None:
    """Make .venv, or bring it up to date, so that it holds `asked`; one process at a time."""
    import fcntl
    import subprocess

    if os.path.islink(VENV):  # clearing it would empty a folder that belongs to someone else
        stop(
            ".venv是一个符号链接，里面的内容不归本项目所有，因此不作改动；请删除这个链接后重试。",
            ".venv is a symbolic link: what it leads to is not this project's and is left alone. "
            "Delete the link and try again.",
        )
    with open(os.path.join(ROOT, BUILD), "rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("另一个进程正在建立.venv，请稍候……\n")
            sys.stderr.write("Another process is making .venv; waiting for it.\n")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if ready(BUILD) and ready(asked):
            return
        sys.stderr.write("正在按固定的版本安装软件包，约需一分钟……\n")
        sys.stderr.write("Installing the pinned packages into .venv; this takes about a minute.\n")
        files, steps = [asked], []
        if not ready(BUILD):
            try:
                import ensurepip  # noqa: F401  Debian keeps it apart, in python3-venv
            except ImportError:
                stop(
                    "缺少python3-venv。请先安装：sudo apt-get install python3-venv",
                    "python3-venv is missing. Install it first: sudo apt-get install python3-venv",
                )
            files = [BUILD] + [TEST] * (asked == TEST or os.path.exists(stamp(TEST)))
            base = getattr(sys, "_base_executable", sys.executable)  # never the .venv that goes
            steps = [[base, "-m", "venv", "--clear", VENV]]
        for name in files:
            if os.path.exists(stamp(name)):
                os.remove(stamp(name))
        pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        pip += ["--no-input", "--require-hashes", "--only-binary", ":all:"]
        for name in files:
            pip += ["--requirement", os.path.join(ROOT, name)]
        for step in [*steps, pip]:
            if subprocess.run(step).returncode:
                stop(
                    "未能建立.venv，原因见上；排除后再运行一次即可。",
                    ".venv could not be made; the reason stands above. Mend it and try again.",
                )
        for name in files:
            with open(stamp(name) + ".new", "wb") as file:
                file.write(wanted(name))
            os.replace(stamp(name) + ".new", stamp(name))


def enter() -> None:
    """Return when this process runs inside a .venv that is up to date; else start again inside."""
    if sys.version_info < (3, 11):
        stop(
            f"需要Python 3.11或更高版本，当前为{sys.version.split()[0]}。",
            f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.",
        )
    inside = os.path.realpath(sys.prefix) == os.path.realpath(VENV)
    if inside and ready(BUILD):
        return
    first = str(os.getpid())  # exec keeps the process's number
    second = first + " again"
    entered = os.environ.get(ENTERED)
    if entered == second:
        stop(
            "无法进入.venv；请删除这个文件夹后重试。",
            ".venv cannot be entered; delete that folder and try again.",
        )
    try:
        if entered == first and os.path.exists(stamp(BUILD)):
            os.remove(stamp(BUILD))  # it says that it is whole, and is not
        if not ready(BUILD):
            prepare(BUILD)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        stop(f"无法建立.venv：{error}", f".venv cannot be made: {error}")
    os.environ[ENTERED] = second if entered == first else first
    os.execv(PYTHON, [PYTHON, os.path.abspath(__file__), *sys.argv[1:]])


VERBS: "dict[str, tuple[Callable[..., None], dict[str, str]]]" = {}

if TYPE_CHECKING or __name__ != "__main__":
    from invoke import Context, task

    # Invoke turns byte code off, and then every start would compile the package anew.
    sys.dont_write_bytecode = bool(sys.flags.dont_write_bytecode)
else:
    enter()

    def task(name="", help=()):
        """Stand in for invoke's decorator, which takes longer to import than the rest to start."""
        return lambda verb: VERBS.setdefault(name or verb.__name__, (verb, dict(help)))[0]


def leave(code: int) -> None:
    """End with the package's exit code; after 0 `inv` goes on to the next verb of its line."""
    if code:
        sys.exit(code)


def run(*command: str) -> int:
    """A Python module's exit code, run in the project's folder: `run("pytest", "-q")`."""
    import subprocess

    if not ready(TEST):
        prepare(TEST)
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT).returncode


def folder_in_memory() -> str:
    """A new folder for the tests' passing files where memory holds them; "" where there is no such place.

    For minutes ext4 looks past every inode that became free: files made and deleted by the hundred
    thousand cost up to twenty times as much each, and the suite took twice as long.
    """
    import shutil
    import tempfile

    shared = "/dev/shm"
    if "TMPDIR" in os.environ or not os.access(shared, os.W_OK):
        return ""
    if shutil.disk_usage(shared).free < 4 * 2**30:
        return ""
    return tempfile.mkdtemp(prefix="pressroom-", dir=shared)


def rest(context: "Context") -> "list[str]":
    """What the command line holds for pytest or for the benchmarks."""
    import shlex

    return shlex.split(context.remainder)


@task(
    help={
        "output": "folder to build into (output)",
        "at": "build the site as of this instant, e.g. 2017-05-31T14:59:59+08:00 (now)",
        "explain": "say why the page at this path was or was not written",
        "profile": "say where the time went",
        "jobs": "processes to work in (as many as there are cores)",
        "no-search": "leave the search index out",
        "no-proofread": "leave proofreading out, where `check` runs beside",
    }
)
def build(
    context: "Context",
    output: str = "output",
    at: str = "",
    explain: str = "",
    profile: bool = False,
    jobs: int = 0,
    no_search: bool = False,
    no_proofread: bool = False,
) -> None:
    """Proofread, then build the public site."""
    from pressroom import cli

    leave(
        cli.build(
            output=output,
            at=at,
            explain=explain,
            profile=profile,
            jobs=jobs,
            search=not no_search,
            proofread=not no_proofread,
        )
    )


@task(help={"port": "port on 127.0.0.1 (8000)"})
def serve(context: "Context", port: int = 8000) -> None:
    """Show the site with drafts and held items, and reload it on saving."""
    from pressroom import cli

    leave(cli.serve(port=port))


@task(
    help={
        "format": "text, json or github",
        "fix": "apply the safe mends and show them",
        "in-step": "record that a person compared both languages of this item",
        "lang": "zh or en: the language of the messages (the terminal's)",
    }
)
def check(
    context: "Context", format: str = "text", fix: bool = False, in_step: str = "", lang: str = ""
) -> None:
    """Proofread only, and list every problem."""
    from pressroom import cli

    leave(cli.check(format=format, fix=fix, in_step=in_step, lang=lang))


@task(help={"kind": "release, event or programme", "slug": "the folder's name, for ever"})
def new(context: "Context", kind: str, slug: str) -> None:
    """Make a folder with both language files, ready to fill."""
    from pressroom import cli

    leave(cli.new(kind=kind, slug=slug))


@task(name="import", help={"file": "a .docx, .txt or .md file", "as": "slug of the folder to make"})
def import_(context: "Context", file: str, as_: str = "") -> None:
    """Turn a Word, text or Markdown file of a release into a folder of content."""
    from pressroom import cli

    leave(cli.import_file(file=file, as_slug=as_))


@task(
    help={
        "channel": "wechat, email or text",
        "release": "e.g. 2017/child-welfare-week",
        "lang": "zh or en (both)",
    }
)
def export(context: "Context", channel: str, release: str, lang: str = "") -> None:
    """Write a release for another channel."""
    from pressroom import cli

    leave(cli.export(channel=channel, release=release, lang=lang))


@task(
    help={
        "target": "a folder, user@host:path or s3://bucket/prefix",
        "rollback": "go back to the version before",
    }
)
def publish(context: "Context", target: str, rollback: bool = False) -> None:
    """Build, verify and put the site live, all or nothing."""
    from pressroom import cli

    leave(cli.publish(target=target, rollback=rollback))


@task(name="next")
def next_change(context: "Context") -> None:
    """Print the next instant at which the public site changes by itself."""
    from pressroom import cli

    leave(cli.next_change())


@task()
def messages(context: "Context") -> None:
    """Bring the interface's catalogues up to date with the templates."""
    from pressroom import cli

    leave(cli.messages())


@task(help={"fast": "without the slow tests and the browser's"})
def test(context: "Context", fast: bool = False) -> None:
    """Run the whole test suite; further arguments go to pytest."""
    chosen = ["-m", "not slow and not browser"] if fast else []
    made = folder_in_memory()
    if made:
        os.environ["TMPDIR"] = made
    try:
        code = run("pytest", "-n", "auto", "--dist", "worksteal", *chosen, *rest(context))
    finally:
        if made:
            import shutil

            shutil.rmtree(made, ignore_errors=True)
    leave(min(code, 2))


@task()
def bench(context: "Context") -> None:
    """Run the benchmarks; further arguments go to them."""
    leave(min(run("bench", *rest(context)), 2))


class Line:
    """Stands in for invoke's Context; `remainder` is what the verb passes on."""

    def __init__(self, remainder: str) -> None:
        self.remainder = remainder


def main(argv: "list[str]") -> None:
    """Do what the command line says; as for invoke, a parameter with a default is a flag."""
    import gc
    import shlex
    from argparse import ArgumentParser

    parser = ArgumentParser(prog="python3 tasks.py", allow_abbrev=False)
    lines = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, (verb, help) in VERBS.items():
        doc = verb.__doc__
        line = lines.add_parser(name, help=doc, description=doc, allow_abbrev=False)
        keys = verb.__code__.co_varnames[1 : verb.__code__.co_argcount]
        defaults = getattr(verb, "__defaults__", None) or ()
        arguments = len(keys) - len(defaults)
        for key in keys[:arguments]:
            line.add_argument(key, help=help[key])
        for key, default in zip(keys[arguments:], defaults, strict=True):
            flag = key.strip("_").replace("_", "-")
            kind: dict[str, Any] = {"type": type(default), "metavar": flag.upper()}
            if default is False:
                kind = {"action": "store_true"}
            line.add_argument("--" + flag, dest=key, default=default, help=help[flag], **kind)
    values, further = parser.parse_known_args(argv)
    given = vars(values)
    name = given.pop("verb")
    if further and name not in ("test", "bench"):
        parser.error("unrecognized arguments: " + " ".join(further))
    verb, _ = VERBS[name]
    # What is imported and what a build makes lives to its end: looking for what died among it would take
    # a fifth of the time. `serve`, which stays, looks again.
    gc.disable()
    try:
        verb(Line(shlex.join(further)), **given)
    except KeyboardInterrupt:
        sys.exit(130)
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] in ("pressroom", "bench"):
            raise
        stop(
            f"缺少软件包{error.name}：.venv不完整，请删除这个文件夹后重试。",
            f"No module {error.name}: .venv is not whole; delete that folder and try again.",
        )


if __name__ == "__main__":
    main(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        os._exit(1)  # nobody reads any more
    # Taking the records of a large archive apart, one by one, would take a third of a second.
    os._exit(0)
