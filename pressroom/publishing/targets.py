"""Where a site can be put live: a folder, a folder on another machine, a prefix in an S3 bucket."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from pressroom.problems import UsageError


class FolderTarget(msgspec.Struct, frozen=True):
    """A folder on this machine; `path` is the link that the web server reads through."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


class SshTarget(msgspec.Struct, frozen=True):
    """A folder on another machine; `login` is `user@host` or a host of ssh's configuration."""

    login: str
    path: str

    def __str__(self) -> str:
        return f"{self.login}:{self.path}"


class S3Target(msgspec.Struct, frozen=True):
    """A prefix in a bucket; `prefix` is empty or ends with a slash."""

    bucket: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


Target = FolderTarget | SshTarget | S3Target

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_LOGIN = re.compile(
    r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])"
)
# What stands before the first colon of an ssh target has no slash: ./a:b is a folder.
_SSH = re.compile(r"([^/:\[]*(?:\[[^\]/]*\])?):(.*)", re.DOTALL)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")

_FORMS_ZH = "可以写文件夹（/srv/www/newsroom）、user@host:path，或s3://bucket/prefix。"
_FORMS_EN = "Write a folder (/srv/www/newsroom), user@host:path or s3://bucket/prefix."


def _refuse(text: str, zh: str, en: str) -> UsageError:
    return UsageError(
        f"发布目标“{text}”无法使用：{zh}。{_FORMS_ZH}",
        f"The target {text!r} cannot be used: {en}. {_FORMS_EN}",
    )


def parse_target(text: str) -> Target:
    """Read what stands after `publish`; anything doubtful is a UsageError, never a guess."""
    if not text.strip():
        raise _refuse(text, "没有写目标", "it is empty")
    if text != text.strip() or not text.isprintable():
        raise _refuse(
            text, "含有首尾空格或控制字符", "it has spaces at its ends or control characters"
        )
    scheme = _SCHEME.match(text)
    if scheme:
        if scheme[1] != "s3":
            raise _refuse(text, f"不认识{scheme[1]}://", f"{scheme[1]}:// is not known")
        return _s3(text)
    other_side = _SSH.fullmatch(text)
    return _ssh(text, other_side[1], other_side[2]) if other_side else _folder(text)


def _s3(text: str) -> S3Target:
    bucket, _, prefix = text.removeprefix("s3://").partition("/")
    if not _BUCKET.fullmatch(bucket) or ".." in bucket:
        raise _refuse(text, f"“{bucket}”不是存储桶名称", f"{bucket!r} is not a bucket's name")
    prefix = prefix.rstrip("/")
    if any(part in ("", ".", "..") for part in prefix.split("/")) and prefix:
        raise _refuse(
            text, "前缀中有空的或由点组成的一段", "its prefix has an empty or a dotted part"
        )
    if re.search(r"[*?\[\]\\]", prefix):
        raise _refuse(text, "前缀中有通配符", "its prefix has a wildcard")
    return S3Target(bucket, prefix + "/" if prefix else "")


def _ssh(text: str, login: str, path: str) -> SshTarget:
    # A leading hyphen would be an option to ssh; the pattern admits none.
    if not _LOGIN.fullmatch(login):
        raise _refuse(text, f"“{login}”不是user@host", f"{login!r} is not user@host")
    path = path.rstrip("/")
    if not path or path.startswith(("~", "-", "\\")) or path.rpartition("/")[2] in (".", ".."):
        raise _refuse(
            text,
            "冒号后要写文件夹，如/srv/www/newsroom，或相对于主目录的www/newsroom",
            "after the colon stands a folder, like /srv/www/newsroom, or www/newsroom in the home folder",
        )
    return SshTarget(login, path)


def _folder(text: str) -> FolderTarget:
    if text.startswith("-"):
        raise _refuse(text, "以连字符开头", "it begins with a hyphen")
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError:
        raise _refuse(
            text, "没有这个用户的主目录", "there is no home folder of that user"
        ) from None
    if ".." in path.parts:
        path = (
            Path(*path.parent.resolve().parts, path.name) if path.name != ".." else path.resolve()
        )
    if not path.name:
        raise _refuse(text, "不能是根目录", "it cannot be the root folder")
    return FolderTarget(path)
