"""The demonstration's year of the plan, played through the deeds; one module for each part, loaded in this order."""

from collections.abc import Callable

from assessments.demo.stage import Stageplay
from assessments.demo.year import guidance, helping

PARTS: tuple[Callable[[Stageplay], None], ...] = (guidance.load, helping.load)


def load(play: Stageplay) -> None:
    """Everything around the assessments of both plans."""
    for part in PARTS:
        part(play)
