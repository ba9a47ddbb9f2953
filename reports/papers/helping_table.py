"""The table of which agency helps which unit in a year, what was done, and what it was worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from assessments import money
from assessments.models import Helping, HelpingDeed, Plan
from assessments.permissions import AnyUser, may_see_helping
from assessments.queries.year import helping as queries
from localities.models import Authority
from reports import offices, wording
from reports.papers import city


@dataclass(frozen=True, slots=True)
class Line:
    """One agency and one unit."""

    position: int
    helping: Helping
    deeds: Sequence[HelpingDeed]
    worth: int | None

    @property
    def done(self) -> list[str]:
        """What was done, the first thing first."""
        return [f"Ngày {deed.done_on:%d/%m/%Y}: {deed.content}" for deed in reversed(self.deeds)]

    @property
    def focus(self) -> str:
        return self.helping.focus

    @property
    def ended(self) -> str:
        day = self.helping.ended_on
        return f"Thôi từ {day:%d/%m/%Y}" if day else ""

    @property
    def money(self) -> str:
        return money.dong(self.worth)


@dataclass(frozen=True, slots=True)
class Group:
    """A ward's units."""

    ward: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class HelpingTable(city.CityPaper):
    """Everything the template prints. Never kept: it tells how things stand on the day."""

    plan: Plan
    authority: Authority | None
    day: date
    groups: list[Group]
    tallies: list[queries.Tally]
    signing: offices.Signing

    @property
    def title(self) -> str:
        return f"Bảng phân công giúp đỡ tổ dân phố, bản năm {self.year}"

    @property
    def short(self) -> str:
        return f"bang-giup-do-{self.year}"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def letterhead(self) -> offices.Letterhead:
        return offices.of_home_affairs(self.authority) if self.authority else offices.NOBODY

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        return ""

    @property
    def dated(self) -> date:
        return self.day

    @property
    def on_day(self) -> str:
        return wording.long_date(self.day)

    @property
    def founded(self) -> str:
        return city.plan_ground(self.plan, self.authority).removeprefix("Căn cứ ")

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def deeds(self) -> int:
        return sum(tally.deeds for tally in self.tallies)

    @property
    def worth(self) -> int:
        return sum(tally.worth for tally in self.tallies)

    @property
    def money(self) -> str:
        return wording.number(self.worth)

    @property
    def units(self) -> int:
        """Units somebody helps still."""
        return len({line.helping.unit_id for line in self.lines if line.helping.ended_on is None})

    @property
    def summed(self) -> list[tuple[int, str, int, int, str]]:
        """Each agency: position, name, units, deeds, worth."""
        return [(n, t.agency.name, t.units, t.deeds, wording.number(t.worth)) for n, t in enumerate(self.tallies, 1)]


def read(user: AnyUser, ids: tuple[int, ...]) -> HelpingTable:
    """The year's help in the person's scope; raises Plan.DoesNotExist for whoever sees none."""
    [pk] = ids
    if not may_see_helping(user):
        raise Plan.DoesNotExist
    plan = Plan.objects.get(pk=pk)
    authority, day = city.acting(plan)
    found = queries.listed(user, plan)
    lines = [Line(n, row, row.standing, row.worth) for n, row in enumerate(found, 1)]  # type: ignore[attr-defined]
    groups = [Group(name, list(rows)) for name, rows in groupby(lines, key=lambda line: str(line.helping.unit.ward))]
    return HelpingTable(
        plan, authority, timezone.localdate(), groups, queries.tallies(found), offices.home_affairs_signing(day)
    )
