"""Servers and publishers for the tests of publishing; every one is real and listens on loopback only."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.publishing.support import Nursery


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Publishers that can be killed."""
    made = Nursery()
    yield made
    made.close()
