"""What went wrong on a disk or in a program we call, said for people."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from pressroom.problems import PressroomError

UNCHANGED_ZH = "线上的网站没有改变。"
UNCHANGED_EN = "The live site is as before."

# Each: what it means and how to mend it, zh and en. Numbers: errno(3).
_MEANINGS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: (
        "磁盘已满。请腾出空间后再发布一次",
        "the disk is full; make room and publish again",
    ),
    errno.EDQUOT: (
        "已用完磁盘配额。请腾出空间后再发布一次",
        "the disk quota is used up; make room and publish again",
    ),
    errno.EACCES: (
        "没有权限。请给当前用户该文件夹的写入权限",
        "permission denied; give this user the right to write there",
    ),
    errno.EPERM: (
        "没有权限。请给当前用户该文件夹的写入权限",
        "permission denied; give this user the right to write there",
    ),
    errno.EROFS: ("文件系统是只读的", "the file system is read-only"),
    errno.ENOENT: ("文件或文件夹不存在", "there is no such file or folder"),
    errno.ENOTDIR: ("路径中有一段不是文件夹", "a part of the path is not a folder"),
}


def explained(error: OSError, doing_zh: str, doing_en: str) -> PressroomError:
    """The error as a sentence: what was being done, where it failed, and that nothing changed."""
    zh, en = _MEANINGS.get(error.errno or 0, (error.strerror or str(error),) * 2)
    where = str(error.filename2 or error.filename or "")
    return PressroomError(
        f"{doing_zh}时出错：{zh}{f'（{where}）' if where else ''}。{UNCHANGED_ZH}",
        f"{doing_en} failed: {en}{f' ({where})' if where else ''}. {UNCHANGED_EN}",
    )


@contextmanager
def saying(doing_zh: str, doing_en: str) -> Iterator[None]:
    """Turn any OSError inside into a PressroomError that says what was being done."""
    try:
        yield
    except OSError as error:
        raise explained(error, doing_zh, doing_en) from error
