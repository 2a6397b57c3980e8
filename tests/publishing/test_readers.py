"""Readers through the real nginx while the site is published again and again: nothing is missing or mixed."""

from __future__ import annotations

import http.client
import itertools
import random
import threading
import time
from pathlib import Path

import pytest

from pressroom.publishing import precompress, put_live
from tests.publishing.support import make_tree, sealed, style_sheet, unsealed
from tests.publishing.test_servers import nginx

PUBLICATIONS = 100
READS = 10_000
READERS = 4
PAGES = 40


class Reader(threading.Thread):
    """Reads pages and the style sheet that each page's version names, and proves every byte."""

    def __init__(self, port: int, number: int, labels: list[str], over: threading.Event) -> None:
        super().__init__()
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._chance = random.Random(number)
        self._labels = labels
        self._over = over
        self.reads = 0
        self.wrong: list[str] = []
        self.versions: set[str] = set()

    def run(self) -> None:
        newest = 0
        try:
            while not self.wrong and (self.reads < READS // READERS or not self._over.is_set()):
                time.sleep(0.01)  # the publisher needs the machine as well
                page = f"/zh/releases/2017/page-{self._chance.randrange(PAGES)}/"
                body = self._get(page)
                label, path = unsealed(body)
                version = self._labels.index(label)
                if f"/{path}" != f"{page}index.html" or version < newest:
                    self.wrong.append(f"{page}: {label} after {self._labels[newest]}, {path}")
                newest = version
                self.versions.add(label)
                # What a browser does next: the page is the old one, and the new one may be live by now.
                if label.encode() not in self._get(f"/{style_sheet(label)}"):
                    self.wrong.append(f"{style_sheet(label)} of {label} is another's")
                if (
                    unsealed(self._get(f"/en/releases/2016/same-{self._chance.randrange(20)}/"))[0]
                    != "same"
                ):
                    self.wrong.append("a page that never changes did")
        except AssertionError as error:
            self.wrong.append(str(error))
        finally:
            self._connection.close()

    def _get(self, path: str) -> bytes:
        self.reads += 1
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, f"{path}: {answer.status}"
        return body


@pytest.mark.slow
@pytest.mark.needs("nginx")
def test_readers_during_a_hundred_publications(tmp_path: Path) -> None:
    labels = [f"version-{number:03}" for number in range(PUBLICATIONS + 1)]
    tree, live = make_tree(tmp_path / "tree", labels[0], pages=PAGES, same=20), tmp_path / "live"

    def publish() -> None:
        precompress(tree, tmp_path / "cache")
        put_live(tree, str(live), state=tmp_path / "state")

    publish()
    over = threading.Event()
    with nginx(live, tmp_path / "nginx") as server:
        readers = [Reader(server.port, number, labels, over) for number in range(READERS)]
        for reader in readers:
            reader.start()
        for before, label in itertools.pairwise(labels):
            for number in range(PAGES):
                name = f"zh/releases/2017/page-{number}/index.html"
                (tree / name).write_bytes(sealed(label, name))
            (tree / style_sheet(before)).rename(tree / style_sheet(label))
            (tree / style_sheet(label)).write_text(f"p::before {{ content: '{label}' }}")
            publish()
        over.set()
        for reader in readers:
            reader.join(120)
            assert not reader.is_alive()
    assert [reader.wrong for reader in readers] == [[]] * READERS
    seen = set().union(*(reader.versions for reader in readers))
    assert sum(reader.reads for reader in readers) >= READS
    assert len(seen) > PUBLICATIONS * 3 // 4, f"the readers met only {len(seen)} versions"
