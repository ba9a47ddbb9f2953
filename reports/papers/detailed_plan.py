"""A ward's detailed plan as a paper, with its units and its tasks as appendices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments.models import WardPlan, WardPlanTask
from assessments.permissions import AnyUser, visible_ward_plans
from assessments.queries.year.ward_plans import UnitRow, registered_units, sent_units
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers.base import Official
from reports.papers.city import plan_ground, short_committee
from reports.papers.city_plan import Line, lines


@dataclass(frozen=True, slots=True)
class DetailedPlan(Official):
    """Everything the template prints. Once sent nothing of it changes; how far tasks are is not on it."""

    abbreviation = "KH"
    ward_plan: WardPlan
    authority: Authority | None
    units: list[UnitRow]
    tasks: list[WardPlanTask]
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def title(self) -> str:
        name = str(self.ward_plan.ward)
        own = name[:1].lower() + name[1:]
        return f"Kế hoạch xây dựng tổ dân phố, bản tự quản, phát triển toàn diện năm {self.year}, {own}"

    @property
    def short(self) -> str:
        return f"ke-hoach-{plain(str(self.ward_plan.ward))}-{self.year}"

    @property
    def year(self) -> int:
        return self.ward_plan.plan.year

    @property
    def draft(self) -> bool:
        return self.ward_plan.state != WardPlan.State.SUBMITTED

    @property
    def edition(self) -> str:
        sent = self.ward_plan.submitted_at
        return "" if self.draft or sent is None else f"gui-{timezone.localtime(sent):%Y%m%d-%H%M%S-%f}"

    @property
    def number(self) -> str:
        return self.ward_plan.number

    @property
    def dated(self) -> date | None:
        return self.ward_plan.signed_on

    @property
    def grounds(self) -> Sequence[str]:
        return [plan_ground(self.ward_plan.plan, self.authority)]

    @property
    def receivers(self) -> Sequence[str]:
        through = self.authority.home_affairs_name if self.authority else "Phòng Nội vụ"
        city = short_committee(self.authority)
        return [
            f"{city} (qua {through})",
            "Các phòng, ban chuyên môn liên quan",
            "Các tổ dân phố, bản trên địa bàn",
        ]

    @property
    def office(self) -> str:
        return self.ward_plan.ward.authority_name

    @property
    def kept(self) -> list[UnitRow]:
        return [row for row in self.units if row.aim == "maintain"]

    @property
    def fresh(self) -> list[UnitRow]:
        return [row for row in self.units if row.aim == "new"]

    @property
    def pilots(self) -> list[UnitRow]:
        return [row for row in self.units if row.pilot]

    @property
    def goals(self) -> list[Line]:
        return lines(self.ward_plan.goals)

    @property
    def measures(self) -> list[Line]:
        return lines(self.ward_plan.measures)

    @property
    def funding(self) -> list[Line]:
        return lines(self.ward_plan.funding)

    @property
    def attached(self) -> str:
        """What the appendices hang on."""
        day = wording.long_date(self.dated) if self.dated else wording.open_date(self.year)
        return f"Kèm theo Kế hoạch số {self.number_line.removeprefix('Số: ')} {day} của {self.office}"


def read(user: AnyUser, ids: tuple[int, ...]) -> DetailedPlan:
    """The paper of a ward plan in the person's scope; raises WardPlan.DoesNotExist outside it."""
    [pk] = ids
    found = visible_ward_plans(user).select_related("plan", "ward").get(pk=pk)
    sent = found.state == WardPlan.State.SUBMITTED
    day = found.signed_on or timezone.localdate()
    # The city issued its plan under the name of that day; the ward acts under the city of its own day.
    authority = authority_on(found.signed_on or found.plan.issued_on) or authority_on(found.plan.issued_on)
    return DetailedPlan(
        ward_plan=found,
        authority=authority,
        units=sent_units(found) if sent else registered_units(found.plan, found.ward),
        tasks=list(found.task_lines.order_by("position", "pk")),
        letterhead=offices.of_ward(found.ward, authority),
        signing=offices.signing(found.ward, day),
    )
