"""Targets: what can be published to, and what is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressroom.problems import UsageError
from pressroom.publishing import FolderTarget, S3Target, SshTarget, parse_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("/srv/www/newsroom", FolderTarget(Path("/srv/www/newsroom"))),
        ("/srv/www/newsroom/", FolderTarget(Path("/srv/www/newsroom"))),
        ("live", FolderTarget(Path.cwd() / "live")),
        ("./a:b", FolderTarget(Path.cwd() / "a:b")),
        ("/srv/新闻 网站", FolderTarget(Path("/srv/新闻 网站"))),
        (
            "press@web.newsroom.example:/srv/www/newsroom",
            SshTarget("press@web.newsroom.example", "/srv/www/newsroom"),
        ),
        ("web:www/newsroom/", SshTarget("web", "www/newsroom")),
        ("press@[2001:db8::1]:/srv/www", SshTarget("press@[2001:db8::1]", "/srv/www")),
        ("s3://newsroom", S3Target("newsroom", "")),
        ("s3://newsroom/", S3Target("newsroom", "")),
        ("s3://newsroom/press/site/", S3Target("newsroom", "press/site/")),
    ],
)
def test_what_is_understood(text: str, target: object) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text",
    [
        "", " ", " /srv/www", "/srv/www\n", "/", "-rf", "/srv/../..",
        "s3://", "s3:///x", "s3://Newsroom/x", "s3://a", "s3://newsroom/../x", "s3://newsroom//x",
        "s3://newsroom/x*", "s3://new..room", "http://newsroom.example/", "ftp://x/y", "rsync://x/y",
        "user@host:", "user@host:/", "user@host:~", "user@host:~/www", "user@host:-x", "@host:x",
        "-oProxyCommand=x:y", "us er@host:x", "user@-host:x", "user@host:..", "user@host:a/..",
        "a@b@c:x", ":x", "~0", "~nobody-of-this-name/www",
    ],
)  # fmt: skip
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_target(text)
    assert caught.value.exit_code == 2
    assert "s3://bucket/prefix" in caught.value.words.zh
    assert "user@host:path" in caught.value.words.en


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_text_is_half_understood(text: str) -> None:
    try:
        target = parse_target(text)
    except UsageError:
        return
    # What was understood is said in a way that is understood the same again.
    assert parse_target(str(target)) == target
    if isinstance(target, SshTarget):
        assert not target.login.startswith("-")
