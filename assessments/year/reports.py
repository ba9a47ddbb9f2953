"""Half-year and yearly reports: written, sent, taken or given back; and the city's own made from them and issued."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AGENCY_ROLES, WARD_ROLES, Agency, Role, User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Attachment, Event, YearReport
from assessments.models.year.year_report import NARRATIVE
from assessments.permissions import (
    may_send_year_report,
    may_write_year_report,
    visible_year_reports,
)
from assessments.queries.year import reports as queries
from assessments.year import files, paper_day, rows
from assessments.year import report_desk as desk
from localities.models import Ward
from localities.text import clean

State = YearReport.State
FIELDS = ("number", "signed_on", *NARRATIVE)
REASON_LIMIT, LONGEST = 2000, 20_000  # characters


# ---- Writing ----


@transaction.atomic
def open_report(*, user: User, plan_id: int, period: str) -> tuple[YearReport, bool]:
    """The report of the person's own office, begun if there is none; home affairs has the city's. (report, is new).

    Raises Plan.DoesNotExist, and Refusal for an office that owes no report under the plan, or once it is closed.
    """
    plan = rows.open_plan(plan_id)
    if period not in YearReport.Period.values:
        raise YearReport.DoesNotExist
    office = queries.own_office(user)
    ward = office if isinstance(office, Ward) else None
    agency = office if isinstance(office, Agency) else None
    if not may_write_year_report(user, ward.pk if ward else None, agency.pk if agency else None):
        raise YearReport.DoesNotExist
    if ward:
        rows.require_there(plan, ward)
    if agency and agency not in queries.reporting_agencies():
        raise Refusal(f"{office} không phải gửi báo cáo theo kế hoạch năm {plan.year}.")
    report, new = YearReport.objects.get_or_create(plan=plan, period=period, ward=ward, agency=agency)
    if new:
        desk.note(report, user, f"Lập {desk.name(report)}", "begun")
    return report, new


@transaction.atomic
def save_report(*, user: User, report_id: int, version: int, values: Mapping[str, Any]) -> YearReport:
    """Store what was written: any of number, signed_on and the narrative; the same again changes nothing.

    Raises InvalidInput naming the field, Refusal without the right or once it was sent, Stale.
    """
    report = desk.lock(user, report_id)
    desk.require_writer(user, report)
    desk.require_open(report)
    wanted = {field: _cleaned(field, values[field]) for field in FIELDS if field in values}
    changed = {field: value for field, value in wanted.items() if getattr(report, field) != value}
    if not changed:
        return report
    rows.check_version(report, version)
    _check_day(report, changed.get("signed_on"))
    told = [_change(report, field, value) for field, value in changed.items()]
    rows.bump(report, **changed)
    desk.note(report, user, f"Sửa {desk.name(report)}", "saved", changes=told)
    return report


def _cleaned(field: str, value: Any) -> Any:
    if field == "signed_on":
        return value
    text, most = clean(value or ""), LONGEST if field in NARRATIVE else 50
    if len(text) > most:
        raise InvalidInput(
            f"Phần {_label(field).lower()} dài {len(text)} ký tự, tối đa {most}. Rút gọn rồi lưu lại.", field
        )
    return text


def _check_day(report: YearReport, day: date | None) -> None:
    if day and not report.plan.issued_on <= day <= timezone.localdate():
        raise InvalidInput(
            f"Ngày ký phải từ ngày ban hành kế hoạch ({report.plan.issued_on:%d/%m/%Y}) và không sau hôm nay.",
            "signed_on",
        )


def _change(report: YearReport, field: str, value: Any) -> tuple[str, object, object]:
    """What the record keeps of a draft: lengths of texts. The words themselves stand in it from the sending on."""
    label, before = _label(field), getattr(report, field)
    if field in NARRATIVE:
        return label, f"{len(before)} ký tự" if before else "", f"{len(value)} ký tự"
    return label, _day(before) if field == "signed_on" else before, _day(value) if field == "signed_on" else value


def _label(field: str) -> str:
    label = YearReport._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    return str(label).capitalize()


def _words(report: YearReport) -> list[tuple[str, object, object]]:
    """The whole narrative, for the record."""
    return [(_label(field), "", getattr(report, field)) for field in NARRATIVE if getattr(report, field)]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def filled(values: Mapping[str, Any], earlier: YearReport) -> dict[str, Any]:
    """The narrative with its empty parts taken from an earlier report; what is written stays."""
    return {**values} | {field: getattr(earlier, field) for field in NARRATIVE if not clean(values.get(field) or "")}


def gathered(values: Mapping[str, Any], taken: Iterable[tuple[str, YearReport]]) -> dict[str, Any]:
    """The narrative with parts of other reports at the end, each under its office's name; none twice.

    `taken` names the part and the report it is taken from.
    """
    made = {**values}
    for field, source in taken:
        piece = f"{desk.office_name(source)}: {getattr(source, field)}"
        text = clean(made.get(field) or "")
        if getattr(source, field) and piece not in text:
            made[field] = f"{text}\n{piece}".strip()
    return made


# ---- Sending and taking back ----


@transaction.atomic
def send(*, user: User, report_id: int, version: int) -> YearReport:
    """Send to home affairs: the figures of today are kept with it, and today is the day it came.

    A second click finds it sent. Raises Refusal without the right or while nothing is written, Stale.
    """
    report = desk.lock(user, report_id)
    if desk.is_city(report):
        raise Refusal("Báo cáo của thành phố được phát hành, không gửi.")
    if not may_send_year_report(user, report.ward_id, report.agency_id):
        raise Refusal("Báo cáo của xã, phường do lãnh đạo xã, phường gửi; của cơ quan do cán bộ cơ quan gửi.")
    if report.state == State.SUBMITTED and report.submitted_by_id == user.pk:
        return report
    desk.require_open(report)
    rows.check_version(report, version)
    if not report.results:
        raise Refusal("Chưa gửi được: phần kết quả thực hiện còn trống. Ghi kết quả, lưu rồi gửi.")
    today = timezone.localdate()
    rows.bump(
        report,
        state=State.SUBMITTED,
        figures=queries.count(report),
        submitted_at=timezone.now(),
        submitted_by=user,
        received_on=today,
        return_reason="",
    )
    late = " (muộn)" if report.came_late(desk.due(report)) else ""
    # What was sent stays readable in the record, whatever a later version says.
    desk.note(report, user, f"Gửi {desk.name(report)}{late}", "sent", changes=_words(report))
    desk.tell(report, notices.home_affairs(), f"{desk.office_name(report)} đã gửi {desk.short(report)}{late}.", user)
    return report


@transaction.atomic
def withdraw(*, user: User, report_id: int, version: int) -> YearReport:
    """The sender takes it back while home affairs has not accepted it; it is a draft again."""
    report = desk.lock(user, report_id)
    if not may_send_year_report(user, report.ward_id, report.agency_id) or desk.is_city(report):
        raise Refusal("Chỉ người gửi được báo cáo này mới rút lại được.")
    if report.state == State.DRAFT:
        return report
    desk.require_state(report, State.SUBMITTED)
    rows.check_version(report, version)
    _reopen(report, State.DRAFT, "")
    desk.note(report, user, f"Rút lại {desk.name(report)}", "withdrawn")
    text = f"{desk.office_name(report)} đã rút lại {desk.short(report)} để sửa."
    desk.forget_notices(report)
    desk.tell(report, notices.home_affairs(), text, user, desk.list_address(report))
    return report


@transaction.atomic
def accept(*, user: User, report_id: int, version: int) -> YearReport:
    """Home affairs takes it; from now on it is fixed."""
    report = desk.lock_for_city(user, report_id)
    if report.state == State.ACCEPTED:
        return report
    desk.require_state(report, State.SUBMITTED)
    rows.check_version(report, version)
    rows.bump(report, state=State.ACCEPTED, accepted_at=timezone.now(), accepted_by=user)
    desk.note(report, user, f"Tiếp nhận {desk.name(report)}", "accepted")
    desk.tell(report, desk.people(report), f"Cơ quan nội vụ đã tiếp nhận {desk.short(report)}.", user)
    return report


@transaction.atomic
def give_back(*, user: User, report_id: int, version: int, reason: str) -> YearReport:
    """Home affairs gives it back; the office mends it and sends it again. Raises InvalidInput without a reason."""
    report = desk.lock_for_city(user, report_id)
    desk.require_state(report, State.SUBMITTED)
    rows.check_version(report, version)
    reason = _reason(reason, "trả lại")
    _reopen(report, State.RETURNED, reason)
    desk.note(report, user, f"Trả lại {desk.name(report)}", "returned", reason=reason)
    desk.forget_notices(report)
    desk.tell(report, desk.people(report), f"Cơ quan nội vụ trả lại {desk.short(report)}: {reason}", user)
    return report


@transaction.atomic
def record_paper(*, user: User, report_id: int, version: int, received_on: date, reason: str) -> YearReport:
    """Home affairs states on which earlier day the paper copy came; that day decides whether it was in time.

    A day mistyped is stated anew. Raises InvalidInput as paper_day.checked.
    """
    report = desk.lock_for_city(user, report_id)
    desk.require_state(report, State.SUBMITTED)
    rows.check_version(report, version)
    reason = paper_day.checked(report, received_on, reason)
    changed = [paper_day.change(report.received_on, received_on)]
    rows.bump(report, received_on=received_on)
    desk.note(
        report, user, f"Ghi ngày nhận bản giấy của {desk.name(report)}", "paper_came", reason=reason, changes=changed
    )
    text = f"Cơ quan nội vụ ghi nhận bản giấy của {desk.short(report)} đã đến ngày {received_on:%d/%m/%Y}."
    desk.tell(report, desk.people(report), text, user)
    return report


def _reason(text: str, what: str) -> str:
    reason = clean(text)
    if not reason:
        raise InvalidInput(f"Cần ghi rõ lý do {what}.", "reason")
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa {REASON_LIMIT}. Rút gọn rồi thử lại.", "reason")
    return reason


def _reopen(report: YearReport, state: str, reason: str) -> None:
    """Back at the author's desk: nothing of the sending stays but the record."""
    rows.bump(
        report,
        state=state,
        return_reason=reason,
        figures=None,
        submitted_at=None,
        submitted_by=None,
        received_on=None,
    )


# ---- The city's own ----


@transaction.atomic
def issue(*, user: User, report_id: int, version: int) -> YearReport:
    """The city's report gets its number and day and goes out to everybody; its figures and proposals are kept.

    Raises InvalidInput without number or day, Refusal without the right, for another office's report, Stale.
    """
    report = desk.lock(user, report_id)
    if not desk.is_city(report) or not may_write_year_report(user, None, None):
        raise Refusal("Chỉ cơ quan nội vụ phát hành báo cáo của thành phố.")
    if report.state == State.ACCEPTED:
        return report
    desk.require_open(report)
    rows.check_version(report, version)
    for field, wanted in (("number", "số, ký hiệu"), ("signed_on", "ngày ký"), ("results", "kết quả thực hiện")):
        if not getattr(report, field):
            raise InvalidInput(f"Chưa phát hành được: báo cáo chưa có {wanted}. Ghi vào, lưu rồi phát hành.", field)
    now = timezone.now()
    rows.bump(
        report,
        state=State.ACCEPTED,
        figures=queries.count(report),
        submitted_at=now,
        submitted_by=user,
        received_on=timezone.localdate(),
        accepted_at=now,
        accepted_by=user,
    )
    desk.note(report, user, f"Phát hành {desk.name(report)}, số {report.number}", "issued", changes=_words(report))
    everybody = User.objects.filter(is_active=True, role__in=[*WARD_ROLES, *AGENCY_ROLES, Role.CITY_LEADER])
    text = f"Thành phố đã phát hành {desk.short(report)}, số {report.number} ngày {_day(report.signed_on)}."
    desk.tell(report, everybody, text, user)
    return report


# ---- Files ----


def attach(*, user: User, report_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep a file with the report; of an office's own until it is accepted, of the city's the signed copy too."""
    report = visible_year_reports(user).select_related("plan").get(pk=report_id)
    desk.require_writer(user, report)
    if report.state == State.ACCEPTED and not desk.is_city(report):
        raise Refusal("Báo cáo đã được tiếp nhận nên không đính kèm thêm được.")
    visible: QuerySet[Any] = visible_year_reports(user)
    if not desk.is_city(report):  # not accepted meanwhile either
        visible = visible.exclude(state=State.ACCEPTED)
    return files.add_file(
        user=user,
        target="year_report",
        visible=visible,
        pk=report_id,
        plan=report.plan,
        kind=Event.Kind.REPORT,
        file=file,
    )
