"""What the deeds of half-year and yearly reports share: whose it is, the locked row, what is refused, who is told."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import AGENCY_ROLES, Role, User
from assessments import notices
from assessments.deeds import Refusal
from assessments.models import Event, Notice, YearReport
from assessments.permissions import may_receive, may_write_year_report, visible_year_reports
from assessments.queries.year import history, milestone
from assessments.queries.year import reports as queries
from assessments.year import rows


def office_name(report: YearReport) -> str:
    """Whose report it is, as lists name it."""
    return str(report.ward or report.agency or "UBND thành phố")


def is_city(report: YearReport) -> bool:
    """Whether it is the city's own, made by home affairs."""
    return report.ward_id is None and report.agency_id is None


def name(report: YearReport) -> str:
    """Inside a sentence: báo cáo 6 tháng năm 2025 của Phường Tân Phong."""
    return f"báo cáo {period_name(report)} {report.plan.year} của {office_name(report)}"


def period_name(report: YearReport) -> str:
    """6 tháng năm; năm."""
    return "6 tháng năm" if report.period == YearReport.Period.HALF else "năm"


def due(report: YearReport) -> date | None:
    """The day before which it is due, if the plan says one."""
    return milestone(report.plan, queries.DUTIES[report.period])


def lock(user: User, report_id: int) -> YearReport:
    """The report, locked, and its plan held open."""
    return rows.lock_in_plan(visible_year_reports(user).select_related("ward", "agency"), report_id)


def lock_for_city(user: User, report_id: int) -> YearReport:
    """Another office's report, for home affairs, which takes reports."""
    try:
        report = lock(user, report_id)
    except YearReport.DoesNotExist:
        _say_it_left(user, report_id)
        raise
    if not may_receive(user) or is_city(report):
        raise Refusal("Chỉ cơ quan nội vụ tiếp nhận, trả lại báo cáo của xã, phường và cơ quan.")
    return report


def _say_it_left(user: User, report_id: int) -> None:
    """Raises Refusal where home affairs had the report and somebody took it back or gave it back meanwhile."""
    report = YearReport.objects.filter(pk=report_id).select_related("plan", "ward", "agency").first()
    if report and may_receive(user) and history(report.plan, report).filter(action="sent").exists():
        raise Refusal(f"Báo cáo của {office_name(report)} vừa được rút lại hoặc trả lại; chờ gửi lại rồi xử lý.")


def require_writer(user: User, report: YearReport) -> None:
    if not may_write_year_report(user, report.ward_id, report.agency_id):
        raise Refusal("Chỉ người của cơ quan lập báo cáo mới soạn được báo cáo này.")


def require_open(report: YearReport) -> None:
    if report.state not in queries.OPEN:
        raise Refusal(f"Báo cáo đang ở tình trạng “{report.get_state_display()}” nên không sửa, không gửi lại được.")


def require_state(report: YearReport, state: str) -> None:
    if report.state != state:
        raise Refusal(
            f"Báo cáo vừa được xử lý, nay ở tình trạng “{report.get_state_display()}”. Xem lại rồi thực hiện tiếp."
        )


def note(report: YearReport, user: User, what: str, action: str, **more: Any) -> None:
    rows.note(report.plan, Event.Kind.REPORT, user, report, what, action=action, **more)


def short(report: YearReport) -> str:
    return f"báo cáo {period_name(report)} {report.plan.year}"


def people(report: YearReport) -> QuerySet[User]:
    """Whoever writes and sends the report of this office."""
    if report.ward_id is not None:
        return notices.ward_people(report.ward_id)
    roles = [role for role in AGENCY_ROLES if role != Role.HOME_AFFAIRS]
    return User.objects.filter(is_active=True, agency=report.agency_id, role__in=roles)


def tell(report: YearReport, to: Iterable[User], text: str, user: User, url: str = "") -> None:
    notices.send(Notice.Kind.REPORT, to, text, url or address(report), actor=user, plan=report.plan)


def address(report: YearReport) -> str:
    """The report's page."""
    return reverse("assessments:year_report", args=[report.pk])


def list_address(report: YearReport) -> str:
    return reverse("assessments:year_reports", args=[report.plan.year])


def forget_notices(report: YearReport) -> None:
    """Home affairs is not led to a report that is at its author's desk again."""
    Notice.objects.filter(recipient__role=Role.HOME_AFFAIRS, url=address(report), read_at__isnull=True).delete()
