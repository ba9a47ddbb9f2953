"""What is there of each duty, before it is held against a day: what was sent, closed, or is still missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from assessments.models import (
    AgencyReportLine,
    Assessment,
    Assignment,
    BudgetEstimate,
    Milestone,
    Plan,
    WardPlan,
    YearReport,
)
from assessments.queries.agencies import IN_GRID
from assessments.queries.owed import WITH_THE_WARD
from assessments.workflow import State
from localities.models import Ward

Duty = Milestone.Duty
REPORTS = {YearReport.Period.HALF.value: Duty.HALF_YEAR_REPORT, YearReport.Period.YEAR.value: Duty.YEARLY_REPORT}
_OWN_DESK = ("draft", "returned")
Key = tuple[str, int, str]  # ward or agency, its number, the duty


@dataclass(frozen=True, slots=True)
class Missing:
    """Something of a duty that is not there yet: a unit's dossier, with the day that binds it."""

    name: str
    before: date | None
    own: bool = False  # a returned dossier with a day of its own
    ward: str = ""  # inside a sentence; "" where the office that owes is the ward


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one duty of one office, before it is held against a day."""

    done_on: date | None = None
    complete: bool = False
    required: bool = True
    late_by: int = 0  # of what is complete
    note: str = ""  # where it stands while it is not complete
    begun: str = ""  # the state of what lies on the own desk: draft or returned
    missing: tuple[Missing, ...] = ()
    total: int = 0


def named(missing: Collection[Missing], most: int = 0) -> str:
    """The units with their wards, "phường Tân Phong: Tổ 1, Tổ 2; xã San Thàng: Bản 1"; `most` of them by name."""
    shown = list(missing)[: most or None]
    wards: dict[str, list[str]] = {}
    for one in shown:
        wards.setdefault(one.ward, []).append(one.name)
    words = "; ".join(f"{ward}: {', '.join(names)}" if ward else ", ".join(names) for ward, names in wards.items())
    left = len(missing) - len(shown)
    return f"{words} và {left} nơi khác" if left else words


def days_late(day: date, before: date) -> int:
    """How many days too late: one on the day itself."""
    return max(0, (day - before).days + 1)


def _sent_fact(state: str, received_on: date | None, label: str) -> Found:
    if state in _OWN_DESK:
        return Found(note=label.lower(), begun=state)
    return Found(done_on=received_on, complete=True)


def sent(plan: Plan, ward: int | None, one: bool, duties: Collection[Duty]) -> dict[Key, Found]:
    """Ward plans and estimates; two queries."""
    found: dict[Key, Found] = {}
    if one and ward is None:
        return found
    kinds: tuple[tuple[Duty, Any], ...] = ((Duty.WARD_PLAN, WardPlan), (Duty.BUDGET, BudgetEstimate))
    for duty, model in kinds:
        if duty not in duties:
            continue
        rows = model.objects.filter(plan=plan).order_by()
        rows = rows if ward is None else rows.filter(ward=ward)
        labels = dict(model.State.choices)
        for pk, state, received in rows.values_list("ward_id", "state", "received_on"):
            found["ward", pk, duty] = _sent_fact(state, received, labels[state])
    return found


def reports(plan: Plan, ward: int | None, agency: int | None, duties: Collection[Duty]) -> dict[Key, Found]:
    """Half-year and yearly reports of wards and agencies; one query."""
    found: dict[Key, Found] = {}
    if not set(REPORTS.values()) & set(duties):
        return found
    rows = YearReport.objects.filter(plan=plan).exclude(ward__isnull=True, agency__isnull=True).order_by()
    if ward is not None or agency is not None:
        rows = rows.filter(Q(ward=ward or 0) | Q(agency=agency or 0))
    labels = dict(YearReport.State.choices)
    for period, ward_id, agency_id, state, received in rows.values_list(
        "period", "ward_id", "agency_id", "state", "received_on"
    ):
        key = ("ward", ward_id) if ward_id else ("agency", agency_id)
        found[(*key, REPORTS[period])] = _sent_fact(state, received, labels[state])
    return found


def dossiers_and_results(
    plan: Plan, before: dict[str, date], wards: list[int], agencies: list[int], duties: Collection[Duty]
) -> dict[Key, Found]:
    """What wards have sent of what is registered, and agencies closed of what is accepted; three queries."""
    asked_wards = wards if Duty.DOSSIER in duties else []
    asked_agencies = agencies if Duty.AGENCY_RESULT in duties else []
    if not asked_wards and not asked_agencies:
        return {}
    dossiers = Assessment.objects.filter(registration__plan=plan).select_related("registration__unit__ward")
    if not asked_agencies:
        dossiers = dossiers.filter(registration__unit__ward__in=asked_wards)
    rows = list(dossiers.order_by("registration__unit__ward__position", "registration__unit__sort_name"))
    found = _dossiers(rows, before.get(Duty.DOSSIER), asked_wards)
    return found | (_results(plan, rows, asked_agencies) if asked_agencies else {})


def _dossiers(rows: list[Assessment], milestone: date | None, wards: list[int]) -> dict[Key, Found]:
    by_ward: dict[int, list[Assessment]] = {}
    for row in rows:
        by_ward.setdefault(row.registration.unit.ward_id, []).append(row)
    found: dict[Key, Found] = {}
    for ward in wards:
        own = by_ward.get(ward, [])
        missing = tuple(
            Missing(row.registration.unit.name, row.due_on or milestone, bool(row.due_on))
            for row in own
            if row.state in WITH_THE_WARD
        )
        sent = [timezone.localdate(row.submitted_at) for row in own if row.submitted_at and not missing]
        late = [
            days_late(timezone.localdate(row.submitted_at), due)
            for row in own
            if row.submitted_at and (due := row.due_on or milestone)
        ]
        found["ward", ward, Duty.DOSSIER] = Found(
            done_on=max(sent, default=None),
            complete=not missing,
            required=bool(own),
            late_by=0 if missing else max(late, default=0),
            note=f"{len(own) - len(missing)}/{len(own)} hồ sơ đã gửi",
            missing=missing,
            total=len(own),
        )
    return found


def _inside(ward: Ward) -> str:
    name = str(ward)
    return name[:1].lower() + name[1:]


def _results(plan: Plan, rows: list[Assessment], agencies: list[int]) -> dict[Key, Found]:
    """An agency owes its closing report over every dossier that is in appraisal; what is concluded is settled."""
    responsible = set(
        Assignment.objects.filter(plan=plan, position=1, agency__in=agencies).values_list("agency_id", flat=True)
    )
    lines = AgencyReportLine.objects.filter(closed=True, report__plan=plan, agency__in=agencies).order_by()
    closed: dict[int, dict[int, date]] = {}
    for agency, assessment, at in lines.values_list("agency_id", "assessment_id", "report__closed_at"):
        closed.setdefault(agency, {})[assessment] = timezone.localdate(at)
    accepted = [row for row in rows if row.state in IN_GRID]
    found: dict[Key, Found] = {}
    for agency in agencies:
        own = closed.get(agency, {})
        waiting = [row for row in accepted if row.state == State.APPRAISAL and row.pk not in own]
        found["agency", agency, Duty.AGENCY_RESULT] = Found(
            done_on=max(own.values(), default=None),
            complete=not waiting,
            required=bool(own) or (agency in responsible and bool(waiting)),
            note=f"{len(own)}/{len(own) + len(waiting)} hồ sơ đã chốt",
            missing=tuple(
                Missing(row.registration.unit.name, None, ward=_inside(row.registration.unit.ward)) for row in waiting
            ),
            total=len(own) + len(waiting),
        )
    return found
