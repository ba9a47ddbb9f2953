"""Accepting, concluding, proposing: many dossiers by one press, each whole or not at all."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from accounts.models import User
from assessments import moving
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment
from assessments.permissions import may_conclude, visible_assessments
from assessments.workflow import Action

MOST = 500  # at once: a page shows 200

_DEEDS: dict[Action, Callable[..., Assessment]] = {
    Action.ACCEPT: moving.accept,
    Action.CONCLUDE: moving.conclude,
    Action.PROPOSE: moving.propose,
}
DONE: dict[Action, str] = {
    Action.ACCEPT: "đã tiếp nhận",
    Action.CONCLUDE: "đã kết luận",
    Action.PROPOSE: "đã trình UBND thành phố",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one dossier."""

    assessment_id: int
    name: str
    done: bool
    words: str  # "đã kết luận", or why not


def step_many(*, user: User, plan_id: int, assessment_ids: Collection[int], action: Action) -> list[Step]:
    """Take one step with each of these dossiers, each in a transaction of its own, in pk order.

    One that cannot go stays as it is and says why; the others go. Raises Refusal without the right,
    InvalidInput for an empty or endless choice, Assessment.DoesNotExist when one is not of this plan:
    then nothing is done at all.
    """
    if not may_conclude(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố thực hiện bước này.")
    deed = _DEEDS.get(action)
    if deed is None:
        raise InvalidInput("Chọn một việc: tiếp nhận, kết luận hoặc trình.", "action")
    if not assessment_ids:
        raise InvalidInput("Chọn ít nhất một hồ sơ.", "assessment")
    if len(assessment_ids) > MOST:
        raise InvalidInput(f"Chọn tối đa {MOST} hồ sơ một lần.", "assessment")
    found = visible_assessments(user).filter(pk__in=assessment_ids, registration__plan=plan_id)
    chosen = list(found.select_related("registration__unit__ward").order_by("pk"))
    if len(chosen) != len(set(assessment_ids)):
        raise Assessment.DoesNotExist
    return [_step(deed, action, user, assessment) for assessment in chosen]


def _step(deed: Callable[..., Assessment], action: Action, user: User, assessment: Assessment) -> Step:
    name = f"{assessment.unit}, {assessment.unit.ward}"
    try:
        deed(user=user, assessment_id=assessment.pk)
    except Refusal as refusal:
        return Step(assessment.pk, name, done=False, words=refusal.message)
    return Step(assessment.pk, name, done=True, words=DONE[action])
