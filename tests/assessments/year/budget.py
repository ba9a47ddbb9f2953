"""Estimates in every state for tests, made through the deeds."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from assessments import money
from assessments.models import BudgetDecision, BudgetEstimate, Notice, Plan
from assessments.year import budget, budget_appraisal, budget_decisions, rows
from assessments.year.budget import Line
from tests import factories


def line(content: str = "Tuyên truyền", asked: int = 6_000_000, **changes: Any) -> Line:
    """Two of something, paid by the State."""
    facts = {"measure": "bộ", "quantity": Decimal(2), "unit_price": asked // 2, "sources": money.Sources(asked)}
    return Line(content, **(facts | changes))  # type: ignore[arg-type]


TWO = (line(), line("Vệ sinh môi trường", 3_000_000, sources=money.Sources(1_000_000, 1_500_000, 500_000)))


def draft(officer: User, plan: Plan, lines: Sequence[Line] = TWO, **changes: Any) -> BudgetEstimate:
    """The officer's ward's estimate, as it lies with the ward."""
    facts: dict[str, Any] = {"number": "", "signed_on": None, "explanation": "", "version": rows.NEW}
    return budget.save_estimate(user=officer, plan_id=plan.pk, lines=lines, **(facts | changes))


def sent(officer: User, leader: User, plan: Plan, lines: Sequence[Line] = TWO) -> BudgetEstimate:
    """With the finance agency."""
    made = draft(officer, plan, lines)
    return budget.send_estimate(user=leader, estimate_id=made.pk, version=made.version)


def appraised(finance: User, estimate: BudgetEstimate) -> BudgetEstimate:
    """As it was asked."""
    return budget_appraisal.appraise(
        user=finance,
        estimate_id=estimate.pk,
        said={},
        note="",
        version=estimate.version,
        rest_as_asked=True,
        finish=True,
    )


def paper(number: str = "77/QĐ-UBND") -> BudgetDecision:
    """A decision's own words."""
    return BudgetDecision(
        number=number, issued_on=timezone.localdate(), title="Phê duyệt kinh phí", signer_title="CHỦ TỊCH"
    )


def decided(finance: User, plan: Plan, *estimates: BudgetEstimate, number: str = "77/QĐ-UBND") -> BudgetDecision:
    """A decision over these, not yet confirmed."""
    return budget_decisions.record_decision(
        user=finance,
        plan_id=plan.pk,
        decision=paper(number),
        estimate_ids=[estimate.pk for estimate in estimates],
        version=rows.NEW,
    )


def confirmed(leader: User, decision: BudgetDecision) -> BudgetDecision:
    """Approved for good."""
    return budget_decisions.confirm_decision(user=leader, decision_id=decision.pk, version=decision.version)


class City:
    """A ward, the plan, and the people who have a part in its money."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.ward = factories.WardFactory()
        self.unit = factories.UnitFactory(ward=self.ward)
        self.plan: Plan = plan or factories.PlanFactory(year=2025)
        self.officer: User = factories.WardOfficerFactory(ward=self.ward)
        self.leader: User = factories.WardLeaderFactory(ward=self.ward)
        self.finance: User = factories.FinancePlanningFactory()
        self.home: User = factories.HomeAffairsFactory()
        self.head: User = factories.CityLeaderFactory()

    def sent(self) -> BudgetEstimate:
        return sent(self.officer, self.leader, self.plan)

    def appraised(self) -> BudgetEstimate:
        return appraised(self.finance, self.sent())

    def say(self, estimate: BudgetEstimate, *said: tuple[int | None, str], finish: bool = False) -> BudgetEstimate:
        """Appraise the lines from the first on."""
        lines = estimate.lines.order_by("position")
        return budget_appraisal.appraise(
            user=self.finance,
            estimate_id=estimate.pk,
            said={row.pk: what for row, what in zip(lines, said, strict=False)},
            note="",
            version=BudgetEstimate.objects.get(pk=estimate.pk).version,
            finish=finish,
        )


def again(estimate: BudgetEstimate) -> BudgetEstimate:
    """As it is stored by now."""
    return BudgetEstimate.objects.get(pk=estimate.pk)


def told(user: User) -> list[str]:
    """The texts of a person's notices, the oldest first."""
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("text", flat=True))
