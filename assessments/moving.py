"""Moving an assessment along the road: every change of state goes through `move`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.answers import APPRAISING, LayerAnswers, outcome_of, read
from assessments.deeds import InvalidInput, Refusal, bump, check_version, lock, record, table_of
from assessments.models import Assessment, CouncilMinutes, Event, Layer
from assessments.permissions import may
from assessments.workflow import Action, Facts, State
from localities.text import clean

REASON_LIMIT = 2000


def send_to_council(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """The ward officer hands a completely assessed unit to the council."""
    return _move(user, assessment_id, Action.SEND_TO_COUNCIL, Facts(), version)


def council_return(*, user: User, assessment_id: int, reason: str, version: int | None = None) -> Assessment:
    """The ward leader returns it to the officer with a reason."""
    return _move(user, assessment_id, Action.COUNCIL_RETURN, Facts(reason=_reason(reason)), version)


def submit(*, user: User, assessment_id: int, minutes: CouncilMinutes, version: int | None = None) -> Assessment:
    """The ward leader approves with the council's minutes (unsaved; kept here) and submits to the city."""
    if minutes.held_on and not date(2000, 1, 1) <= minutes.held_on <= timezone.localdate():
        raise InvalidInput("Ngày họp phải từ năm 2000 và không sau ngày hôm nay.", "held_on")
    facts = Facts(votes_for=minutes.votes_for, present=minutes.present, members=minutes.members_total)

    def keep(assessment: Assessment) -> dict[str, Any]:
        minutes.assessment, minutes.recorded_by = assessment, user
        minutes.full_clean(exclude=["assessment", "recorded_by"])
        minutes.save()
        return {"submitted_at": timezone.now()}

    return _move(user, assessment_id, Action.SUBMIT, facts, version, keep)


def withdraw(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """The ward leader takes a submission back before the city accepted it."""
    return _move(user, assessment_id, Action.WITHDRAW, Facts(), version, lambda _: {"submitted_at": None})


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
    check_version(assessment, version)
    if not may(user, action, assessment):
        refused = workflow.decide(assessment.workflow_state, action, user.role, facts)
        raise Refusal(refused.reason if isinstance(refused, workflow.Refused) else "Bạn không có quyền này.")
    facts, _ = fresh_facts(assessment, facts)
    verdict = workflow.decide(assessment.workflow_state, action, user.role, facts)
    if isinstance(verdict, workflow.Refused):
        raise Refusal(verdict.reason)
    change_state(assessment, action, verdict.state, user, facts.reason, effect(assessment) if effect else {})
    return assessment


def change_state(
    assessment: Assessment, action: Action, target: State, user: User, reason: str, changes: dict[str, Any]
) -> None:
    """Write the new state and its event; the caller holds the lock and has asked the workflow."""
    before = assessment.state
    bump(assessment, state=target.value, **changes)
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


def _just_done(assessment: Assessment, user: User, action: Action) -> bool:
    """A second click on the same button: the last move is this one, by this person, a moment ago."""
    last = assessment.events.filter(kind=Event.Kind.MOVED).first()
    return (
        last is not None
        and last.action == action.value
        and last.actor_id == user.pk
        and last.to_state == assessment.state
        and (timezone.now() - last.at).total_seconds() < 60
    )


def _reason(text: str) -> str:
    reason = clean(text)
    if len(reason) > REASON_LIMIT:
        raise Refusal(f"Lý do dài {len(reason)} ký tự, tối đa {REASON_LIMIT}. Rút gọn rồi thử lại.")
    return reason
