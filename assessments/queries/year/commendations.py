"""Who is proposed for commendation, and what the results say about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from accounts.models import WARD_ROLES, Agency, User
from assessments.models import (
    Assessment,
    Commendation,
    CommendationDecision,
    DecisionLine,
    Layer,
    Plan,
    Summary,
)
from assessments.permissions import AnyUser, visible_commendation_decisions, visible_commendations
from assessments.queries.standing import standing_lines
from localities.models import Unit, Ward

USUAL_FORMS = (
    "Giấy khen của Chủ tịch UBND thành phố",
    "Giấy khen của Chủ tịch UBND xã, phường",
    "Bằng khen của Chủ tịch UBND tỉnh",
    "Thư khen của Chủ tịch UBND thành phố",
)
RECOGNISED, REFUSED, OPEN, ABSENT = "recognised", "not_recognised", "open", "absent"


@dataclass(slots=True)
class UnitResult:
    """How a unit stands under the plan."""

    unit: Unit
    year: int
    result: str = ABSENT  # RECOGNISED, REFUSED, OPEN (no decision yet) or ABSENT (not registered)
    decision: str = ""
    years: list[int] = field(default_factory=list)  # in which it stands recognised, up to this one
    holding: int | None = None  # effective standards
    standards: int = 0
    occurring: bool = False

    @property
    def streak(self) -> int:
        """Years recognised in a row, this one the last."""
        known, count = set(self.years), 0
        while self.year - count in known:
            count += 1
        return count

    @property
    def bad(self) -> bool:
        """Whether the results do not carry a commendation."""
        return self.result != RECOGNISED or self.occurring

    @property
    def verdict(self) -> str:
        """The result in words."""
        return {
            RECOGNISED: f"Được công nhận năm {self.year}",
            REFUSED: f"Không được công nhận năm {self.year}",
            OPEN: f"Chưa có quyết định công nhận năm {self.year}",
            ABSENT: f"Không đăng ký năm {self.year}",
        }[self.result]

    @property
    def lines(self) -> list[str]:
        """Everything the check found, each a short sentence without its last sign."""
        found = [f"{self.verdict}{f' ({self.decision})' if self.decision else ''}"]
        if self.streak > 1:
            found.append(f"Công nhận {self.streak} năm liên tục")
        earlier = [str(year) for year in self.years if year != self.year]
        if earlier:
            found.append(f"Các năm khác được công nhận: {', '.join(earlier)}")
        if self.holding is not None:
            found.append(f"Thẩm định: đảm bảo {self.holding}/{self.standards} tiêu chuẩn")
        if self.occurring:
            found.append("Có trường hợp không đảm bảo xảy ra")
        return found


@dataclass(slots=True)
class Proposal:
    """One row with what stands beside it."""

    row: Commendation
    unit: UnitResult | None = None
    warnings: list[str] = field(default_factory=list)
    tick: str = ""  # on a page: what it may be ticked for

    @property
    def against(self) -> bool:
        """Whether accepting it needs a reason."""
        return self.unit is not None and self.unit.bad

    @property
    def lines(self) -> list[str]:
        return [*(self.unit.lines if self.unit else []), *self.warnings]


def office(row: Commendation) -> str:
    """Who proposes, for columns; home affairs' own rows have neither ward nor agency."""
    return str(row.ward or row.agency or "Cơ quan nội vụ thành phố")


def proposals(user: AnyUser, plan: Plan) -> QuerySet[Commendation]:
    """The plan's rows in the person's scope: collectives first, then by proposer."""
    return visible_commendations(user).filter(plan=plan).select_related(*_ALONG).order_by(*IN_ORDER)


_ALONG = ("plan", "ward", "agency", "unit__ward", "decision", "added_by")
IN_ORDER = ("kind", "ward__position", "agency__position", "unit__sort_name", "name", "pk")


def checked(user: AnyUser, plan: Plan, rows: Iterable[Commendation]) -> list[Proposal]:
    """The rows with their checks; six queries whatever their number.

    An award is told to all wards; how the unit behind it stands, to its own and to the city.
    """
    found = list(rows)
    ward = user.ward_id if isinstance(user, User) and user.role in WARD_ROLES else None
    told = [row for row in found if ward is None or (row.unit is not None and row.unit.ward_id == ward)]
    results = unit_results(plan, {row.unit_id for row in told if row.unit_id})
    this_year = [
        _key(*facts) for facts in _named(visible_commendations(user).filter(plan=plan).exclude(state="declined"))
    ]
    last = Commendation.objects.filter(plan__year=plan.year - 1, state=Commendation.State.AWARDED)
    last_year = {_key(*facts) for facts in _named(last)}
    made = []
    for row in found:
        key = _key(row.kind, row.unit_id, row.name)
        proposal = Proposal(row, results.get(row.unit_id) if row.unit_id else None)
        if row.state != Commendation.State.DECLINED and this_year.count(key) > 1:
            proposal.warnings.append(f"◆ Được đề nghị {this_year.count(key)} lần trong năm {plan.year}")
        if key in last_year:
            proposal.warnings.append(f"◆ Đã được khen thưởng năm {plan.year - 1}")
        made.append(proposal)
    return made


def _named(rows: QuerySet[Commendation]) -> Iterable[tuple[str, int | None, str]]:
    return rows.order_by().values_list("kind", "unit", "name")


def _key(kind: str, unit: int | None, name: str) -> tuple[str, int | str]:
    """What makes two rows the same: the unit of a collective, else the name as it is spoken."""
    if kind == Commendation.Kind.COLLECTIVE and unit:
        return kind, unit
    return kind, " ".join(name.casefold().split())


def unit_results(plan: Plan, unit_ids: Collection[int]) -> dict[int, UnitResult]:
    """How these units stand under the plan and stood before, corrections included; four queries."""
    units = Unit.objects.filter(pk__in=unit_ids).select_related("ward")
    made = {unit.pk: UnitResult(unit, plan.year) for unit in units}
    dossiers = Assessment.objects.filter(registration__unit__in=made, registration__plan__year__lte=plan.year)
    rows = list(dossiers.values_list("pk", "registration__unit", "registration__plan__year"))
    lines = standing_lines([pk for pk, _, _ in rows])
    now = {}
    for pk, unit_id, year in rows:
        line, result = lines.get(pk), made[unit_id]
        if line is not None and line.result == DecisionLine.Result.RECOGNISED:
            result.years.append(year)
        if year == plan.year:
            now[pk] = result
            result.result = line.result if line else OPEN
            result.decision = f"số {line.decision.number}" if line else ""
    for result in made.values():
        result.years.sort()
    for summary in Summary.objects.filter(assessment__in=now, layer=Layer.EFFECTIVE):
        result, standards = now[summary.assessment_id], summary.outcome.get("standards", [])
        result.holding, result.standards = sum(bool(one["holds"]) for one in standards), len(standards)
        result.occurring = bool(summary.outcome.get("occurring"))
    return made


def decisions(user: AnyUser, plan: Plan | None = None) -> QuerySet[CommendationDecision]:
    """Decisions with how many collectives and persons they commend, the newest first."""
    found = (
        visible_commendation_decisions(user)
        .select_related("plan", "recorded_by", "confirmed_by")
        .annotate(
            collectives=Count("commendations", filter=Q(commendations__kind=Commendation.Kind.COLLECTIVE)),
            persons=Count("commendations", filter=Q(commendations__kind=Commendation.Kind.PERSON)),
        )
        .order_by("-issued_on", "-pk")
    )
    return found if plan is None else found.filter(plan=plan)


def unconfirmed(user: User) -> QuerySet[CommendationDecision]:
    """What waits for the city's leader."""
    return decisions(user).filter(confirmed_at__isnull=True)


def choosable(user: User, plan: Plan, decision: CommendationDecision | None = None) -> QuerySet[Commendation]:
    """Accepted rows that stand in no other decision."""
    free = Q(decision__isnull=True)
    if decision is not None and decision.pk:
        free |= Q(decision=decision)
    return proposals(user, plan).filter(free, state=Commendation.State.ACCEPTED)


def awards_of(unit: Unit) -> QuerySet[Commendation]:
    """What the unit, and persons of it, were commended for over the years; awards are no secret."""
    found = Commendation.objects.filter(unit=unit, state=Commendation.State.AWARDED)
    return found.select_related("plan", "decision").order_by("-plan__year", "kind", "name", "pk")


def proposers(user: AnyUser, plan: Plan) -> tuple[list[Ward], list[Agency]]:
    """The wards and agencies that have a row here, for the filter."""
    rows = visible_commendations(user).filter(plan=plan)
    wards = Ward.objects.filter(pk__in=rows.exclude(ward=None).values("ward")).order_by("position")
    agencies = Agency.objects.filter(pk__in=rows.exclude(agency=None).values("agency")).order_by("position")
    return list(wards), list(agencies)
