"""The city's decision: recorded by home affairs over proposed assessments, confirmed by a city leader."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from assessments import certificates, move_notices, workflow
from assessments.answers import outcome_of
from assessments.deeds import InvalidInput, Refusal, Stale, record, refuse_closed, table_of, with_context
from assessments.explanation import reasons
from assessments.models import Assessment, Decision, DecisionLine, Event, Layer, Plan
from assessments.moving import change_state, fresh_facts
from assessments.permissions import may_confirm_decisions, may_record_decisions, visible_assessments
from assessments.queries.standing import standing_lines
from assessments.workflow import Action, Facts, State


@transaction.atomic
def record_decision(
    *,
    user: User,
    plan_id: int,
    assessment_ids: Collection[int],
    decision: Decision,
    version: int | None = None,
) -> Decision:
    """Keep number, date and list of a decision (new, or not yet confirmed) for the leader's confirmation.

    The result of each unit is the rule's, never typed. Raises InvalidInput for a bad number, date or
    empty list, Refusal for a unit that is not proposed or stands in another open decision.
    """
    if not may_record_decisions(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố ghi quyết định.")
    decision.plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    refuse_closed(decision.plan)
    if decision.pk:
        check_open(decision, version)
    else:
        decision.recorded_by = user
    if decision.supersedes_id:
        raise Refusal("Quyết định đính chính được sửa ở trang đính chính.")
    if not assessment_ids:
        raise InvalidInput("Chọn ít nhất một tổ dân phố, bản cho quyết định.", "assessments")
    check_paper(decision)
    chosen, left = _lock_proposed(user, decision, assessment_ids)
    decision.save()
    decision.lines.all().delete()
    for assessment in chosen:
        _add_line(decision, assessment, user)
    record_left(left, decision, user)
    move_notices.decision_recorded(decision, user)
    return decision


def named_by(decision: Decision) -> set[int]:
    """The assessments that the stored decision names; none for a new one."""
    return set(decision.lines.values_list("assessment_id", flat=True)) if decision.pk else set()


def record_left(left: Iterable[Assessment], decision: Decision, user: User) -> None:
    """These locked assessments are no longer named by the decision that is not confirmed."""
    for assessment in left:
        record(assessment, Event.Kind.DECISION, user, action="drop_decision", data={"number": decision.number})


def check_paper(decision: Decision) -> None:
    """Raises InvalidInput for a date or number that the paper cannot have; needs `decision.plan`."""
    if decision.issued_on and decision.issued_on > timezone.localdate():
        raise InvalidInput("Ngày ban hành không được sau ngày hôm nay.", "issued_on")
    if decision.issued_on and decision.issued_on < decision.plan.issued_on:
        start = decision.plan.issued_on
        raise InvalidInput(f"Ngày ban hành không được trước ngày của kế hoạch ({start:%d/%m/%Y}).", "issued_on")
    if decision.number and not any(character.isdigit() for character in decision.number):
        raise InvalidInput("Số, ký hiệu cần có số, ví dụ 1234/QĐ-UBND.", "number")
    try:
        decision.full_clean(exclude=["confirmed_by"])
    except ValidationError as error:
        field = next(iter(error.message_dict), "")
        raise InvalidInput(" ".join(error.messages), field) from error


def check_open(decision: Decision, version: int | None) -> None:
    """Lock a recorded decision before it is changed, and count its version up.

    Raises Refusal once it is confirmed, Stale when the page showed an earlier version.
    """
    current = Decision.objects.select_for_update(no_key=True).get(pk=decision.pk)
    if current.confirmed_at:
        raise Refusal("Quyết định đã được xác nhận nên không sửa được. Việc đính chính cần một quyết định mới.")
    if version is not None and version != current.version:
        raise Stale("Người khác vừa sửa quyết định này. Tải lại trang để xem bản mới.")
    decision.version = current.version + 1


def _lock_proposed(user: User, decision: Decision, ids: Collection[int]) -> tuple[list[Assessment], list[Assessment]]:
    """The chosen assessments, all proposed and in no other open decision, and those that leave the decision.

    All locked in the order in which everybody locks them.
    """
    wanted = set(ids)
    seen = visible_assessments(user).filter(pk__in=wanted | named_by(decision), registration__plan=decision.plan)
    locked = list(with_context(seen).select_for_update(of=("self",), no_key=True).order_by("pk"))
    chosen = [assessment for assessment in locked if assessment.pk in wanted]
    if len(chosen) != len(wanted):
        raise Assessment.DoesNotExist
    elsewhere = DecisionLine.objects.filter(assessment__in=chosen).exclude(decision=decision.pk or None)
    taken = set(elsewhere.values_list("assessment_id", flat=True))
    for assessment in chosen:
        if assessment.state != State.PROPOSED:
            label = workflow.STATE_LABELS[assessment.workflow_state]
            raise Refusal(f"{assessment.unit} không ở trạng thái “Đã trình UBND thành phố” (hiện: “{label}”).")
        if assessment.pk in taken:
            raise Refusal(f"{assessment.unit} đã nằm trong một quyết định khác.")
    return chosen, [assessment for assessment in locked if assessment.pk not in wanted]


def _add_line(decision: Decision, assessment: Assessment, user: User) -> None:
    facts, answers = fresh_facts(assessment, Facts(decision_number=decision.number, decision_date=decision.issued_on))
    verdict = workflow.decide(assessment.workflow_state, Action.RECORD_DECISION, user.role, facts)
    if isinstance(verdict, workflow.Refused):
        raise Refusal(verdict.reason)
    table = table_of(assessment)
    outcome = outcome_of(table, answers, Layer.EFFECTIVE)
    result = DecisionLine.Result.RECOGNISED if facts.qualifies else DecisionLine.Result.NOT_RECOGNISED
    DecisionLine.objects.create(
        decision=decision, assessment=assessment, result=result, reasons="\n".join(reasons(table, outcome))
    )
    record(
        assessment,
        Event.Kind.DECISION,
        user,
        action=Action.RECORD_DECISION.value,
        data={"decision": decision.pk, "number": decision.number, "result": result.value},
    )


@transaction.atomic
def confirm_decision(*, user: User, decision_id: int, version: int | None = None) -> Decision:
    """The city leader confirms: every unit of the list becomes recognised or not, once and for all.

    Each result is recomputed; Refusal when one no longer equals what the decision says. Confirming
    again changes nothing.
    """
    if not may_confirm_decisions(user):
        raise Refusal("Chỉ lãnh đạo thành phố xác nhận quyết định.")
    decision = Decision.objects.select_for_update(no_key=True).get(pk=decision_id)
    if decision.confirmed_at:
        return decision
    if version is not None and version != decision.version:
        raise Stale("Cơ quan nội vụ vừa sửa quyết định này. Xem bản mới rồi xác nhận.")
    lines = {line.assessment_id: line for line in decision.lines.all()}
    locked = list(_locked(lines))
    settle = _settle_correction if decision.supersedes_id else _settle
    for assessment in locked:
        settle(decision, lines[assessment.pk], assessment, user)
    _keep_heads(lines)
    decision.confirmed_by, decision.confirmed_at = user, timezone.now()
    decision.version += 1
    decision.save(update_fields=["confirmed_by", "confirmed_at", "version"])
    certificates.issue(decision)
    move_notices.decision_confirmed(decision, user)
    return decision


def _locked(assessment_ids: Collection[int]) -> QuerySet[Assessment]:
    """These assessments with their context, locked in the order in which everybody locks them."""
    found: QuerySet[Assessment] = with_context(Assessment.objects.filter(pk__in=assessment_ids))
    return found.select_for_update(of=("self",), no_key=True).order_by("pk")


def _settle_correction(decision: Decision, line: DecisionLine, assessment: Assessment, user: User) -> None:
    """The dossier stays as it is; its record and the line that stands from now on say what was corrected."""
    standing = standing_lines([assessment.pk]).get(assessment.pk)
    if standing is None or standing.decision_id != decision.supersedes_id or standing.result == line.result:
        raise Refusal(f"{assessment.unit}: kết quả đang có hiệu lực không còn như khi lập quyết định đính chính này.")
    record(
        assessment,
        Event.Kind.DECISION,
        user,
        action="correct",
        reason=line.correction,
        data={
            "decision": decision.pk,
            "number": decision.number,
            "supersedes": standing.decision.number,
            "before": standing.result,
            "after": line.result,
        },
    )


def _keep_heads(lines: Mapping[int, DecisionLine]) -> None:
    """Each line keeps the head of its record as it is now: the event that this confirmation has just added."""
    last = Event.objects.filter(assessment__in=lines).order_by("assessment", "-sequence").distinct("assessment")
    for event in last:
        if event.assessment_id is not None:
            lines[event.assessment_id].chain_head = event.hash
    DecisionLine.objects.bulk_update(lines.values(), ["chain_head"])


def _settle(decision: Decision, line: DecisionLine, assessment: Assessment, user: User) -> None:
    facts, _ = fresh_facts(assessment, Facts())
    facts = replace(facts, decision_recorded=True)
    recognised = line.result == DecisionLine.Result.RECOGNISED
    action = Action.RECOGNISE if recognised else Action.REFUSE
    verdict = workflow.decide(assessment.workflow_state, action, user.role, facts)
    if isinstance(verdict, workflow.Refused):
        raise Refusal(f"{assessment.unit}: {verdict.reason}")
    change_state(assessment, action, verdict.state, user, f"Quyết định số {decision.number}", {})


@transaction.atomic
def drop_decision(*, user: User, decision_id: int) -> None:
    """Home affairs takes an unconfirmed decision back; its units are free for another one.

    Raises Refusal once a signed paper is attached: papers are kept for ever, and so is what they belong to.
    """
    if not may_record_decisions(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố bỏ quyết định chưa xác nhận.")
    decision = Decision.objects.select_for_update(no_key=True).get(pk=decision_id)
    check_open(decision, None)
    if decision.attachments.exists():
        raise Refusal("Quyết định đã có bản ký đính kèm nên không bỏ được; có thể sửa số, ngày và danh sách.")
    record_left(_locked(named_by(decision)), decision, user)
    move_notices.decision_dropped(decision)
    decision.lines.all().delete()
    decision.delete()
