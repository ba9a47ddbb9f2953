"""The demonstration's year of the plan, played through the deeds; one module for each part, loaded in this order."""

from collections.abc import Callable

from assessments.demo.stage import Stageplay
from assessments.demo.year import city_plans, ward_plans

# Closing 2020 comes last, whatever is added.
PARTS: tuple[Callable[[Stageplay], None], ...] = (city_plans.load, ward_plans.load, city_plans.close_past)


def load(play: Stageplay) -> None:
    """Everything around the assessments of both plans."""
    for part in PARTS:
        part(play)
