"""Many units' figures of the year at once, each through the deed for one unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.unit_years import save_unit_year


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody typed for one unit, and the version it was typed over."""

    unit_id: int
    version: int
    values: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Why one unit's figures were not stored; `stale` when somebody else changed them meanwhile."""

    message: str
    field: str = ""
    stale: bool = False


def save_lines(*, user: User, year: int, lines: Iterable[Line]) -> dict[int, NotSaved]:
    """Store every line in a transaction of its own: a bad one keeps no good one back.

    What was not stored, by unit. Raises Unit.DoesNotExist for a unit outside the person's scope.
    """
    failed: dict[int, NotSaved] = {}
    for line in lines:
        try:
            save_unit_year(user=user, unit_id=line.unit_id, year=year, version=line.version, values=line.values)
        except InvalidInput as invalid:
            failed[line.unit_id] = NotSaved(invalid.message, invalid.field)
        except Stale as stale:
            failed[line.unit_id] = NotSaved(stale.message, stale=True)
        except Refusal as refusal:
            failed[line.unit_id] = NotSaved(refusal.message)
    return failed
