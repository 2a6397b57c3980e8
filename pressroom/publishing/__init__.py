"""A built tree, put live all at once: the last step, which knows nothing of what the tree says.

put_live(tree, target, state=…)   a folder, user@host:path or s3://bucket/prefix
rollback(target)                  back to the version before, in a moment
precompress(tree, cache)          .br and .gz beside the text files
redirect_maps(redirects, gone)    the files that make web servers answer 301 and 410
hold(path)                        one process at a time
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pressroom.problems import UsageError
from pressroom.publishing import folder, s3, ssh
from pressroom.publishing.compression import precompress
from pressroom.publishing.faults import saying
from pressroom.publishing.lock import PATIENCE, hold
from pressroom.publishing.receipt import Receipt
from pressroom.publishing.targets import FolderTarget, S3Target, SshTarget, parse_target
from pressroom.publishing.tree import read_tree
from pressroom.redirects import Redirect, redirect_maps

__all__ = [
    "FolderTarget",
    "Receipt",
    "Redirect",
    "S3Target",
    "SshTarget",
    "hold",
    "parse_target",
    "precompress",
    "put_live",
    "redirect_maps",
    "rollback",
]


def put_live(
    tree: Path,
    target: str,
    *,
    state: Path,
    found: Mapping[str, os.stat_result] | None = None,
    now: datetime | None = None,
    patience: float = PATIENCE,
    grace: timedelta = s3.GRACE,
) -> Receipt:
    """Put the built `tree` live at `target`, whole or not at all, and say what changed.

    `state` is a local folder in which hashes of the tree's files are remembered; it may be empty.
    `found` is what a walk found in the tree just now, if there was one.
    `now` names the version (default: the clock). `patience` is how many seconds to wait for another
    publisher. `grace` is how long an S3 bucket keeps style sheets that are no longer used.

    Raises UsageError for a target that cannot be used and PressroomError for whatever fails on the
    way; a folder or another machine then serves what it served before, and a bucket is completed by
    the next publication.
    """
    goal = parse_target(target)
    moment = now or datetime.now(UTC)
    with saying(f"读取{tree}", f"reading {tree}"):
        files = read_tree(tree, state, found)
    if not files:
        raise UsageError(
            f"{tree}是空的，没有可发布的内容。请先生成网站。",
            f"{tree} is empty: there is nothing to publish. Build the site first.",
        )
    if isinstance(goal, FolderTarget):
        return folder.put_live(tree, files, goal, now=moment, patience=patience)
    if isinstance(goal, SshTarget):
        return ssh.put_live(tree, files, goal, now=moment, patience=patience)
    return s3.put_live(tree, files, goal, now=moment, patience=patience, grace=grace)


def rollback(target: str, *, patience: float = PATIENCE) -> Receipt:
    """Go back to the version that was live before; PressroomError where none is kept."""
    goal = parse_target(target)
    if isinstance(goal, FolderTarget):
        return folder.rollback(goal, patience=patience)
    if isinstance(goal, SshTarget):
        return ssh.rollback(goal, patience=patience)
    raise s3.no_rollback(goal)
