"""All wards' money of a year: the table of three amounts, and the finance agency's submission that rests on it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils import timezone

from assessments import money
from assessments.models import BudgetEstimate, Plan
from assessments.permissions import AnyUser, may_see_all_budgets
from assessments.queries.year import budget
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import offices, wording
from reports.papers import budget_parts, city, law
from reports.papers.base import NotYet, Official

State = BudgetEstimate.State
SUBMITTED = (State.APPRAISED,)  # what the letter to the city is over: appraised, and not decided yet
NOTHING_APPRAISED = "Chỉ có khi đã thẩm định xong dự toán của ít nhất một xã, phường."
ALL_DECIDED = "Mọi dự toán đã thẩm định đều đã được phê duyệt nên không còn dự toán nào để trình."


@dataclass(frozen=True, slots=True)
class Row:
    """One ward, everything in words."""

    number: int
    ward: str
    state: str
    amounts: list[str]  # asked, appraised, its difference, approved, its difference
    sources: list[str]


@dataclass(frozen=True, slots=True)
class BudgetTable(Official):
    """What table and workbook are made of."""

    plan: Plan
    table: budget.Table
    sheets: list[tuple[BudgetEstimate, budget.Sheet]]
    authority: Authority | None
    office: str
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def title(self) -> str:
        return f"Bảng tổng hợp thẩm định kinh phí năm {self.year}"

    @property
    def short(self) -> str:
        return f"tham-dinh-kinh-phi-{self.year}"

    @property
    def draft(self) -> bool:
        """Until every estimate that was sent is approved."""
        return any(row.estimate.state != State.APPROVED for row in self.table.sent if row.estimate)

    @property
    def edition(self) -> str:
        """Never kept: later estimates change it."""
        return ""

    @property
    def founded(self) -> str:
        return city.plan_ground(self.plan, self.authority).removeprefix("Căn cứ ")

    @property
    def rows(self) -> list[Row]:
        return [
            Row(
                number,
                str(row.ward),
                str(row.estimate.get_state_display()) if row.estimate else "Chưa gửi",
                _three(row.amounts) if row.amounts else [""] * 5,
                [money.dong(amount) for _, amount in row.sources.rows()] if row.estimate else [""] * 3,
            )
            for number, row in enumerate(self.table.rows, 1)
        ]

    @property
    def sums(self) -> list[str]:
        """The last line, as the amounts of a row."""
        total = self.table.total
        return [money.dong(total.asked), money.dong(total.appraised), "", money.dong(total.approved), ""]

    @property
    def source_sums(self) -> list[str]:
        """The same for the sources."""
        return [money.dong(amount) for _, amount in self.table.sources.rows()]

    @property
    def asked(self) -> str:
        return budget_parts.in_full(self.table.total.asked)

    @property
    def appraised(self) -> str:
        return budget_parts.in_full(self.table.total.appraised or 0)

    @property
    def approved(self) -> str:
        return budget_parts.in_full(self.table.total.approved) if self.table.total.approved is not None else ""

    @property
    def attached(self) -> str:
        return f"Kèm theo Bảng tổng hợp thẩm định kinh phí năm {self.year}"

    @property
    def details(self) -> list[tuple[str, list[budget_parts.Line], list[str]]]:
        """Each ward's lines with their sums: asked, appraised, approved."""
        found = []
        for estimate, sheet in self.sheets:
            total = sheet.total
            sums = [money.dong(amount) for amount in (total.asked, total.appraised, total.approved)]
            found.append((str(estimate.ward), budget_parts.lines(sheet), sums))
        return found


@dataclass(frozen=True, slots=True)
class BudgetSubmission(BudgetTable):
    """The finance agency's letter that puts appraised estimates before the city; `table` has their rows alone."""

    abbreviation = "TTr"
    decided: list[str]  # wards that the city has decided on already
    missing: list[str]  # wards without an appraised estimate

    @property
    def title(self) -> str:
        return f"Tờ trình phê duyệt kinh phí năm {self.year}"

    @property
    def short(self) -> str:
        return f"to-trinh-kinh-phi-{self.year}"

    @property
    def draft(self) -> bool:
        """It has no number here: the clerk's copy is the final one."""
        return False

    @property
    def city(self) -> str:
        return city.committee(self.authority)

    @property
    def addressees(self) -> list[str]:
        return [self.city]

    @property
    def grounds(self) -> list[str]:
        return [law.budget(self.year), city.plan_ground(self.plan, self.authority)]

    @property
    def receivers(self) -> list[str]:
        return ["Như trên", city.home_affairs(self.authority), "UBND các xã, phường"]

    @property
    def attached(self) -> str:
        return f"Kèm theo Tờ trình số {self.number_line.removeprefix('Số: ')} {wording.open_date(self.year)}"

    @property
    def remarks(self) -> list[str]:
        """The wards that the letter is not over, each kind in one sentence."""
        found = []
        if self.decided:
            found.append(f"Đã được phê duyệt, không thuộc Tờ trình này: {'; '.join(self.decided)}.")
        if self.missing:
            found.append(f"Chưa gửi dự toán hoặc chưa thẩm định xong: {'; '.join(self.missing)}.")
        return found

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What the agency said of an estimate as a whole."""
        return [(str(row.ward), row.appraisal_note) for row, _ in self.sheets if row.appraisal_note]


def _three(amounts: money.Three) -> list[str]:
    return [
        money.dong(amounts.asked),
        money.dong(amounts.appraised),
        money.signed(amounts.cut),
        money.dong(amounts.approved),
        money.signed(amounts.changed),
    ]


def read(user: AnyUser, ids: tuple[int, ...]) -> BudgetTable:
    """All estimates that the city has. Raises Plan.DoesNotExist for whoever does not see them side by side."""
    return BudgetTable(*_read(user, ids, ()))


def submission(user: AnyUser, ids: tuple[int, ...]) -> BudgetSubmission:
    """The letter over what waits for the city's decision.

    Raises Plan.DoesNotExist as `read`, NotYet before anything is appraised and once all of it is decided.
    """
    plan, table, sheets, authority, office, letterhead, signing = _read(user, ids, SUBMITTED)
    told = [row for row in table.rows if row.estimate and row.estimate.state in SUBMITTED]
    decided = [row.ward for row in table.rows if row.estimate and row.estimate.state == State.APPROVED]
    if not told:
        raise NotYet(ALL_DECIDED if decided else NOTHING_APPRAISED)
    named = {*decided, *(row.ward for row in told)}
    missing = [row.ward for row in table.rows if row.ward not in named]
    return BudgetSubmission(
        plan, replace(table, rows=told), sheets, authority, office, letterhead, signing,
        decided=_named(decided), missing=_named(missing),
    )  # fmt: skip


def _named(wards: list[Ward]) -> list[str]:
    return [wording.inside(ward) for ward in wards]


_Parts = tuple[
    Plan,
    budget.Table,
    list[tuple[BudgetEstimate, budget.Sheet]],
    Authority | None,
    str,
    offices.Letterhead,
    offices.Signing,
]


def _read(user: AnyUser, ids: tuple[int, ...], states: tuple[str, ...]) -> _Parts:
    [pk] = ids
    plans = Plan.objects.select_related("criteria_set")
    plan = (plans if may_see_all_budgets(user) else plans.none()).get(pk=pk)
    table = budget.table(user, plan, timezone.localdate())  # type: ignore[arg-type]
    found = budget.estimates(user).filter(plan=plan).order_by("ward__position", "pk")  # type: ignore[arg-type]
    told = [row for row in found if not states or row.state in states]
    # What is still being appraised is the agency's own until it is finished.
    sheets = [(row, budget.sheet(row, appraiser=False)) for row in told]
    authority, day = authority_on(plan.issued_on), _day(plan, told)
    agency = budget_parts.finance()
    return (
        plan,
        table,
        sheets,
        authority,
        budget_parts.finance_name(agency, day),
        budget_parts.finance_letterhead(agency, authority, day),
        budget_parts.finance_signing(agency, day),
    )


def _day(plan: Plan, found: list[BudgetEstimate]) -> date:
    """Whose names count: those of the day of the last appraisal, within the plan's year."""
    days = [timezone.localdate(row.appraised_at) for row in found if row.appraised_at]
    return min(max(days, default=plan.issued_on), date(plan.year + 1, 1, 1) - timedelta(days=1))
