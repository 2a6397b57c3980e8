"""A prefix in an S3 bucket: what pages use, then pages, then what lists them; deletions come last.

A bucket has no rename, so nothing here is one step; the order makes every moment on the way whole:
no page appears before its pictures and style sheets, no list before the pages it names, and nothing
goes while something links to it. `.pressroom/manifest.json` says what was sent, with which headers,
and what the store answered (its ETag). An object is sent unless the manifest and the store's own
listing agree on it, so an interrupted run is completed by the next, and a lost manifest or an
object changed by hand is healed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from pressroom.problems import PressroomError
from pressroom.publishing import tickets
from pressroom.publishing.folder import version_name
from pressroom.publishing.lock import PATIENCE
from pressroom.publishing.media import asset, companion, keeping, machinery, media_type, wave
from pressroom.publishing.receipt import Receipt
from pressroom.publishing.store import Object, Put, Store
from pressroom.publishing.targets import S3Target
from pressroom.publishing.tree import File

MANIFEST = ".pressroom/manifest.json"

# How long the theme's old style sheets, scripts and fonts stay for whoever has an old page open.
GRACE = timedelta(hours=24)

# Objects sent between two notes in the manifest: what an interrupted run need not send again.
_BATCH = 1000


class _Sent(msgspec.Struct, frozen=True, array_like=True):
    digest: str
    headers: str
    etag: str


class _Manifest(msgspec.Struct):
    """What the bucket holds: `version` is empty while a publication is under way."""

    version: str = ""
    objects: dict[str, _Sent] = {}
    deletions: dict[str, datetime] = {}


def put_live(
    tree: Path,
    files: Mapping[str, File],
    target: S3Target,
    *,
    now: datetime,
    patience: float = PATIENCE,
    grace: timedelta = GRACE,
) -> Receipt:
    """Make the bucket's prefix hold `tree`; an interrupted call is completed by the next one.

    Compressed companions stay at home, because a bucket does not choose between encodings (the CDN
    before it compresses), and so does `.server/`.
    """
    wanted = {path: files[path] for path in files if not companion(path) and not machinery(path)}
    store = Store(target)
    with tickets.hold(store, target, patience=patience) as prove:
        manifest = _read(store)
        present = {key: entry for key, entry in store.list().items() if not _ours(key)}
        before, name = manifest.version, version_name(files, now)
        changed = [
            path for path, file in wanted.items() if not _stands(path, file, manifest, present)
        ]
        due, later = _deletions(wanted, present, manifest, now, grace)
        if not changed and not due and later == manifest.deletions and before:
            return Receipt(str(target), before, before, kept=len(wanted), switched=False)
        for batch in _batches(changed):
            prove()
            _send(store, tree, batch, wanted, manifest)
        if due:
            prove()
            store.remove(due)
        seen = store.list()
        _prove_arrival(wanted, changed, manifest, seen, target)
        manifest.objects = {
            path: _Sent(file.digest, _headers(path), seen[path].etag)
            for path, file in wanted.items()
        }
        manifest.deletions, manifest.version = later, name
        prove()
        store.write(MANIFEST, msgspec.json.encode(manifest))
    return Receipt(
        str(target), name, before, tuple(sorted(changed)), len(wanted) - len(changed), tuple(due)
    )


def no_rollback(target: S3Target) -> PressroomError:
    """The words for a rollback of a bucket: it keeps no versions."""
    return PressroomError(
        f"{target}不保存旧版本，不能回退。请恢复到原来的内容，再发布一次。",
        f"{target} keeps no versions and cannot be rolled back; restore the earlier content and publish again.",
    )


def _ours(key: str) -> bool:
    return key.startswith(".pressroom/")


def _read(store: Store) -> _Manifest:
    try:
        return msgspec.json.decode(store.read(MANIFEST) or b"{}", type=_Manifest)
    except msgspec.MsgspecError:
        return _Manifest()  # unreadable is the same as lost: everything is sent again


def _headers(path: str) -> str:
    return f"{media_type(path)}\n{keeping(path)}"


def _stands(path: str, file: File, manifest: _Manifest, present: Mapping[str, Object]) -> bool:
    """Whether the bucket holds this very file with these very headers."""
    sent, entry = manifest.objects.get(path), present.get(path)
    return (
        sent is not None
        and entry is not None
        and (sent.digest, sent.headers) == (file.digest, _headers(path))
        and (sent.etag, file.size) == (entry.etag, entry.size)
    )


def _deletions(
    wanted: Mapping[str, File],
    present: Mapping[str, Object],
    manifest: _Manifest,
    now: datetime,
    grace: timedelta,
) -> tuple[list[str], dict[str, datetime]]:
    """(keys to delete now, keys to delete later with their instants).

    Only the theme's assets wait: a page, a picture, a kit or a piece of the search index that is no
    longer in the tree may have been withdrawn, or its consent may have ended, and must not linger.
    """
    due: list[str] = []
    later: dict[str, datetime] = {}
    for key in sorted(set(present) - set(wanted)):
        at = manifest.deletions.get(key, (now + grace).astimezone(UTC))
        if asset(key) and at > now:
            later[key] = at
        else:
            due.append(key)
    return due, later


def _batches(changed: Sequence[str]) -> list[list[str]]:
    """The paths in the order in which they may appear, in batches that never mix two waves."""
    batches: list[list[str]] = []
    for number in range(3):
        paths = sorted(path for path in changed if wave(path) == number)
        batches += [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
    return batches


def _send(
    store: Store, tree: Path, batch: Sequence[str], wanted: Mapping[str, File], manifest: _Manifest
) -> None:
    """Send one batch and note in the manifest that it arrived."""
    # First it is noted that these are in doubt: a run that dies in between leaves no wrong claim.
    if any(path in manifest.objects for path in batch) or manifest.version:
        for path in batch:
            manifest.objects.pop(path, None)
        manifest.version = ""
        store.write(MANIFEST, msgspec.json.encode(manifest))
    store.put([Put(tree / path, path, media_type(path), keeping(path)) for path in batch])
    for path in batch:
        # S3's ETag of an object sent in one piece; where a store makes it otherwise (encryption,
        # pieces), the object is only sent once more after an interruption.
        etag = _md5((tree / path).read_bytes())
        manifest.objects[path] = _Sent(wanted[path].digest, _headers(path), etag)
    store.write(MANIFEST, msgspec.json.encode(manifest))


def _prove_arrival(
    wanted: Mapping[str, File],
    changed: Sequence[str],
    manifest: _Manifest,
    seen: Mapping[str, Object],
    target: S3Target,
) -> None:
    """PressroomError if an object is missing, has another size, or was overwritten since it was sent."""
    lost = {
        path for path, file in wanted.items() if path not in seen or seen[path].size != file.size
    }
    # Stores that encrypt make ETags in a way of their own; our own note, written last, tells.
    note = seen.get(MANIFEST)
    if note is not None and note.etag == _md5(msgspec.json.encode(manifest)):
        sent = {
            path: (seen[path].etag, manifest.objects[path].etag) for path in changed if path in seen
        }
        # An ETag with a hyphen is of a file sent in pieces: no hash of the whole.
        lost |= {path for path, (there, ours) in sent.items() if there != ours and "-" not in there}
    if lost:
        raise PressroomError(
            f"{target}中的{min(lost)}等{len(lost)}个对象缺失，或已被他人改动。请再发布一次，就会补上。",
            f"{min(lost)} at {target} is missing or was overwritten meanwhile ({len(lost)} objects); "
            "publish again to complete it.",
        )


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
