"""Appraising: the verdicts that count for the city."""

from django.db import transaction

from accounts.models import User
from assessments.answers import Stored, read
from assessments.deeds import InvalidInput
from assessments.models import Layer
from assessments.self_assessment import NewAnswer, Saved, apply_many, entry_name, open_layer, save_answer


@transaction.atomic
def confirm_self_verdicts(*, user: User, assessment_id: int) -> Saved:
    """Take the ward's verdict over for every entry that has no appraising verdict yet. One event, undoable."""
    assessment, table, answers = open_layer(user, assessment_id, Layer.AGENCY)
    own = read(assessment, table, (Layer.SELF,))[Layer.SELF]
    wanted = {}
    for entry in table.judged_by_hand:
        said = own.get(entry.key, Stored()).value
        given = answers[Layer.AGENCY].get(entry.key, Stored())
        visited = answers[Layer.DELEGATION].get(entry.key, Stored())
        if said and not given.stated and not visited.stated:
            note = given.note or (own[entry.key].note if said == "not_applicable" else "")
            wanted[entry.key] = NewAnswer(said, note)
    return apply_many(
        user=user,
        assessment=assessment,
        table=table,
        answers=answers,
        layer=Layer.AGENCY,
        wanted=wanted,
        action="confirm_self",
    )


@transaction.atomic
def appraise(*, user: User, assessment_id: int, key: str, version: int, answer: NewAnswer) -> Saved:
    """One appraising verdict; differing from the ward's needs a written reason."""
    assessment, table, _ = open_layer(user, assessment_id, Layer.AGENCY)
    own = read(assessment, table, (Layer.SELF,))[Layer.SELF].get(key, Stored())
    if answer.stated and answer.stated != own.value and not answer.note.strip() and key in table.entries_by_key:
        name = entry_name(table.entries_by_key[key])
        raise InvalidInput(f"{name}: kết quả khác với tự đánh giá nên cần ghi lý do.", "note")
    return save_answer(
        user=user, assessment_id=assessment_id, layer=Layer.AGENCY, key=key, version=version, answer=answer
    )
