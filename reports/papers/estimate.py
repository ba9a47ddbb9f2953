"""The ward's submission letter (tờ trình) for its money of the year, with the lines as its appendix."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from assessments import money
from assessments.models import BudgetEstimate
from assessments.permissions import AnyUser, may_appraise_budget
from assessments.queries.year import budget
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers import budget_parts, city, law
from reports.papers.base import Official


@dataclass(frozen=True, slots=True)
class Estimate(Official):
    """Everything the template prints; what the ward asks for, and nothing that others said of it."""

    abbreviation = "TTr"
    estimate: BudgetEstimate
    sheet: budget.Sheet
    authority: Authority | None
    finance: str
    letterhead: offices.Letterhead
    signing: offices.Signing

    @property
    def title(self) -> str:
        return f"Tờ trình dự toán kinh phí năm {self.year} của {self.place}"

    @property
    def short(self) -> str:
        return f"du-toan-{plain(str(self.estimate.ward))}-{self.year}"

    @property
    def year(self) -> int:
        return self.estimate.plan.year

    @property
    def draft(self) -> bool:
        """As long as it lies with the ward."""
        return self.estimate.state in (BudgetEstimate.State.DRAFT, BudgetEstimate.State.RETURNED)

    @property
    def edition(self) -> str:
        """Between two sendings what is asked does not change."""
        at = self.estimate.submitted_at
        return "" if self.draft or at is None else f"gui-{timezone.localtime(at):%Y%m%d-%H%M%S}"

    @property
    def number(self) -> str:
        """As typed; a bare number gets the symbol it lacks."""
        given = self.estimate.number.strip()
        return given if not given or "/" in given else f"{given.zfill(2)}/{self.abbreviation}-{self.letterhead.symbol}"

    @property
    def dated(self) -> date | None:
        return self.estimate.signed_on

    @property
    def place(self) -> str:
        """For instance: phường Tân Phong."""
        ward = self.estimate.ward
        return f"{ward.get_kind_display().lower()} {ward.name}"

    @property
    def own(self) -> str:
        """The people's committee of the ward."""
        return self.estimate.ward.authority_name

    @property
    def city(self) -> str:
        return city.committee(self.authority)

    @property
    def addressees(self) -> list[str]:
        return [f"{self.city} (qua {self.finance})"]

    @property
    def grounds(self) -> list[str]:
        return [law.budget(self.year), city.plan_ground(self.estimate.plan, self.authority)]

    @property
    def receivers(self) -> list[str]:
        return ["Như trên", self.finance]

    @property
    def attached(self) -> str:
        day = wording.long_date(self.dated) if self.dated else wording.open_date(self.year)
        return f"Kèm theo Tờ trình số {self.number_line.removeprefix('Số: ')} {day} của {self.own}"

    @property
    def lines(self) -> list[budget_parts.Line]:
        return budget_parts.lines(self.sheet)

    @property
    def total(self) -> str:
        return budget_parts.in_full(self.sheet.total.asked)

    @property
    def sums(self) -> list[str]:
        """Asked, then by source, for the last line of the table."""
        return [money.dong(self.sheet.total.asked), *(money.dong(amount) for _, amount in self.sheet.sources.rows())]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """Sources that give something."""
        return [(name, money.dong(amount)) for name, amount in self.sheet.sources.rows() if amount]


def read(user: AnyUser, ids: tuple[int, ...]) -> Estimate:
    """The estimate in the person's scope; raises BudgetEstimate.DoesNotExist outside it."""
    [pk] = ids
    estimate = budget.estimates(user).get(pk=pk)  # type: ignore[arg-type]
    day = estimate.signed_on or estimate.received_on or timezone.localdate()
    authority = authority_on(estimate.plan.issued_on)
    return Estimate(
        estimate=estimate,
        sheet=budget.sheet(estimate, appraiser=may_appraise_budget(user)),
        authority=authority,
        finance=budget_parts.finance_name(budget_parts.finance(), day),
        letterhead=offices.of_ward(estimate.ward, authority),
        signing=offices.signing(estimate.ward, day),
    )
