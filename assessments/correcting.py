"""Correcting a confirmed decision: only by a later one that names it. The dossiers stay as they are.

The later decision is confirmed, dropped and given its signed paper like any other (recognition).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from assessments import move_notices
from assessments.deeds import InvalidInput, Refusal, record, with_context
from assessments.models import Assessment, Decision, DecisionLine, Event, Plan
from assessments.permissions import may_record_decisions
from assessments.queries.standing import standing_lines
from assessments.recognition import check_open, check_paper, named_by, record_left
from localities.text import clean

TEXT_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Correction:
    """What the later decision says of one unit, and why the earlier one was wrong."""

    result: str
    text: str


@transaction.atomic
def record_correction(
    *,
    user: User,
    superseded_id: int,
    corrections: Mapping[int, Correction],  # by assessment
    decision: Decision,
    version: int | None = None,
) -> Decision:
    """Keep a decision that corrects lines of a confirmed one (new, or not yet confirmed) for confirmation.

    Raises InvalidInput for what cannot stand on the paper, Refusal for a line that no longer stands or is
    in another open correction, Assessment.DoesNotExist for a unit that the earlier decision does not name.
    """
    if not may_record_decisions(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố ghi quyết định đính chính.")
    earlier = Decision.objects.get(pk=superseded_id)
    decision.plan = Plan.objects.select_for_update(no_key=True).get(pk=earlier.plan_id)
    if earlier.confirmed_at is None:
        raise Refusal("Quyết định chưa xác nhận thì sửa trực tiếp, không cần đính chính.")
    if decision.pk:
        if decision.supersedes_id != earlier.pk:
            raise Decision.DoesNotExist
        check_open(decision, version)
    else:
        decision.recorded_by, decision.supersedes = user, earlier
    if not corrections:
        raise InvalidInput("Chọn ít nhất một tổ dân phố, bản để đính chính.", "assessments")
    if decision.issued_on and decision.issued_on < earlier.issued_on:
        raise InvalidInput(
            f"Ngày ban hành không được trước ngày của quyết định được đính chính ({earlier.issued_on:%d/%m/%Y}).",
            "issued_on",
        )
    check_paper(decision)
    chosen, left = _lock_lines(decision, earlier, corrections)
    decision.save()
    decision.lines.all().delete()
    for assessment in chosen:
        _add_line(decision, assessment, corrections[assessment.pk], user)
    record_left(left, decision, user)
    move_notices.decision_recorded(decision, user)
    return decision


def _lock_lines(
    decision: Decision, earlier: Decision, corrections: Mapping[int, Correction]
) -> tuple[list[Assessment], list[Assessment]]:
    """The assessments to correct, each with a line of `earlier` that stands, and those no longer to correct.

    All locked in pk order.
    """
    wanted = {*corrections, *named_by(decision)}
    named = with_context(Assessment.objects.filter(pk__in=wanted, decision_lines__decision=earlier))
    locked = list(named.select_for_update(of=("self",), no_key=True).order_by("pk"))
    chosen = [assessment for assessment in locked if assessment.pk in corrections]
    if len(chosen) != len(corrections):
        raise Assessment.DoesNotExist
    standing = standing_lines(corrections)
    waiting = DecisionLine.objects.filter(assessment__in=chosen, decision__confirmed_at__isnull=True)
    taken = {
        line.assessment_id: line.decision for line in waiting.exclude(decision=decision.pk).select_related("decision")
    }
    for assessment in chosen:
        line, given = standing[assessment.pk], corrections[assessment.pk]
        if line.decision_id != earlier.pk:
            raise Refusal(f"{assessment.unit} đã được đính chính bởi {line.decision}. Đính chính từ quyết định đó.")
        if assessment.pk in taken:
            raise Refusal(f"{assessment.unit} đang nằm trong {taken[assessment.pk]} chưa được xác nhận.")
        _check(assessment, line, given)
    return chosen, [assessment for assessment in locked if assessment.pk not in corrections]


def _check(assessment: Assessment, line: DecisionLine, given: Correction) -> None:
    field, text = f"correction-{assessment.pk}", clean(given.text)
    if given.result not in DecisionLine.Result.values:
        raise InvalidInput(f"{assessment.unit}: kết quả đính chính không hợp lệ.", field)
    if given.result == line.result:
        raise InvalidInput(f"{assessment.unit}: kết quả mới không khác kết quả đang có hiệu lực.", field)
    if not text:
        raise InvalidInput(f"{assessment.unit}: chưa ghi nội dung, lý do đính chính.", field)
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(
            f"{assessment.unit}: nội dung đính chính dài {len(text)} ký tự, tối đa {TEXT_LIMIT}. Rút gọn rồi thử lại.",
            field,
        )


def _add_line(decision: Decision, assessment: Assessment, given: Correction, user: User) -> None:
    text = clean(given.text)
    refused = given.result == DecisionLine.Result.NOT_RECOGNISED
    DecisionLine.objects.create(
        decision=decision,
        assessment=assessment,
        result=given.result,
        reasons=text if refused else "",  # a refusal never stands without reasons
        correction=text,
    )
    record(
        assessment,
        Event.Kind.DECISION,
        user,
        action="record_correction",
        reason=text,
        data={
            "decision": decision.pk,
            "number": decision.number,
            "supersedes": decision.supersedes.number if decision.supersedes else "",
            "result": given.result,
        },
    )
