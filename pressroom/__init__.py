"""The press room: a Pelican plugin that builds a bilingual public-information site.

Pelican reads the settings, finds the theme and starts the run; this plugin's generator does the
rest. `register` is at the end and only connects.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def get_generators(pelican: Any) -> Any:
    """Pelican asks which generators a plugin adds."""
    from pressroom.generator import NewsroomGenerator

    return NewsroomGenerator


def register() -> None:
    """Connect to Pelican."""
    from pelican import signals

    signals.get_generators.connect(get_generators)


ROOT = Path(__file__).parent.parent
