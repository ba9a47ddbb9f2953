"""The year's money as it is read: wards side by side, an estimate's lines with their differences, what waits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from accounts.models import User
from assessments import money
from assessments.models import BudgetDecision, BudgetEstimate, BudgetLine, Event, Milestone, Plan
from assessments.permissions import AnyUser, may_see_all_budgets, visible_budget_decisions, visible_estimates
from assessments.queries.year import history, milestone
from localities.models import Unit, Ward
from localities.queries import wards_in

State = BudgetEstimate.State
# While the appraisal goes on, its figures are the finance agency's own.
TOLD = (State.RETURNED, State.APPRAISED, State.APPROVED)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with its three amounts as far as they may be told."""

    line: BudgetLine
    amounts: money.Three

    @property
    def sources(self) -> money.Sources:
        return money.Sources(self.line.state_budget, self.line.social, self.line.other)

    @property
    def quantity(self) -> str:
        return money.quantity_text(self.line.quantity)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one estimate with their sums."""

    rows: list[LineRow]

    @property
    def total(self) -> money.Three:
        return money.total(row.amounts for row in self.rows)

    @property
    def sources(self) -> money.Sources:
        return sum((row.sources for row in self.rows), money.Sources())


def sheet(estimate: BudgetEstimate, *, appraiser: bool = True) -> Sheet:
    """The estimate's lines; who is no `appraiser` sees what was appraised or approved only once it is said."""
    return Sheet([_row(estimate, line, appraiser) for line in estimate.lines.all()])


def lines() -> QuerySet[BudgetLine]:
    """Lines with their unit, in their order."""
    return BudgetLine.objects.select_related("unit").order_by("position", "pk")


def _row(estimate: BudgetEstimate, line: BudgetLine, appraiser: bool) -> LineRow:
    appraised = line.appraised if appraiser or estimate.state in TOLD else None
    approved = line.approved if appraiser or estimate.state == State.APPROVED else None
    return LineRow(line, money.Three(line.asked, appraised, approved))


def estimates(user: User) -> QuerySet[BudgetEstimate]:
    """Those that exist for the person, with all that their pages and papers tell; two queries."""
    return _full(visible_estimates(user))


def _full(found: QuerySet[BudgetEstimate]) -> QuerySet[BudgetEstimate]:
    found = found.select_related("plan", "ward", "submitted_by", "appraised_by", "decision__confirmed_by")
    return found.prefetch_related(Prefetch("lines", lines()))


def own(user: User, plan: Plan) -> BudgetEstimate | None:
    """The estimate of the person's own ward."""
    return visible_estimates(user).filter(plan=plan, ward=user.ward_id or 0).first()


def last_year(user: User, plan: Plan) -> BudgetEstimate | None:
    """The own ward's nearest earlier estimate that has lines, to copy and to compare."""
    found = estimates(user).filter(ward=user.ward_id or 0, plan__year__lt=plan.year, lines__isnull=False)
    return found.order_by("-plan__year").first()


def before(estimate: BudgetEstimate) -> BudgetEstimate | None:
    """The same ward's nearest earlier approved estimate, with its sums."""
    found = BudgetEstimate.objects.filter(
        ward=estimate.ward_id, plan__year__lt=estimate.plan.year, state=State.APPROVED
    )
    return _summed(found.select_related("plan")).order_by("-plan__year").first()


def _summed(found: QuerySet[BudgetEstimate]) -> QuerySet[BudgetEstimate]:
    return found.annotate(
        line_count=Count("lines"),
        said_count=Count("lines", filter=Q(lines__appraised__isnull=False)),
        asked_sum=Sum("lines__asked"),
        appraised_sum=Sum("lines__appraised"),
        approved_sum=Sum("lines__approved"),
        **{f"{key}_sum": Sum(f"lines__{key}") for key in money.SOURCES},
    )


def units(user: User) -> QuerySet[Unit]:
    """What lines of the own ward may be for."""
    return Unit.objects.filter(ward=user.ward_id or 0).order_by("sort_name")


def events(estimate: BudgetEstimate, *, appraiser: bool) -> QuerySet[Event]:
    """What was done with the estimate, the newest first; how the appraisal goes on is the appraiser's own."""
    found = history(estimate.plan, estimate)
    return found if appraiser or estimate.state in TOLD else found.exclude(action="appraising")


# ---- All wards side by side ----


@dataclass(frozen=True, slots=True)
class WardRow:
    """One ward's estimate as the city sees it; without an estimate the ward has sent none."""

    ward: Ward
    estimate: BudgetEstimate | None
    late: bool
    missing_late: bool
    returned: bool = False  # given back, and with its ward again
    lines: int = 0
    amounts: money.Three | None = None
    sources: money.Sources = field(default_factory=money.Sources)


@dataclass(frozen=True, slots=True)
class Table:
    """The wards of a plan's time, their sums, and who is missing."""

    rows: list[WardRow]
    before: date | None

    @property
    def sent(self) -> list[WardRow]:
        return [row for row in self.rows if row.estimate]

    @property
    def missing(self) -> list[WardRow]:
        return [row for row in self.rows if not row.estimate]

    @property
    def late(self) -> list[WardRow]:
        return [row for row in self.rows if row.late]

    @property
    def known(self) -> list[money.Three]:
        return [row.amounts for row in self.rows if row.amounts]

    @property
    def appraised_count(self) -> int:
        return sum(amounts.appraised is not None for amounts in self.known)

    @property
    def approved_count(self) -> int:
        return sum(amounts.approved is not None for amounts in self.known)

    @property
    def total(self) -> money.Three:
        """Sums of what is known: asked of all that sent, appraised and approved of those that are."""
        return money.Three(
            sum(one.asked for one in self.known),
            sum(one.appraised or 0 for one in self.known) if self.appraised_count else None,
            sum(one.approved or 0 for one in self.known) if self.approved_count else None,
        )

    @property
    def sources(self) -> money.Sources:
        return sum((row.sources for row in self.rows), money.Sources())


def table(user: User, plan: Plan, today: date) -> Table:
    """Every ward with its estimate; the same four queries however many there are."""
    due = milestone(plan, Milestone.Duty.BUDGET)
    found = {row.ward_id: row for row in _summed(visible_estimates(user).filter(plan=plan)).select_related("decision")}
    back = set(BudgetEstimate.objects.filter(plan=plan, state=State.RETURNED).values_list("ward", flat=True))
    rows = []
    for ward in wards_in(plan.year):
        row = found.get(ward.pk)
        if row is None:
            rows.append(WardRow(ward, None, False, bool(due and today >= due), ward.pk in back))
        else:
            count: int = row.line_count  # type: ignore[attr-defined]
            rows.append(WardRow(ward, row, row.came_late(due), False, False, count, _three(row), _sources(row)))
    return Table(rows, due)


def _three(row: BudgetEstimate) -> money.Three:
    done = row.state in (State.APPRAISED, State.APPROVED)
    return money.Three(
        int(row.asked_sum or 0),  # type: ignore[attr-defined]
        int(row.appraised_sum or 0) if done else None,  # type: ignore[attr-defined]
        int(row.approved_sum or 0) if row.state == State.APPROVED else None,  # type: ignore[attr-defined]
    )


def _sources(row: BudgetEstimate) -> money.Sources:
    return money.Sources(**{key: int(getattr(row, f"{key}_sum") or 0) for key in money.SOURCES})


def year_totals(user: User, plan: Plan) -> tuple[int, money.Three] | None:
    """The nearest earlier year with approved estimates that the person sees, and its sums."""
    found = visible_estimates(user).filter(plan__year__lt=plan.year, state=State.APPROVED)
    year = found.order_by("-plan__year").values_list("plan__year", flat=True).first()
    if year is None:
        return None
    sums = BudgetLine.objects.filter(estimate__in=found.filter(plan__year=year).values("pk")).aggregate(
        asked=Sum("asked"), appraised=Sum("appraised"), approved=Sum("approved")
    )
    return year, money.Three(*(int(sums[key] or 0) for key in ("asked", "appraised", "approved")))


# ---- Decisions ----


def decisions(user: User, plan: Plan | None = None) -> QuerySet[BudgetDecision]:
    """Decisions that exist for the person, with how many estimates and how much they approve."""
    found = visible_budget_decisions(user).select_related("plan", "recorded_by", "confirmed_by")
    if plan is not None:
        found = found.filter(plan=plan)
    return found.annotate(
        estimate_count=Count("estimates", distinct=True), approved_sum=Sum("estimates__lines__approved")
    )


def decided(decision: BudgetDecision) -> list[tuple[BudgetEstimate, Sheet]]:
    """The estimates of a visible decision with their sums; lines are told only of those that are `readable`."""
    found = _full(BudgetEstimate.objects.filter(decision=decision)).order_by("ward__position", "pk")
    return [(row, sheet(row)) for row in found]


def readable(user: AnyUser, decision: BudgetDecision) -> set[int]:
    """The estimates of a visible decision whose lines this person reads too: a ward its own."""
    return set(visible_estimates(user).filter(decision=decision).values_list("pk", flat=True))


def decision_events(user: AnyUser, decision: BudgetDecision) -> QuerySet[Event]:
    """What was done with the decision; single lines' amounts only for who reads all of them."""
    found = history(decision.plan, decision)
    return found if may_see_all_budgets(user) else found.exclude(action="amounts")


def decidable(user: User, plan: Plan, decision: BudgetDecision | None) -> list[BudgetEstimate]:
    """Appraised estimates that are free for a decision, or already in this one."""
    free = Q(decision__isnull=True)
    if decision is not None and decision.pk:
        free |= Q(decision=decision.pk)
    found = visible_estimates(user).filter(free, plan=plan, state=State.APPRAISED)
    return list(_summed(found).select_related("ward").order_by("ward__position", "pk"))


def total_of(sheets: Iterable[Sheet]) -> money.Three:
    """The sums over several estimates."""
    return money.total(one.total for one in sheets)


# ---- Desks ----


@dataclass(frozen=True, slots=True)
class FinanceDesk:
    """What lies with the finance agency in a plan's year."""

    waiting: list[BudgetEstimate]  # to be appraised, the first sent first
    free: list[BudgetEstimate]  # appraised, in no decision
    unconfirmed: list[BudgetDecision]
    returned: int  # with their wards again
    due: date | None


def finance_desk(user: User, plan: Plan) -> FinanceDesk:
    """Estimates to appraise and decisions on their way."""
    found = _summed(visible_estimates(user).filter(plan=plan)).select_related("ward").order_by("submitted_at")
    rows = list(found)
    return FinanceDesk(
        waiting=[row for row in rows if row.state == State.SUBMITTED],
        free=[row for row in rows if row.state == State.APPRAISED and row.decision_id is None],
        unconfirmed=list(decisions(user, plan).filter(confirmed_at__isnull=True)),
        returned=BudgetEstimate.objects.filter(plan=plan, state=State.RETURNED).count(),
        due=milestone(plan, Milestone.Duty.BUDGET),
    )


def unconfirmed(user: User, plan: Plan) -> list[BudgetDecision]:
    """Budget decisions that wait for a city leader."""
    return list(decisions(user, plan).filter(confirmed_at__isnull=True))
