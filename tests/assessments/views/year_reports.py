"""Half-year and yearly reports of the small city: a ward's draft and sent one, an agency's, and the city's own."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from assessments.models import Plan, YearReport
from assessments.queries.year.reports import count
from localities.models import Ward

WORDS = {
    "results": "Đã họp dân và thông qua quy ước.",
    "difficulties": "Nhà văn hóa chật.",
    "causes": "Kinh phí hạn chế.",
    "proposals": "Đề nghị hỗ trợ sửa nhà văn hóa.",
    "next_tasks": "Hoàn thiện các tiêu chí chưa đạt.",
}


def build(people: dict[str, User], ward: Ward, plan: Plan) -> None:
    """Past the deeds, which have tests of their own; found again by `report`."""
    make(plan, "half", ward=ward)
    make(plan, "year", people["lf"], state="submitted", ward=ward)
    make(plan, "half", people["ag"], people["ha"], state="accepted", agency=people["ag"].agency)
    make(plan, "half", number="5/BC-UBND", signed_on=plan.issued_on)
    make(plan, "year", people["ha"], people["ha"], state="accepted", number="9/BC-UBND", signed_on=plan.issued_on)


def make(plan: Plan, period: str, sender: User | None = None, taker: User | None = None, **facts: Any) -> YearReport:
    """A report in a state, with the figures that the state asks for."""
    report = YearReport(plan=plan, period=period, **WORDS | facts)
    if sender:
        now = timezone.now()
        report.submitted_at, report.submitted_by, report.received_on = now, sender, timezone.localdate()
        report.figures = count(report)
    if taker:
        report.accepted_at, report.accepted_by = timezone.now(), taker
    report.save()
    return report


def report(plan: Plan, period: str, ward: Ward | None = None, **of: Any) -> YearReport:
    """The one of this office: without any the city's own."""
    return YearReport.objects.get(plan=plan, period=period, ward=ward, **{"agency": None} | of)
