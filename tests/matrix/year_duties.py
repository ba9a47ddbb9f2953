"""The same for who owes what, the calendar, and looking back."""

from datetime import date
from typing import Any

from tests.assessments.views.world import World

YEAR = ("duties", "calendar", "calendar_file", "looking_back", "looking_back_risks", "looking_back_comparison")


def duty_arguments(world: World) -> dict[str, list[Any]]:
    """Arguments of the addresses by their names."""
    year, agency = world.plan.year, world["ag"].agency
    assert agency is not None
    found: dict[str, list[Any]] = {f"assessments:{name}": [year] for name in YEAR}
    return found | {
        "assessments:duties_ward_letter": [year, world.ward.pk],
        "assessments:duties_agency_letter": [year, agency.pk],
        "assessments:looking_back_criterion": [year, "tc-1.2"],
    }


def duty_bodies(today: date) -> dict[str, dict[str, Any]]:
    """What somebody with the right would send there."""
    letter = {"number": "51/PNV", "sent_on": today}
    return {"assessments:duties_ward_letter": letter, "assessments:duties_agency_letter": letter}
