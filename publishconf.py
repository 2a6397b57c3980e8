"""What publishing changes."""

import sys
from pathlib import Path

# `pelican -s publishconf.py` runs this file without its folder on the path.
sys.path.insert(0, str(Path(__file__).parent))

from pelicanconf import *  # noqa: F403  (everything else is as in pelicanconf.py)

SITEURL = "https://newsroom.example"
