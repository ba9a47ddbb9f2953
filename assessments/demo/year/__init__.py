"""The demonstration's year of the plan, played through the deeds; one module for each part, loaded in this order."""

from collections.abc import Callable

from assessments.demo.stage import Stageplay
from assessments.demo.year import (
    budget,
    city_plans,
    commendations,
    community_models,
    duties,
    guidance,
    helping,
    profiles,
    reports,
    ward_plans,
)

# Reports count what the parts before them left; reminders look at all of it; closing 2020 comes last.
PARTS: tuple[Callable[[Stageplay], None], ...] = (
    city_plans.load,
    ward_plans.load,
    budget.load,
    profiles.load,
    guidance.load,
    community_models.load,
    helping.load,
    commendations.load,
    reports.load,
    duties.load,
    city_plans.close_past,
)


def load_first_half_of_2020(play: Stageplay) -> None:
    """What of 2020 came before any unit was assessed."""
    reports.load_first_half_of_2020(play)


def load(play: Stageplay) -> None:
    """Everything around the assessments of both plans."""
    for part in PARTS:
        part(play)
