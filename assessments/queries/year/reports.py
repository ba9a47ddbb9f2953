"""What is read of half-year and yearly reports: the table of who has sent, one report with its figures, its sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Agency, Role, User
from assessments.models import Milestone, Plan, YearReport
from assessments.permissions import AnyUser, visible_year_reports
from assessments.queries.year import takes_reports
from assessments.queries.year.report_figures import Figures, agency_figures, city_figures, ward_figures
from localities.models import Ward
from localities.queries import wards_in

Office = Ward | Agency
DUTIES = {
    YearReport.Period.HALF.value: Milestone.Duty.HALF_YEAR_REPORT,
    YearReport.Period.YEAR.value: Milestone.Duty.YEARLY_REPORT,
}
OPEN = (YearReport.State.DRAFT, YearReport.State.RETURNED)
WITH_THE_CITY = (YearReport.State.SUBMITTED, YearReport.State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Cell:
    """One office's report of one period. A draft is its author's own: here it has not been sent."""

    report: YearReport | None
    before: date | None
    missing_late: bool

    @property
    def state(self) -> str:
        """missing, submitted, returned or accepted."""
        return "missing" if self.report is None or self.report.state == YearReport.State.DRAFT else self.report.state

    @property
    def received(self) -> bool:
        return self.state in WITH_THE_CITY

    @property
    def late(self) -> bool:
        """Came on the day of the milestone or later, or has not come although that day is there."""
        if self.received and self.report is not None:
            return self.report.came_late(self.before)
        return self.missing_late


@dataclass(frozen=True, slots=True)
class Row:
    """An office with its two reports."""

    office: Office
    cells: tuple[Cell, ...]

    @property
    def is_ward(self) -> bool:
        return isinstance(self.office, Ward)


def reporting_agencies() -> list[Agency]:
    """Every agency but the office of home affairs, which takes the reports and writes the city's."""
    return list(Agency.objects.exclude(takes_reports()).order_by("position", "name"))


def milestones(plan: Plan) -> dict[str, date]:
    """The day before which each period's report is due; a period that the plan does not name is left out."""
    days = dict(Milestone.objects.filter(plan=plan, duty__in=DUTIES.values()).values_list("duty", "before"))
    return {period: days[duty] for period, duty in DUTIES.items() if duty in days}


def table(plan: Plan, offices: Iterable[Office] | None = None) -> list[Row]:
    """Every reporting office, or these, with the state of both reports: for the city, or for the office itself.

    It tells how far each is, never what a report says: whoever may read one finds it by `readable`.
    """
    if offices is None:
        offices = [*wards_in(plan.year), *reporting_agencies()]
    rows = YearReport.objects.filter(plan=plan).exclude(ward=None, agency=None)
    found = {(row.period, row.ward_id, row.agency_id): row for row in rows}
    days, today = milestones(plan), timezone.localdate()
    return [
        Row(
            office,
            tuple(
                Cell(found.get((period, *_place(office))), days.get(period), period in days and today >= days[period])
                for period in DUTIES
            ),
        )
        for office in offices
    ]


def _place(office: Office) -> tuple[int | None, int | None]:
    return (office.pk, None) if isinstance(office, Ward) else (None, office.pk)


def own_office(user: AnyUser) -> Office | None:
    """The office whose reports this person writes or sends; none for home affairs, which writes the city's."""
    if not isinstance(user, User) or user.role == Role.HOME_AFFAIRS:
        return None
    return user.ward if user.ward_id else user.agency


def city_reports(user: AnyUser, plan: Plan) -> dict[str, YearReport]:
    """The city's own, by period, as far as the person sees them."""
    rows = visible_year_reports(user).filter(plan=plan, ward=None, agency=None)
    return {row.period: row for row in rows}


def readable(user: AnyUser) -> QuerySet[YearReport]:
    """Reports this person may open, with what a page names."""
    return visible_year_reports(user).select_related(
        "plan__criteria_set", "ward", "agency", "submitted_by", "accepted_by"
    )


def figures_of(report: YearReport) -> Figures:
    """The figures of the day it was sent; of one still open, those of today."""
    if report.figures is not None and report.state not in OPEN:
        kept: Figures = report.figures
        return kept
    return count(report)


def count(report: YearReport) -> Figures:
    """Counted anew from what is stored."""
    plan = report.plan
    if report.ward is not None:
        return ward_figures(plan, [report.ward])[report.ward.pk]
    if report.agency is not None:
        return agency_figures(plan, [report.agency])[report.agency.pk]
    wards, agencies = list(wards_in(plan.year)), reporting_agencies()
    made = city_figures(plan, wards, agencies)
    return made | reporting(plan, report.period, [*wards, *agencies])


def reporting(plan: Plan, period: str, offices: Iterable[Office]) -> Figures:
    """Who has reported, on which day and in time or not; and what they propose, in their own words."""
    at = list(DUTIES).index(period)
    rows = [(row.office, row.cells[at]) for row in table(plan, offices)]
    return {
        "reports": [
            {
                "name": str(office),
                "state": cell.state,
                "received_on": cell.report.received_on.isoformat() if _came(cell) else None,  # type: ignore[union-attr]
                "late": cell.late,
            }
            for office, cell in rows
        ],
        "proposals": [
            {"name": str(office), "text": cell.report.proposals}
            for office, cell in rows
            if cell.received and cell.report is not None and cell.report.proposals
        ],
    }


def _came(cell: Cell) -> bool:
    return cell.received and cell.report is not None and cell.report.received_on is not None


def sources(user: AnyUser, report: YearReport) -> list[YearReport]:
    """What the city's report is made from: the reports of its period that came and were not given back."""
    rows = visible_year_reports(user).filter(plan=report.plan_id, period=report.period, state__in=WITH_THE_CITY)
    return in_order(rows.exclude(ward=None, agency=None))


def in_order(reports: QuerySet[YearReport]) -> list[YearReport]:
    """By office: wards first, then agencies, as everywhere."""
    rows = reports.select_related("ward", "agency", "plan")
    return list(rows.order_by(F("ward__position").asc(nulls_last=True), "agency__position", "pk"))


def previous(report: YearReport) -> YearReport | None:
    """The same office's report before this one: of the half-year, else of the plan before."""
    own = YearReport.objects.filter(ward=report.ward_id, agency=report.agency_id).select_related("plan")
    earlier = Q(plan__year__lt=report.plan.year)
    if report.period == YearReport.Period.YEAR:
        earlier |= Q(plan=report.plan_id, period=YearReport.Period.HALF)
    # "year" stands after "half".
    return own.filter(earlier).order_by("-plan__year", "-period").first()
