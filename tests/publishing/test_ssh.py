"""The ssh target against a real sshd on loopback: versions, the lock, and a connection that is lost."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pressroom.problems import PressroomError, UsageError
from pressroom.publishing import hold, put_live, rollback
from tests import outside
from tests.publishing.support import (
    ROOT,
    contents,
    free_port,
    make_tree,
    running,
    style_sheet,
    wait_for,
    without_carried,
)

pytestmark = [pytest.mark.slow, pytest.mark.needs("sshd", "ssh", "rsync")]


class OtherMachine(msgspec.Struct):
    """Where the tests publish: `host` stands in the ssh configuration, `folder` is on the other side."""

    host: str
    folder: Path
    config: Path
    process: subprocess.Popen[bytes]

    @property
    def target(self) -> str:
        return f"{self.host}:{self.folder}/www/live"

    @property
    def live(self) -> Path:
        return self.folder / "www" / "live"

    def connections(self) -> list[int]:
        """The processes of sshd that serve a connection."""
        found = subprocess.run(
            ["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
        ).stdout.split("\n")
        children: dict[int, list[int]] = {}
        for line in filter(None, found):
            pid, parent = map(int, line.split())
            children.setdefault(parent, []).append(pid)
        return children.get(self.process.pid, [])

    def cut(self) -> None:
        """Lose every connection, as when a cable is pulled and the other side notices."""
        for pid in self.connections():
            _kill_tree(pid)


def _kill_tree(pid: int) -> None:
    below = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    # sshd's own processes die; what they started (bash, rsync) has to notice by itself.
    for child in map(int, below.stdout.split()):
        name = Path(f"/proc/{child}/comm")
        if name.exists() and name.read_text().startswith("sshd"):
            _kill_tree(child)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherMachine]:
    """A real sshd with a throwaway key, on loopback."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / name)], check=True
        )
    (keys / "authorized").write_bytes((keys / "user.pub").read_bytes())
    port = free_port()
    (keys / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {keys}/host\nAuthorizedKeysFile {keys}/authorized\n"
        f"PidFile {keys}/sshd.pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        "PermitRootLogin prohibit-password\nMaxStartups 50\n"
    )
    config = keys / "ssh_config"
    config.write_text(
        f"Host newsroom-test\n  HostName 127.0.0.1\n  Port {port}\n  IdentityFile {keys}/user\n"
        f"  IdentitiesOnly yes\n  UserKnownHostsFile {keys}/known\n  StrictHostKeyChecking accept-new\n"
        "  LogLevel ERROR\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(
            mode=0o755, exist_ok=True
        )  # sshd's empty folder for its unprivileged half
    monkeypatch.setenv("PRESSROOM_SSH", shlex.join(["ssh", "-F", str(config)]))
    command = (outside.path("sshd"), "-D", "-e", "-f", str(keys / "sshd_config"))
    (tmp_path / "other").mkdir()
    with running(*command, port=port, log=tmp_path / "sshd.log") as process:
        yield OtherMachine("newsroom-test", tmp_path / "other", config, process)


def publish(machine: OtherMachine, tree: Path, patience: float = 60) -> str:
    return put_live(tree, machine.target, state=tree.parent / "state", patience=patience).version


def test_versions_and_rollback(machine: OtherMachine, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "one")
    first = put_live(tree, machine.target, state=tmp_path / "state")
    assert (len(first.sent), first.kept, first.before) == (96, 0, "")
    assert contents(machine.live) == contents(tree)
    assert machine.live.is_symlink()

    again = put_live(tree, machine.target, state=tmp_path / "state")
    assert (again.switched, again.version) == (False, first.version)

    make_tree(tree, "two", own=2)
    second = put_live(tree, machine.target, state=tmp_path / "state")
    assert second.before == first.version
    assert len(second.sent) == 60 + 2 + 1
    assert second.kept == 30
    assert {path for path in second.removed if "own" in path} == {
        f"en/own/one-{n}/index.html" for n in range(5)
    }
    found = contents(machine.live)
    assert without_carried(found, "two") == contents(tree)
    assert style_sheet("one") in found, "an older page still needs its style sheet"

    # What did not change is the same file, although it was built again: its ETag stays.
    same = "en/releases/2016/same-3/index.html"
    versions = machine.folder / "www" / ".live.versions"
    assert (versions / first.version / same).samefile(versions / second.version / same)

    back = rollback(machine.target)
    assert (back.version, back.before) == (first.version, second.version)
    make_tree(tree, "one")
    assert contents(machine.live) == contents(tree)
    with pytest.raises(PressroomError, match="No earlier version"):
        rollback(machine.target)


def test_five_versions_are_kept_and_the_dropped_one_is_used_again(
    machine: OtherMachine, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    names = []
    for number in range(8):
        make_tree(tree, f"v{number}", pages=10, same=5)
        names.append(publish(machine, tree))
        assert without_carried(contents(machine.live), f"v{number}") == contents(tree)
    versions = machine.folder / "www" / ".live.versions"
    assert sorted(each.name for each in versions.iterdir() if each.is_dir()) == sorted(
        [*names[-5:], "spare"]
    )
    assert (versions / "history").read_text().split() == names[-5:]
    # An older version that is kept has not changed since.
    make_tree(tree, "v5", pages=10, same=5)
    assert without_carried(contents(versions / names[5]), "v5") == contents(tree)


def test_a_folder_publisher_and_an_ssh_publisher_understand_each_other(
    machine: OtherMachine, tmp_path: Path
) -> None:
    tree = make_tree(tmp_path / "tree", "one", pages=5)
    publish(machine, tree)
    make_tree(tree, "two", pages=5)
    receipt = put_live(tree, str(machine.live), state=tmp_path / "state")
    assert without_carried(contents(machine.live), "two") == contents(tree)
    make_tree(tree, "three", pages=5)
    assert put_live(tree, machine.target, state=tmp_path / "state").before == receipt.version
    assert without_carried(contents(machine.live), "three") == contents(tree)
    assert rollback(str(machine.live)).version == receipt.version


@pytest.mark.parametrize("moment", ["before files arrive", "while files arrive"])
def test_connection_lost(machine: OtherMachine, tmp_path: Path, moment: str) -> None:
    old, new = make_tree(tmp_path / "old", "old"), make_tree(tmp_path / "new", "new")
    (new / "zh/large.bin").write_bytes(os.urandom(40_000_000))
    publish(machine, old)
    versions = machine.folder / "www" / ".live.versions"
    over = threading.Event()

    def lose() -> None:
        while not over.is_set():
            parts = list(versions.glob("*.part"))
            if parts and (moment == "before files arrive" or any(parts[0].rglob("*large.bin*"))):
                machine.cut()
                return
            time.sleep(0.002)

    cutter = threading.Thread(target=lose)
    cutter.start()
    try:
        with pytest.raises(PressroomError) as caught:
            publish(machine, new)
    finally:
        over.set()
        cutter.join()
    assert "The live site is as before." in caught.value.words.en
    assert "线上的网站没有改变" in caught.value.words.zh
    assert without_carried(contents(machine.live), "old") == contents(old)
    # The lock died with the connection, and the next publication completes the work.
    publish(machine, new, patience=20)
    assert without_carried(contents(machine.live), "new") == contents(new)
    assert not list(versions.glob("*.part"))


def test_publisher_killed(machine: OtherMachine, tmp_path: Path) -> None:
    old, new = make_tree(tmp_path / "old", "old"), make_tree(tmp_path / "new", "new")
    (new / "zh/large.bin").write_bytes(os.urandom(40_000_000))
    publish(machine, old)
    program = (
        "import sys; from pathlib import Path; from pressroom.publishing import put_live\n"
        "put_live(Path(sys.argv[1]), sys.argv[2], state=Path(sys.argv[3]))"
    )
    publisher = subprocess.Popen(
        [sys.executable, "-c", program, str(new), machine.target, str(tmp_path / "state")], cwd=ROOT
    )
    versions = machine.folder / "www" / ".live.versions"
    wait_for(lambda: list(versions.glob("*.part")), "the version in the making")
    publisher.kill()
    publisher.wait()
    assert without_carried(contents(machine.live), "old") == contents(old)
    publish(machine, new, patience=20)
    assert without_carried(contents(machine.live), "new") == contents(new)


def test_the_lock_on_the_other_side(machine: OtherMachine, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "one", pages=3)
    publish(machine, tree)
    make_tree(tree, "two", pages=3)
    with (
        hold(machine.folder / "www" / ".live.lock"),
        pytest.raises(PressroomError, match="taken by another publication") as caught,
    ):
        publish(machine, tree, patience=0)
    assert f"pid {os.getpid()} on " in str(caught.value)
    publish(machine, tree)


def test_pairs_over_ssh(machine: OtherMachine, tmp_path: Path) -> None:
    trees = {
        label: make_tree(tmp_path / label / "tree", label, pages=20) for label in ("left", "right")
    }
    for _ in range(4):
        threads = [
            threading.Thread(target=publish, args=(machine, tree)) for tree in trees.values()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = contents(machine.live)
        assert (
            sum(without_carried(found, label) == contents(tree) for label, tree in trees.items())
            == 1
        )


def test_refusals(machine: OtherMachine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = make_tree(tmp_path / "tree", "one", pages=3)
    # A folder that somebody else filled is left alone.
    stranger = machine.folder / "stranger"
    stranger.mkdir()
    (stranger / "thesis.txt").write_text("mine")
    with pytest.raises(UsageError, match="was not made by publishing"):
        put_live(tree, f"{machine.host}:{stranger}", state=tmp_path / "state")
    assert (stranger / "thesis.txt").read_text() == "mine"
    # Nobody there, or a key that is not known.
    with pytest.raises(PressroomError, match="connection was lost or refused"):
        put_live(tree, "nobody@newsroom-test.invalid:www", state=tmp_path / "state")
    # An ssh that is not installed.
    monkeypatch.setenv("PRESSROOM_SSH", "no-such-ssh")
    with pytest.raises(UsageError, match="no-such-ssh is missing"):
        publish(machine, tree)


def test_an_empty_folder_and_a_name_with_spaces(machine: OtherMachine, tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree", "one", pages=3)
    folder = machine.folder / "my 新闻 site"
    folder.mkdir()
    put_live(tree, f"{machine.host}:{folder}", state=tmp_path / "state")
    assert contents(folder) == contents(tree)
