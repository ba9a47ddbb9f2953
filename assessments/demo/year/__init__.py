"""The demonstration's year of the plan, played through the deeds; one module for each part, loaded in this order."""

from collections.abc import Callable

from assessments.demo.stage import Stageplay
from assessments.demo.year import community_models

PARTS: tuple[Callable[[Stageplay], None], ...] = (community_models.load,)


def load(play: Stageplay) -> None:
    """Everything around the assessments of both plans."""
    for part in PARTS:
        part(play)
