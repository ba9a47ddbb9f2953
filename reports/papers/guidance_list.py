"""The list of the guidance that applies to a year's assessments, by agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from assessments.models import Guidance, Plan
from assessments.permissions import AnyUser, may_see_guidance
from assessments.queries.year import guidance as queries
from localities.models import Authority
from reports import offices, wording
from reports.papers import city


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of guidance."""

    position: int
    guidance: Guidance
    codes: str
    attached: Sequence[str]  # names of files

    @property
    def name(self) -> str:
        number = self.guidance.number
        return f"{self.guidance.title} (số {number})" if number else self.guidance.title

    @property
    def period(self) -> str:
        begins = f"Từ {self.guidance.valid_from:%d/%m/%Y}"
        until = self.guidance.valid_until
        return f"{begins} đến hết {until:%d/%m/%Y}" if until else begins

    @property
    def where(self) -> str:
        """Where the words are to be read, beyond this list."""
        return "; ".join([*([self.guidance.link] if self.guidance.link else []), *self.attached])


@dataclass(frozen=True, slots=True)
class Group:
    """An agency's guidance."""

    agency: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class GuidanceList(city.CityPaper):
    """Everything the template prints. Never kept: it tells what applies on the day."""

    plan: Plan
    authority: Authority | None
    day: date
    groups: list[Group]
    signing: offices.Signing

    @property
    def title(self) -> str:
        return f"Danh mục hướng dẫn tiêu chí năm {self.year}"

    @property
    def short(self) -> str:
        return f"danh-muc-huong-dan-{self.year}"

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
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]


def read(user: AnyUser, ids: tuple[int, ...]) -> GuidanceList:
    """The plan's guidance in force; raises Plan.DoesNotExist for whoever sees no guidance."""
    [pk] = ids
    if not may_see_guidance(user):
        raise Plan.DoesNotExist
    plan = Plan.objects.select_related("criteria_set").get(pk=pk)
    authority, day = city.acting(plan)
    found = queries.in_force(plan).select_related("agency").prefetch_related("entries", "attachments")
    found = found.order_by("agency__position", "agency__name", "valid_from", "pk")
    lines = [
        Line(n, row, queries.codes(row.entries.all()), [file.original_name for file in row.attachments.all()])
        for n, row in enumerate(found, 1)
    ]
    groups = [Group(name, list(rows)) for name, rows in groupby(lines, key=lambda line: line.guidance.agency.name)]
    return GuidanceList(plan, authority, timezone.localdate(), groups, offices.home_affairs_signing(day))
