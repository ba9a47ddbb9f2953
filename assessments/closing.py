"""An agency closes its appraisal with a report; home affairs reopens it with a reason."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from assessments import notices, signatures
from assessments.attaching import attach
from assessments.deeds import InvalidInput, Refusal, Stale, record, record_plan, refuse_closed
from assessments.models import AgencyReport, AgencyReportLine, Assessment, Attachment, Event, Notice, Plan
from assessments.permissions import (
    appraising_agencies,
    may_close_agency,
    may_reopen_agency,
    visible_assessments,
    visible_reports,
)
from assessments.queries.agencies import agency_due, entry_values, open_dossiers, responsible_ids
from assessments.workflow import State
from criteria.queries import table
from localities.text import clean

REASON_LIMIT = 2000
SECOND_CLICK = 60  # seconds


@transaction.atomic
def close(
    *, user: User, plan_id: int, agency_id: int, assessment_ids: Collection[int], report: AgencyReport
) -> AgencyReport:
    """Close the agency's appraisal of exactly these dossiers; `report` brings number, date, signer and remarks.

    They must be all that are in appraisal and in no standing report, else Stale. Raises Refusal when an entry
    the agency answers for has no verdict in one of them, InvalidInput naming a field, Agency.DoesNotExist
    for an agency that does not concern the person.
    """
    agency = appraising_agencies(user).get(pk=agency_id)
    if not may_close_agency(user, agency):
        raise Refusal("Chỉ cán bộ của cơ quan hoặc cơ quan nội vụ chốt kết quả thẩm định.")
    # Before the dossiers, as everywhere: nobody assigns other entries meanwhile.
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    refuse_closed(plan)
    dossiers = _lock_open(user, plan, agency)
    if not dossiers:
        return _just_closed(user, plan, agency)
    if {a.pk for a in dossiers} != set(assessment_ids):
        raise Stale("Danh sách hồ sơ vừa thay đổi (có hồ sơ mới tiếp nhận hoặc đã trả lại). Xem lại rồi chốt.")
    own = responsible_ids(plan, agency)
    if not own:
        raise Refusal(f"{agency} không được giao chủ trì mục nào của kế hoạch năm {plan.year}.")
    report.plan, report.agency, report.closed_by, report.closed_at = plan, agency, user, timezone.now()
    report.figures = _figures(plan, agency, dossiers, own)
    _check(report)
    report.save(force_insert=True)
    AgencyReportLine.objects.bulk_create(
        AgencyReportLine(report=report, agency=agency, assessment=assessment) for assessment in dossiers
    )
    _record(dossiers, user, "closed", report)
    _tell_closed(report, user)
    return report


def _lock_open(user: User, plan: Plan, agency: Agency) -> list[Assessment]:
    """The dossiers to close, locked in the order of their numbers: whoever writes a verdict waits, or was before."""
    locked = (
        visible_assessments(user)
        .filter(registration__plan=plan, state=State.APPRAISAL)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    ids = [assessment.pk for assessment in locked]
    # Only now: the statement that waited for the locks still sees what was closed before.
    return list(
        open_dossiers(plan, agency)
        .filter(pk__in=ids)
        .select_related("registration__unit__ward", "registration__plan")
        .order_by("pk")
    )


def _just_closed(user: User, plan: Plan, agency: Agency) -> AgencyReport:
    """A second click on the same button finds the first one's report."""
    last = AgencyReport.objects.filter(plan=plan, agency=agency, closed_by=user, reopened_at=None).first()
    if last is not None and (timezone.now() - last.closed_at).total_seconds() < SECOND_CLICK:
        return last
    raise Refusal("Không có hồ sơ nào đang thẩm định mà chưa chốt.")


def _tell_closed(report: AgencyReport, user: User) -> None:
    late = " (muộn)" if report.figures["late"] else ""
    notices.send(
        Notice.Kind.AGENCY,
        notices.home_affairs(),
        f"{report.agency} đã chốt kết quả thẩm định {report.figures['units']} hồ sơ năm {report.plan.year}{late}.",
        _address(report),
        actor=user,
        plan=report.plan,
    )


def _check(report: AgencyReport) -> None:
    today = timezone.localdate()
    if report.signed_on and not report.plan.issued_on <= report.signed_on <= today:
        raise InvalidInput("Ngày ký phải từ ngày ban hành kế hoạch và không sau ngày hôm nay.", "signed_on")
    try:
        report.full_clean(exclude=["figures"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error


def _figures(plan: Plan, agency: Agency, dossiers: list[Assessment], own: list[int]) -> dict[str, Any]:
    """The numbers as they stand at closing; Refusal when a verdict is missing."""
    values = entry_values([a.pk for a in dossiers], own)
    entries, missing, units, unexplained = [], 0, set(), 0
    for entry in table(plan.criteria_set_id).judged_by_hand:
        if entry.id not in own:
            continue
        counts: dict[str, int] = {}
        differs = 0
        for assessment in dossiers:
            said = values.get((assessment.pk, entry.id), {})
            if not (value := said.get("agency", "")):
                missing += 1
                units.add(assessment.pk)
                continue
            counts[value] = counts.get(value, 0) + 1
            differs += value != said.get("self", "")
            unexplained += value != said.get("self", "") and not said.get("agency_note")
        entries.append({"key": entry.key, "code": entry.code, "values": counts, "differs": differs})
    if missing:
        raise Refusal(f"Chưa chốt được vì còn {missing} ô chưa thẩm định trên {len(units)} hồ sơ.")
    if unexplained:  # the ward changed its own after a return: what agreed then differs now
        raise Refusal(
            f"Còn {unexplained} ô khác với tự đánh giá mà chưa ghi lý do. Lọc “Khác tự đánh giá” trên bảng, ghi lý do "
            "hoặc sửa kết quả rồi chốt."
        )
    before = agency_due(plan)
    earlier = AgencyReport.objects.filter(plan=plan, agency=agency, reopened_at=None).exists()
    return {
        "units": len(dossiers),
        "entries": entries,
        "before": before.isoformat() if before else "",
        "late": bool(before and timezone.localdate() >= before),
        "supplementary": earlier,
    }


@transaction.atomic
def reopen(*, user: User, report_id: int, reason: str) -> AgencyReport:
    """Home affairs gives the dossiers of a report that are still in appraisal back to the agency.

    Raises Refusal without the right or a reason, when it was reopened already, or when no dossier of it is
    in appraisal; AgencyReport.DoesNotExist for a report that does not concern the person.
    """
    report = visible_reports(user).select_related("agency", "plan").get(pk=report_id)
    if not may_reopen_agency(user):
        raise Refusal("Chỉ cơ quan nội vụ mở lại kết quả thẩm định đã chốt.")
    reason = clean(reason)
    if not reason:
        raise InvalidInput("Cần ghi rõ lý do mở lại.", "reason")
    if len(reason) > REASON_LIMIT:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa {REASON_LIMIT}. Rút gọn rồi thử lại.", "reason")
    dossiers = list(
        Assessment.objects.filter(agency_report_lines__report=report, state=State.APPRAISAL)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    refuse_closed(Plan.objects.get(pk=report.plan_id))
    fresh = AgencyReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if fresh.reopened_at is not None:
        raise Refusal("Báo cáo này đã được mở lại.")
    lines = AgencyReportLine.objects.filter(report=report, closed=True, assessment__in=dossiers)
    standing = set(lines.values_list("assessment_id", flat=True))
    if not standing:
        raise Refusal("Không còn hồ sơ nào của báo cáo này đang thẩm định nên không mở lại được.")
    lines.update(closed=False)
    fresh.reopened_by, fresh.reopened_at, fresh.reopen_reason = user, timezone.now(), reason
    fresh.save(update_fields=["reopened_by", "reopened_at", "reopen_reason"])
    _record([a for a in dossiers if a.pk in standing], user, "reopened", report, reason)
    notices.send(
        Notice.Kind.AGENCY,
        notices.agency_officers([report.agency_id]),
        f"Kết quả thẩm định đã chốt của cơ quan bạn được mở lại ({len(standing)} hồ sơ): {reason}",
        reverse("assessments:grid", args=[report.plan.year]),
        actor=user,
        plan=report.plan,
    )
    return fresh


def attach_signed(*, user: User, report_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed scan of a report; (attachment, is new).

    Raises InvalidInput for anything but a whole PDF, Refusal without the right, AgencyReport.DoesNotExist.
    """
    report = visible_reports(user).select_related("agency", "plan").get(pk=report_id)
    if not may_close_agency(user, report.agency):
        raise Refusal("Chỉ cán bộ của cơ quan hoặc cơ quan nội vụ đính kèm bản ký.")

    def told(added: Attachment) -> None:
        data = {"report": report.pk, "name": added.original_name, "sha256": added.sha256}
        record_plan(report.plan, Event.Kind.ATTACHED, user, action="agency_report", data=data)

    signed = signatures.look(file)
    return attach(user=user, target="report", owner=report, file=file, signed=signed, told=told)


def _record(dossiers: list[Assessment], user: User, action: str, report: AgencyReport, reason: str = "") -> None:
    data = {"report": report.pk, "agency": report.agency.code, "name": report.agency.name, "number": report.number}
    for assessment in dossiers:
        record(assessment, Event.Kind.AGENCY_REPORT, user, action=action, reason=reason, data=data)


def _address(report: AgencyReport) -> str:
    return reverse("assessments:agency_report", args=[report.plan.year, report.pk])
