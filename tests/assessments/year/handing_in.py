"""What an office hands in, past the pages that write it: a ward plan, an estimate, a report."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import User
from assessments.models import BudgetEstimate, Milestone, Plan, WardPlan, YearReport

Duty = Milestone.Duty
PERIODS = {Duty.HALF_YEAR_REPORT: "half", Duty.YEARLY_REPORT: "year"}


def hand_in(duty: str, plan: Plan, user: User, *, on: date | None = None, state: str = "submitted") -> Any:
    """The row of the person's own office in this state, received on this day."""
    sent = {"submitted_at": timezone.now(), "submitted_by": user, "received_on": on or timezone.localdate()}
    row: dict[str, Any] = {"plan": plan, "state": state} | (sent if state not in ("draft", "returned") else {})
    if state == "returned":
        row["return_reason"] = "Thiếu phụ lục"
    if duty in PERIODS:
        figures = {"figures": {}} if "submitted_at" in row else {}
        return YearReport.objects.create(
            period=PERIODS[Duty(duty)], ward=user.ward, agency=user.agency, **row, **figures
        )
    model = {Duty.WARD_PLAN: WardPlan, Duty.BUDGET: BudgetEstimate}[Duty(duty)]
    return model._default_manager.create(ward=user.ward, **row)
