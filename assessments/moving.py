"""Moving an assessment along the road: every change of state goes through `move`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import move_notices, workflow
from assessments.answers import APPRAISING, LayerAnswers, outcome_of, read
from assessments.deeds import Refusal, Stale, bump, check_version, lock, record, table_of
from assessments.models import Assessment, Event, Layer
from assessments.permissions import may, visible_assessments
from assessments.workflow import Action, Facts, State
from localities.text import clean

REASON_LIMIT = 2000


def send_to_council(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """The ward officer hands a completely assessed unit to the council."""
    return _move(user, assessment_id, Action.SEND_TO_COUNCIL, Facts(), version)


@transaction.atomic
def council_return(*, user: User, assessment_id: int, reason: str, version: int | None = None) -> Assessment:
    """The ward leader returns it to the officer with a reason."""
    return _move(user, assessment_id, Action.COUNCIL_RETURN, Facts(reason=_reason(reason)), version)


def submit_one(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """The ward leader sends an approved dossier; submitting.submit keeps the receipt in the same transaction.

    A refusal names the unit, because several go together.
    """
    try:
        return _move(user, assessment_id, Action.SUBMIT, Facts(), version, lambda _: {"submitted_at": timezone.now()})
    except Stale:
        raise
    except Refusal as refusal:
        unit = visible_assessments(user).select_related("registration__unit").get(pk=assessment_id).unit
        raise Refusal(f"{unit}: {refusal.message}") from refusal


def withdraw(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """The ward leader takes a submission back before the city accepted it; the council's approval stands."""
    return _move(user, assessment_id, Action.WITHDRAW, Facts(), version, lambda _: {"submitted_at": None})


def hand_over(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """The unit's head has finished: from now on the ward's officer goes on alone."""
    return _hand(user, assessment_id, Action.HAND_OVER, Facts(), version)


def hand_back(*, user: User, assessment_id: int, reason: str, version: int | None = None) -> Assessment:
    """The ward's officer gives the draft back to the unit's head with a reason."""
    return _hand(user, assessment_id, Action.HAND_BACK, Facts(reason=_reason(reason)), version)


def accept(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """Home affairs accepts the submission for appraisal."""
    return _move(user, assessment_id, Action.ACCEPT, Facts(), version)


def return_to_ward(
    *, user: User, assessment_id: int, reason: str, new_due: date | None, version: int | None = None
) -> Assessment:
    """Home affairs returns it with a reason and a new due date; appraising verdicts given so far stay."""
    facts = Facts(reason=_reason(reason), new_due=new_due)
    return _move(
        user,
        assessment_id,
        Action.RETURN,
        facts,
        version,
        lambda _: {"due_on": new_due, "submitted_at": None, "concluded_at": None},
    )


def conclude(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """Home affairs concludes once every entry has an effective verdict."""
    return _move(user, assessment_id, Action.CONCLUDE, Facts(), version, lambda _: {"concluded_at": timezone.now()})


def propose(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """Home affairs lays the concluded assessment before the city's people's committee."""
    return _move(user, assessment_id, Action.PROPOSE, Facts(), version)


def fresh_facts(
    assessment: Assessment, facts: Facts, answers: dict[str, LayerAnswers] | None = None
) -> tuple[Facts, dict[str, LayerAnswers]]:
    """The guards' facts from a fresh scoring of the stored answers, not from the stored summary."""
    table = table_of(assessment)
    answers = answers or read(assessment, table, (Layer.SELF, *APPRAISING))
    effective = outcome_of(table, answers, Layer.EFFECTIVE)
    known = replace(
        facts,
        handed_over=assessment.handed_over_at is not None,
        council_approved=assessment.council_items.filter(standing=True).exists(),
        unassessed=len(outcome_of(table, answers, Layer.SELF).unassessed),
        without_effective=len(effective.unassessed),
        qualifies=effective.qualifies,
        today=timezone.localdate(),
    )
    return known, answers


@transaction.atomic
def _move(
    user: User,
    assessment_id: int,
    action: Action,
    facts: Facts,
    version: int | None,
    effect: Callable[[Assessment], dict[str, Any]] | None = None,
) -> Assessment:
    assessment = lock(user, assessment_id)
    if _just_done(assessment, user, action):
        return assessment
    target = _allowed(user, assessment, action, facts, version)
    change_state(assessment, action, target, user, facts.reason, effect(assessment) if effect else {})
    return assessment


def _allowed(user: User, assessment: Assessment, action: Action, facts: Facts, version: int | None) -> State:
    """The state the step leads to, or Refusal; the caller holds the lock."""
    check_version(assessment, version)
    if not may(user, action, assessment):
        refused = workflow.decide(assessment.workflow_state, action, user.role, facts)
        raise Refusal(refused.reason if isinstance(refused, workflow.Refused) else "Bạn không có quyền này.")
    facts, _ = fresh_facts(assessment, facts)
    verdict = workflow.decide(assessment.workflow_state, action, user.role, facts)
    if isinstance(verdict, workflow.Refused):
        raise Refusal(verdict.reason)
    return verdict.state


@transaction.atomic
def _hand(user: User, assessment_id: int, action: Action, facts: Facts, version: int | None) -> Assessment:
    """Change whose hands a draft is in; its state stays. A second click finds it done."""
    assessment = lock(user, assessment_id)
    over = action is Action.HAND_OVER
    if over == (assessment.handed_over_at is not None) and _just_did(assessment, user, action, Event.Kind.HANDED):
        return assessment
    _allowed(user, assessment, action, facts, version)
    bump(assessment, handed_over_at=timezone.now() if over else None)
    record(assessment, Event.Kind.HANDED, user, action=action.value, reason=facts.reason)
    move_notices.moved(assessment, action, user, facts.reason)
    return assessment


def change_state(
    assessment: Assessment, action: Action, target: State, user: User, reason: str, changes: dict[str, Any]
) -> None:
    """Write the new state and its event; the caller holds the lock and has asked the workflow."""
    before = assessment.state
    bump(assessment, state=target.value, **changes)
    _end_what_stood(assessment, target)
    due = changes.get("due_on")
    record(
        assessment,
        Event.Kind.MOVED,
        user,
        action=action.value,
        from_state=before,
        to_state=target.value,
        reason=reason,
        data={"due_on": due.isoformat()} if due else {},
    )
    move_notices.moved(assessment, action, user, reason, due)


def _end_what_stood(assessment: Assessment, target: State) -> None:
    """What a step back takes along: back from the city, the submission; back in a draft, approval and closings."""
    if target in (State.DRAFT, State.COUNCIL):
        assessment.submission_lines.filter(standing=True).update(standing=False, ended_at=timezone.now())
    if target is State.DRAFT:
        assessment.council_items.filter(standing=True).update(standing=False)
        assessment.agency_report_lines.filter(closed=True).update(closed=False)


def _just_done(assessment: Assessment, user: User, action: Action) -> bool:
    """A second click on the same button, the assessment being where the first one led."""
    last = _just_did(assessment, user, action, Event.Kind.MOVED)
    return last is not None and last.to_state == assessment.state


def _just_did(assessment: Assessment, user: User, action: Action, kind: Event.Kind) -> Event | None:
    """The last event of this kind, if it is this action by this person a moment ago."""
    last = assessment.events.filter(kind=kind).first()
    if last is None or last.action != action.value or last.actor_id != user.pk:
        return None
    return last if (timezone.now() - last.at).total_seconds() < 60 else None


def _reason(text: str) -> str:
    reason = clean(text)
    if len(reason) > REASON_LIMIT:
        raise Refusal(f"Lý do dài {len(reason)} ký tự, tối đa {REASON_LIMIT}. Rút gọn rồi thử lại.")
    return reason
