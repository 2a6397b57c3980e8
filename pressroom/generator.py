"""Where Pelican and the press room meet: a generator that runs the whole flow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican.generators import Generator

from pressroom.cli import print_problems, spoken
from pressroom.newsroom import Newsroom, Outcome, Wish, clock
from pressroom.problems import ContentError, UsageError


class NewsroomGenerator(Generator):  # type: ignore[misc]  # Pelican has no type information
    """Builds the site when Pelican writes its output; Pelican's own generators find nothing to do."""

    outcome: Outcome | None = None

    def generate_output(self, writer: Any) -> None:
        if self.settings["DELETE_OUTPUT_DIRECTORY"]:
            raise UsageError(
                "DELETE_OUTPUT_DIRECTORY要设为False：先删后写，中途出错网站就没了。",
                "DELETE_OUTPUT_DIRECTORY must be False: a build that dies after deleting leaves no site",
            )
        wish: Wish | None = self.settings.get("PRESSROOM_WISH")
        if wish is None:
            wish = Wish(now=clock(), output=Path(self.output_path), search=True)
        newsroom = Newsroom(self.settings, self.env.loader)
        try:
            outcome = newsroom.build(wish)
        except ContentError as error:
            if "PRESSROOM_WISH" not in self.settings:
                # Bare `pelican` would say how many problems there are, and not which.
                print_problems(error.problems, spoken())
            raise
        # The one who started Pelican reads the outcome here.
        self.settings["PRESSROOM_OUTCOME"] = outcome
        self.settings["PRESSROOM_NEWSROOM"] = newsroom
