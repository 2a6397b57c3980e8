"""What stands in deploy/ for copying: files that can be read, verbs that exist, a timer that misses no hour."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tests.building import PROJECT

DEPLOY = PROJECT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_verb_exists_and_every_file_is_in_the_manuals(path: Path) -> None:
    tasks = (PROJECT / "tasks.py").read_text("utf-8")
    text = path.read_text("utf-8")
    for verb in re.findall(r"^[^#\n]*python3 tasks\.py (\w+)", text, re.MULTILINE):
        assert re.search(rf'^def {verb}\(|@task\(name="{verb}"', tasks, re.MULTILINE), verb
    for suffix in ("", ".zh"):
        manuals = [
            (PROJECT / f"docs/{name}{suffix}.md").read_text("utf-8")
            for name in ("publishing", "timing")
        ]
        assert any(path.relative_to(PROJECT).as_posix() in manual for manual in manuals)


def test_the_workflow_publishes_on_time_and_keeps_the_ledger(tmp_path: Path) -> None:
    workflow = yaml.safe_load((DEPLOY / "ci/publish.yml").read_text("utf-8"))
    triggers = workflow[True]  # YAML 1.1 takes the key `on` for a truth value
    assert triggers["schedule"] == [{"cron": "*/5 * * * *"}]
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["permissions"] == {"contents": "write"}
    steps = workflow["jobs"]["publish"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    for script in scripts:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
    publish, ledger = scripts
    assert 'python3 tasks.py publish "$TARGET"' in publish
    assert "git add ledger.txt ledger-words.txt" in ledger
    # A secret stands in the environment, never in the text of a command.
    assert not any("secrets." in script for script in scripts)


STAND_INS = {
    # The stand-in's own clock: `next` names an hour that comes while the first publication runs, then one far off.
    "tasks.py": """
import os, sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
log = Path("log")
runs = log.read_text().count("publish") if log.exists() else 0
if sys.argv[1] == "publish":
    log.open("a").write("publish\\n")
    if Path("broken").exists():
        sys.exit(1)
    time.sleep(1.2 if runs == 0 else 0)
else:
    since = datetime.fromisoformat(os.environ["PRESSROOM_NOW"])
    log.open("a").write(f"next since {since.isoformat()}\\n")
    if not Path("nothing").exists():
        later = timedelta(seconds=1) if runs == 1 else timedelta(days=400)
        print((since + later).isoformat())
""",
    "bin/systemctl": '#!/bin/sh\necho "systemctl $*" >>log\nexit 5\n',
    "bin/systemd-run": '#!/bin/sh\necho "systemd-run $*" >>log\n',
}


def at_the_hour(project: Path, script: str = "publish-at-the-hour.sh") -> tuple[int, list[str]]:
    """Run a script in a project of stand-ins: its exit code, and what has been done so far."""
    for name, text in STAND_INS.items():
        path = project / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    path = f"{project / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        [DEPLOY / "timer" / script, project, "/srv/www"],
        env={**os.environ, "PATH": path},
        check=False,
    )
    return done.returncode, (project / "log").read_text().splitlines()


def test_an_hour_that_comes_while_publishing_is_not_missed(tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    code, log = at_the_hour(tmp_path)
    assert code == 0
    asked = [
        datetime.fromisoformat(line.rpartition(" ")[2]) for line in log if line.startswith("next")
    ]
    assert [line.partition(" ")[0] for line in log] == [
        *("publish", "next", "publish", "next"),
        *("systemctl", "systemd-run"),
    ]
    # Asked as of the moment before publishing, not after it.
    assert before <= asked[0] < asked[1]
    assert log[-2] == "systemctl --user stop newsroom.timer"
    assert "--unit=newsroom.service" in log[-1], "the unit itself runs again, not a copy of it"
    wanted = asked[1].replace(tzinfo=UTC).timestamp() + 400 * 86400
    said = re.search(r"--on-calendar=(\S+ \S+) UTC$", log[-1])
    assert said
    assert datetime.fromisoformat(f"{said[1]}+00:00").timestamp() == wanted


def test_where_nothing_will_happen_no_timer_is_left(tmp_path: Path) -> None:
    (tmp_path / "nothing").touch()
    code, log = at_the_hour(tmp_path)
    assert (code, [line.partition(" ")[0] for line in log]) == (0, ["publish", "next", "systemctl"])


def test_a_failed_publication_fails_the_unit_which_tries_again(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    code, log = at_the_hour(tmp_path)
    assert (code, log) == (1, ["publish"])
    unit = (DEPLOY / "timer/newsroom.service").read_text("utf-8")
    assert "\nRestart=on-failure\nRestartSec=1min\n" in unit


def test_cron_does_nothing_while_nothing_is_due(tmp_path: Path) -> None:
    for name in ("theme/t", "content/releases/2024/item/zh.md", "publishconf.py", "pelicanconf.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    text = tmp_path / "content/releases/2024/item/zh.md"

    def minute() -> list[str]:
        """What one run of the script did; the log is its own for each."""
        before = (tmp_path / "log").read_text().splitlines() if (tmp_path / "log").exists() else []
        _, log = at_the_hour(tmp_path, "publish-when-due.sh")
        return [line.partition(" ")[0] for line in log[len(before) :]]

    # The hour that comes while the first publication is under way is met by the next run.
    assert [minute(), minute(), minute()] == [["publish", "next"], ["publish", "next"], []]
    text.write_text("edited")
    assert [minute(), minute()] == [["publish", "next"], []]
    (tmp_path / "broken").touch()
    text.unlink()
    assert [minute(), minute()] == [["publish"], ["publish"]]
    (tmp_path / "broken").unlink()
    (tmp_path / "nothing").touch()
    assert [minute(), minute()] == [["publish", "next"], []]


def test_the_line_for_cron_names_the_script() -> None:
    (line,) = (
        line
        for line in (DEPLOY / "timer/crontab").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
    minute, *others, command = line.split(" ", 5)
    assert [minute, *others] == ["*"] * 5
    script, project, target, *log = command.split()
    assert script == f"{project}/deploy/timer/publish-when-due.sh"
    assert (PROJECT / Path(script).relative_to(project)).stat().st_mode & 0o111
    assert target.startswith("/")
    assert log == ['>>"$HOME/newsroom.log"', "2>&1"]
