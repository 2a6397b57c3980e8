"""The s3 target against moto's real S3 server: order, headers, what is sent, what an interruption leaves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest

from pressroom.problems import PressroomError, UsageError
from pressroom.publishing import precompress, put_live, redirect_maps, rollback, s3, tickets
from pressroom.publishing.media import BRIEFLY, FOREVER
from pressroom.publishing.store import Store
from pressroom.publishing.targets import S3Target
from tests.publishing.support import (
    ROOT,
    contents,
    free_port,
    make_tree,
    running,
    style_sheet,
    wait_for,
)

pytestmark = pytest.mark.slow

BUCKET = "newsroom"
NOW = datetime(2017, 5, 31, 7, 0, tzinfo=UTC)


class Bucket:
    """What the store holds, seen without our own code."""

    def __init__(self, port: int) -> None:
        self.client: Any = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}")
        self.client.create_bucket(Bucket=BUCKET)

    def keys(self, prefix: str = "") -> dict[str, datetime]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return {
            entry["Key"].removeprefix(prefix): entry["LastModified"]
            for page in pages
            for entry in page.get("Contents", [])
        }

    def site(self, prefix: str = "") -> dict[str, bytes]:
        return {
            key: self.client.get_object(Bucket=BUCKET, Key=prefix + key)["Body"].read()
            for key in self.keys(prefix)
            if not key.startswith(".pressroom/")
        }

    def head(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.head_object(Bucket=BUCKET, Key=key)
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    log = tmp_path_factory.mktemp("moto") / "log"
    program = str(Path(sys.executable).with_name("moto_server"))
    with running(program, "-H", "127.0.0.1", "-p", str(port), port=port, log=log):
        yield port


@pytest.fixture
def bucket(server: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bucket]:
    monkeypatch.setenv("S3_ENDPOINT_URL", f"http://127.0.0.1:{server}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "throwaway")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "throwaway")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    made = Bucket(server)
    yield made
    for key in list(made.keys()):
        made.client.delete_object(Bucket=BUCKET, Key=key)
    made.client.close()


def sample(top: Path, label: str = "one") -> Path:
    """A tree with one file of every kind that S3 has to tell apart."""
    tree = make_tree(top, label, pages=6, same=4, own=1)
    for path, data in {
        "index.html": b"<p>front",
        "404.html": b"<p>lost",
        "zh/index.html": b"<p>home",
        "zh/releases/2017/index.html": b"<p>year",
        "zh/feed.atom.xml": b"<feed/>",
        "sitemap.xml": b"<urlset/>",
        "zh/releases/2017/page-1/kit.zip": b"PK" + label.encode(),
        "zh/releases/2017/page-1/release.txt": "发布 ".encode() * 50,
        "zh/名 字 'x' $y [1]*.txt": b"a name that a shell would take apart",
    }.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(data)
    return tree


def test_everything_arrives_with_its_headers(bucket: Bucket, tmp_path: Path) -> None:
    tree = sample(tmp_path / "tree")
    expected = contents(tree)
    for path, data in redirect_maps([], ["/zh/gone/"]).items():
        (tree / path).parent.mkdir(exist_ok=True)
        (tree / path).write_bytes(data)
    precompress(tree, tmp_path / "cache")
    receipt = put_live(tree, f"s3://{BUCKET}/press/site", state=tmp_path / "state", now=NOW)
    found = bucket.site("press/site/")
    assert found.pop("_redirects") == b"/zh/gone/ /404.html 410\n"
    assert found == expected, "companions and the server's own files stay at home"
    assert len(receipt.sent) == len(expected) + 1
    assert receipt.version.startswith("20170531T070000Z-")

    wanted = {
        style_sheet("one"): ("text/css; charset=utf-8", FOREVER),
        "index.html": ("text/html; charset=utf-8", BRIEFLY),
        "zh/feed.atom.xml": ("application/xml; charset=utf-8", BRIEFLY),
        "zh/releases/2017/page-1/release.txt": ("text/plain; charset=utf-8", BRIEFLY),
        "zh/releases/2017/page-1/kit.zip": ("application/zip", BRIEFLY),
    }
    for path, (content_type, cache_control) in wanted.items():
        head = bucket.head(f"press/site/{path}")
        assert (head["ContentType"], head["CacheControl"]) == (content_type, cache_control)


def test_only_what_changed_is_sent(bucket: Bucket, tmp_path: Path) -> None:
    tree, state, target = sample(tmp_path / "tree"), tmp_path / "state", f"s3://{BUCKET}"
    put_live(tree, target, state=state, now=NOW)
    again = put_live(tree, target, state=state, now=NOW)
    assert (again.switched, again.sent) == (False, ())

    before = bucket.keys()
    (tree / "zh/index.html").write_bytes(b"<p>home, edited")
    time.sleep(1.1)  # the store tells times in seconds
    receipt = put_live(tree, target, state=state, now=NOW)
    assert receipt.sent == ("zh/index.html",)
    changed = {key for key, modified in bucket.keys().items() if before.get(key) != modified}
    assert {key for key in changed if not key.startswith(".pressroom/")} == {"zh/index.html"}
    assert bucket.site() == contents(tree)


def test_pages_come_after_what_they_use_and_before_what_lists_them(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every batch is looked at as a reader would meet it: what is there must not lack what it needs."""
    tree, state, target = sample(tmp_path / "tree"), tmp_path / "state", f"s3://{BUCKET}"
    put_live(tree, target, state=state, now=NOW)
    sample(tree, "two")
    moments: list[dict[str, bytes]] = []
    put, remove = Store.put, Store.remove

    def watched_put(store: Store, puts: Any) -> None:
        put(store, puts)
        moments.append(bucket.site())

    def watched_remove(store: Store, keys: Any) -> None:
        moments.append(bucket.site())
        remove(store, keys)

    monkeypatch.setattr(Store, "put", watched_put)
    monkeypatch.setattr(Store, "remove", watched_remove)
    put_live(tree, target, state=state, now=NOW)
    new, page, own = (
        style_sheet("two"),
        "zh/releases/2017/page-1/index.html",
        "en/own/one-0/index.html",
    )
    kit = "zh/releases/2017/page-1/kit.zip"
    assert len({len(moment) for moment in moments}) > 1
    for moment in moments[:-1]:
        if b"two" in moment[page]:
            assert new in moment
            assert moment[kit] == b"PKtwo"
        assert own in moment or b"two" in moment[page], "a page went before the new ones had come"
    assert own not in bucket.site()


def test_deletions(bucket: Bucket, tmp_path: Path) -> None:
    """What may have been withdrawn goes at once; the theme's old files stay for the grace."""
    tree, state, target = sample(tmp_path / "tree"), tmp_path / "state", f"s3://{BUCKET}"
    put_live(tree, target, state=state, now=NOW)
    sample(tree, "two")
    (tree / "zh/releases/2017/page-1/kit.zip").unlink()
    receipt = put_live(tree, target, state=state, now=NOW, grace=timedelta(hours=24))
    assert receipt.removed == ("en/own/one-0/index.html", "zh/releases/2017/page-1/kit.zip")
    assert bucket.site() == contents(tree) | {style_sheet("one"): bucket.site()[style_sheet("one")]}
    # A publication within the grace leaves it, and does not begin the grace anew.
    (tree / "index.html").write_bytes(b"<p>edited")
    put_live(tree, target, state=state, now=NOW + timedelta(hours=23))
    assert style_sheet("one") in bucket.site()
    late = put_live(tree, target, state=state, now=NOW + timedelta(hours=25))
    assert late.removed == (style_sheet("one"),)
    assert bucket.site() == contents(tree)


def test_what_is_used_again_is_not_deleted(bucket: Bucket, tmp_path: Path) -> None:
    tree, state, target = sample(tmp_path / "tree"), tmp_path / "state", f"s3://{BUCKET}"
    for label, hour in (("one", 0), ("two", 1), ("one", 2), ("one", 40)):
        sample(tree, label)
        put_live(tree, target, state=state, now=NOW + timedelta(hours=hour))
    assert bucket.site() == contents(tree)


def test_a_lost_manifest_and_a_hand_in_the_bucket_are_healed(
    bucket: Bucket, tmp_path: Path
) -> None:
    tree, state, target = sample(tmp_path / "tree"), tmp_path / "state", f"s3://{BUCKET}"
    put_live(tree, target, state=state, now=NOW)
    bucket.client.put_object(Bucket=BUCKET, Key="zh/index.html", Body=b"<p>defaced")
    bucket.client.delete_object(Bucket=BUCKET, Key="sitemap.xml")
    bucket.client.put_object(Bucket=BUCKET, Key="zh/stray.html", Body=b"<p>stray")
    receipt = put_live(tree, target, state=state, now=NOW)
    assert set(receipt.sent) == {"zh/index.html", "sitemap.xml"}
    assert receipt.removed == ("zh/stray.html",)
    assert bucket.site() == contents(tree)

    for manifest in (None, b"{broken"):
        bucket.client.delete_object(Bucket=BUCKET, Key=s3.MANIFEST)
        if manifest:
            bucket.client.put_object(Bucket=BUCKET, Key=s3.MANIFEST, Body=manifest)
        assert len(put_live(tree, target, state=state, now=NOW).sent) == len(contents(tree))
        assert put_live(tree, target, state=state, now=NOW).sent == ()


def _reaches(count: Callable[[], int], number: int) -> bool:
    return count() >= number


@pytest.mark.parametrize("label", ["first", "next"])
def test_an_interrupted_run_is_completed_by_the_next(
    bucket: Bucket, tmp_path: Path, label: str
) -> None:
    """kill -9 when one, 10 and 20 more objects have arrived: what arrived is not sent again."""
    target = f"s3://{BUCKET}/killed"
    tree = make_tree(tmp_path / "tree", "one", pages=30, same=10)
    if label == "next":
        put_live(tree, target, state=tmp_path / "state", now=NOW)
        make_tree(tree, "two", pages=30, same=10)
    batch = 3
    program = (
        "import sys; from pathlib import Path; from pressroom.publishing import put_live, s3\n"
        f"s3._BATCH = {batch}\n"  # many small batches, so that deaths fall between and inside them
        "put_live(Path(sys.argv[1]), sys.argv[2], state=Path(sys.argv[3]))"
    )
    wanted = contents(tree)

    def arrived() -> int:
        return sum(wanted.get(path) == data for path, data in bucket.site("killed/").items())

    already = arrived()
    for number in (1, 10, 20):
        publisher = subprocess.Popen(
            [sys.executable, "-c", program, str(tree), target, str(tmp_path / "state")], cwd=ROOT
        )
        wait_for(partial(_reaches, arrived, already + number), f"object {number}", 120)
        assert publisher.poll() is None, "the publisher was done before it could be killed"
        publisher.kill()
        publisher.wait()
    last = put_live(tree, target, state=tmp_path / "state", now=NOW)
    found = bucket.site("killed/")
    assert {path: data for path, data in found.items() if path in wanted} == wanted
    assert set(found) - set(wanted) <= {style_sheet("one")}
    # Of the last 20 that had arrived, at most one batch is in doubt.
    assert last.kept >= already + 20 - batch
    assert last.kept + len(last.sent) == len(wanted)
    assert put_live(tree, target, state=tmp_path / "state", now=NOW).sent == ()


def test_a_second_publisher_leaves_or_waits(bucket: Bucket, tmp_path: Path) -> None:
    tree, target = sample(tmp_path / "tree"), f"s3://{BUCKET}"
    store = Store(S3Target(BUCKET))
    with tickets.hold(store, S3Target(BUCKET), patience=5):
        with pytest.raises(PressroomError, match="taken by another publication") as caught:
            put_live(tree, target, state=tmp_path / "state", patience=0)
        assert f"pid {os.getpid()} on " in str(caught.value)
        assert bucket.site() == {}
        waiting = threading.Thread(
            target=put_live, args=(tree, target), kwargs={"state": tmp_path / "state"}
        )
        waiting.start()
        time.sleep(1)
        assert bucket.site() == {}
    waiting.join(60)
    assert bucket.site() == contents(tree)
    assert bucket.keys(tickets.FOLDER) == {}


def test_a_dead_publishers_ticket(bucket: Bucket) -> None:
    store, target = Store(S3Target(BUCKET)), S3Target(BUCKET)
    elsewhere = b'{"owner": "pid 1 on nowhere since 2017", "machine": "another", "pid": 1}'
    store.write(f"{tickets.FOLDER}20170531T000000.000000Z-dead", elsewhere)
    with (
        pytest.raises(PressroomError, match="pid 1 on nowhere"),
        tickets.hold(store, target, patience=0),
    ):
        pass
    time.sleep(3)
    with tickets.hold(store, target, patience=0, expiry=timedelta(seconds=1)):
        assert len(bucket.keys(tickets.FOLDER)) == 1


def test_a_living_ticket_is_renewed_and_a_lost_one_stops_the_publisher(bucket: Bucket) -> None:
    store, target = Store(S3Target(BUCKET)), S3Target(BUCKET)
    with tickets.hold(store, target, patience=0, expiry=timedelta(seconds=4)) as prove:
        time.sleep(6)
        prove()
        with (
            pytest.raises(PressroomError, match="taken by another"),
            tickets.hold(store, target, patience=0, expiry=timedelta(seconds=4)),
        ):
            pass
        (own,) = bucket.keys(tickets.FOLDER)

        def taken_over() -> None:
            for _ in range(20):  # a renewal may be under way at the first deletion
                bucket.client.delete_object(Bucket=BUCKET, Key=tickets.FOLDER + own)
                prove()

        with pytest.raises(PressroomError, match="another one took over"):
            taken_over()


def test_a_publisher_that_slept_stops(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    with tickets.hold(Store(S3Target(BUCKET)), S3Target(BUCKET), patience=0) as prove:
        prove()
        now = time.time
        with monkeypatch.context() as later:
            later.setattr("time.time", lambda: now() + 100)
            with pytest.raises(PressroomError, match="paused too long"):
                prove()


def test_an_object_that_goes_while_it_is_read(bucket: Bucket) -> None:
    """Another publisher's ticket: it is there, or it is not, and neither is an error."""
    store, over = Store(S3Target(BUCKET)), threading.Event()

    def come_and_go() -> None:
        while not over.wait(0.02):
            bucket.client.put_object(Bucket=BUCKET, Key="ticket", Body=b"{}")
            time.sleep(0.02)
            bucket.client.delete_object(Bucket=BUCKET, Key="ticket")

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        seen = {store.read("ticket") for _ in range(60)}
    finally:
        over.set()
        other.join()
    assert seen == {b"{}", None}


def test_pairs_of_publishers(bucket: Bucket, tmp_path: Path) -> None:
    trees = {label: sample(tmp_path / label, label) for label in ("left", "right")}
    for number in range(2):
        target = f"s3://{BUCKET}/pair-{number}"
        threads = [
            threading.Thread(
                target=put_live, args=(tree, target), kwargs={"state": tmp_path / f"state-{label}"}
            )
            for label, tree in trees.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = bucket.site(f"pair-{number}/")
        whole = [
            label
            for label, tree in trees.items()
            if {
                path: data
                for path, data in found.items()
                if not path.startswith("static/") or path == style_sheet(label)
            }
            == contents(tree)
        ]
        assert len(whole) == 1


def test_what_another_hand_overwrites_meanwhile_is_found_out(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, target = sample(tmp_path / "tree"), f"s3://{BUCKET}"
    put = Store.put

    def meddled_put(store: Store, puts: Any) -> None:
        put(store, puts)
        if any(each.key == "zh/index.html" for each in puts):
            size = (tree / "zh/index.html").stat().st_size
            bucket.client.put_object(Bucket=BUCKET, Key="zh/index.html", Body=bytes(size))

    for text in (b"<p>home", b"<p>home, edited"):  # among many objects, and alone
        (tree / "zh/index.html").write_bytes(text)
        with monkeypatch.context() as meddling:
            meddling.setattr(Store, "put", meddled_put)
            with pytest.raises(
                PressroomError, match=r"zh/index\.html at .+ was overwritten meanwhile"
            ):
                put_live(tree, target, state=tmp_path / "state")
        assert put_live(tree, target, state=tmp_path / "state").sent == ("zh/index.html",)
        assert bucket.site() == contents(tree)


def test_the_sender_dies_with_the_publisher(bucket: Bucket, tmp_path: Path) -> None:
    """An orphan would go on sending after the next publisher has begun."""
    tree = make_tree(tmp_path / "tree", "one", pages=5)
    (tree / "zh/large.bin").write_bytes(os.urandom(60_000_000))
    program = (
        "import sys; from pathlib import Path; from pressroom.publishing import put_live\n"
        "put_live(Path(sys.argv[1]), sys.argv[2], state=Path(sys.argv[3]))"
    )
    publisher = subprocess.Popen(
        [
            sys.executable,
            "-c",
            program,
            str(tree),
            f"s3://{BUCKET}/orphan",
            str(tmp_path / "state"),
        ],
        cwd=ROOT,
    )

    def sender() -> list[str]:
        command = ["pgrep", "-f", "s5cmd.* run$", "-P", str(publisher.pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()

    try:
        wait_for(sender, "s5cmd", 60)
        pids = sender()
    finally:
        publisher.kill()
        publisher.wait()
    wait_for(
        lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in pids), "the end of s5cmd", 10
    )


def test_what_cannot_be_reached(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = sample(tmp_path / "tree")
    with pytest.raises(PressroomError, match="NoSuchBucket") as caught:
        put_live(tree, "s3://no-such-bucket/x", state=tmp_path / "state")
    assert "再发布一次" in caught.value.words.zh
    with pytest.raises(PressroomError, match="keeps no versions"):
        rollback(f"s3://{BUCKET}")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="empty"):
        put_live(tmp_path / "empty", f"s3://{BUCKET}", state=tmp_path / "state")
