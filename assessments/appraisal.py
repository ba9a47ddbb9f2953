"""Appraising: the verdicts that count for the city. One at a time they go through self_assessment.save_answer."""

from django.db import transaction

from accounts.models import User
from assessments.answers import Stored
from assessments.models import Layer
from assessments.permissions import answerable
from assessments.self_assessment import NewAnswer, Saved, apply_many, open_layer


@transaction.atomic
def confirm_self_verdicts(*, user: User, assessment_id: int) -> Saved:
    """Take the ward's verdict over for every entry that has no appraising verdict yet. One event, undoable."""
    assessment, table, answers = open_layer(user, assessment_id, Layer.AGENCY)
    own = answers[Layer.SELF]
    mine = answerable(user, assessment, Layer.AGENCY)
    wanted = {}
    for entry in table.judged_by_hand:
        if mine is not None and entry.id not in mine:
            continue
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
