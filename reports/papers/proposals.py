"""What wards and agencies proposed in their reports of a year, gathered for the city."""

from dataclasses import dataclass

from assessments.models import Plan, YearReport
from assessments.permissions import AnyUser, may_see_city, visible_year_reports
from assessments.queries.year import reports as queries
from localities.models import Authority
from reports import offices
from reports.papers import city


@dataclass(frozen=True, slots=True)
class Proposals(city.CityPaper):
    """Everything the template and the workbook print; it may grow with every report, so it is never kept."""

    plan: Plan
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    periods: list[tuple[str, list[tuple[str, str]]]]  # period with office and words of each

    @property
    def draft(self) -> bool:
        return False

    @property
    def edition(self) -> str:
        return ""

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def title(self) -> str:
        return f"Tổng hợp đề xuất, kiến nghị của các xã, phường, cơ quan năm {self.year}"

    @property
    def short(self) -> str:
        return f"tong-hop-kien-nghi-{self.year}"

    @property
    def total(self) -> int:
        return sum(len(rows) for _, rows in self.periods)


def read(user: AnyUser, ids: tuple[int, ...]) -> Proposals:
    """The plan's, for whoever sees the whole city. Raises Plan.DoesNotExist for everybody else."""
    [pk] = ids
    if not may_see_city(user):
        raise Plan.DoesNotExist
    plan = Plan.objects.get(pk=pk)
    found = visible_year_reports(user).filter(plan=plan, state__in=queries.WITH_THE_CITY).exclude(proposals="")
    rows = queries.in_order(found.exclude(ward=None, agency=None))
    periods = [
        (
            f"Báo cáo {label.lower()}",
            [(str(row.ward or row.agency), row.proposals) for row in rows if row.period == code],
        )
        for code, label in YearReport.Period.choices
    ]
    authority, day = city.acting(plan)
    letterhead = offices.of_home_affairs(authority) if authority else offices.NOBODY
    return Proposals(plan, authority, letterhead, offices.home_affairs_signing(day), [p for p in periods if p[1]])
