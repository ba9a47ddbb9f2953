"""An agency's whole-column steps: one verdict for an entry in many dossiers, each through the ordinary deed."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Agency, User
from assessments import self_assessment
from assessments.answers import Stored
from assessments.deeds import InvalidInput, Refusal
from assessments.models import VERDICT_LABELS, Assessment, Layer, Plan
from assessments.permissions import may_appraise_for
from assessments.queries.agencies import column_events, is_column
from assessments.self_assessment import NOTE_LIMIT, NewAnswer, apply_many, entry_name, open_layer
from criteria import spec
from localities.text import clean

MOST_AT_ONCE = 50
CHOICES = ("self", "met", "not_met")
_BATCH = re.compile(r"[0-9a-f-]{8,36}")
_OF_A_CASE = {"met": spec.Verdict.ABSENT, "not_met": spec.Verdict.OCCURS}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one dossier: written, or why not."""

    assessment_id: int
    saved: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Part of a batch taken back; `next` is where to go on, 0 at the end."""

    key: str
    outcomes: list[Outcome]
    next: int


def apply_column(
    *,
    user: User,
    plan: Plan,
    agency: Agency,
    key: str,
    choice: str,
    reason: str,
    batch: str,
    assessment_ids: Collection[int],
) -> list[Outcome]:
    """Give one entry its verdict in dossiers that have none yet, each in a transaction of its own.

    `choice`: the ward's verdict, met or not met. `reason` becomes the note where the verdict differs from
    the ward's. `batch` is common to all requests of one step, so that it can be taken back as a whole.
    Raises Refusal without the right or for more than MOST_AT_ONCE dossiers, Assessment.DoesNotExist for an
    entry that is not the agency's.
    """
    if not may_appraise_for(user, agency):
        raise Refusal("Bạn không thẩm định cho cơ quan này.")
    if not is_column(plan, agency, key):
        raise Assessment.DoesNotExist
    if choice not in CHOICES or not _BATCH.fullmatch(batch):
        raise InvalidInput("Thao tác không hợp lệ. Tải lại trang rồi thử lại.", "choice")
    if len(assessment_ids) > MOST_AT_ONCE:
        raise InvalidInput(f"Mỗi lần gửi nhiều nhất {MOST_AT_ONCE} hồ sơ.", "assessment")
    reason = clean(reason)
    if len(reason) > NOTE_LIMIT:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa {NOTE_LIMIT}. Rút gọn rồi thử lại.", "reason")
    outcomes = []
    for pk in sorted(set(assessment_ids)):
        try:
            outcomes.append(_one(user, plan, pk, key, choice, reason, batch))
        except Refusal as refusal:
            outcomes.append(Outcome(pk, False, refusal.message))
        except Assessment.DoesNotExist:
            outcomes.append(Outcome(pk, False, "Không còn tìm thấy hồ sơ này."))
    return outcomes


@transaction.atomic
def _one(user: User, plan: Plan, pk: int, key: str, choice: str, reason: str, batch: str) -> Outcome:
    assessment, table, answers = open_layer(user, pk, Layer.AGENCY, key)
    if assessment.registration.plan_id != plan.pk:
        raise Assessment.DoesNotExist
    entry = table.entries_by_key[key]
    stored = answers[Layer.AGENCY].get(key, Stored())
    if stored.value:
        raise Refusal(f"Đã thẩm định ({VERDICT_LABELS[stored.value]}) nên giữ nguyên.")
    new = _answer(entry, choice, reason, answers[Layer.SELF].get(key, Stored()))
    apply_many(
        user=user,
        assessment=assessment,
        table=table,
        answers=answers,
        layer=Layer.AGENCY,
        wanted={key: new},
        action=f"column_{choice}",
        reason=reason,
        batch=batch,
    )
    return Outcome(pk, True)


def _answer(entry: spec.Entry, choice: str, reason: str, own: Stored) -> NewAnswer:
    """The verdict for this unit; a difference from the ward's needs the reason, as for a single answer."""
    if choice == "self":
        if not own.value:
            raise Refusal("Xã, phường chưa đánh giá mục này.")
        # "Not applicable" always stands with a reason; here it is the ward's.
        return NewAnswer(own.value, own.note if own.value == spec.Verdict.NOT_APPLICABLE else None)
    said = _OF_A_CASE[choice] if entry.kind is spec.EntryKind.CASE else spec.Verdict(choice)
    if said == own.value:
        return NewAnswer(said)
    if not reason:
        raise InvalidInput(f"{entry_name(entry)}: kết quả khác với tự đánh giá nên cần ghi lý do.", "reason")
    return NewAnswer(said, reason)


def undo_batch(*, user: User, plan: Plan, batch: str, before: int = 0) -> Taken:
    """Take a column step of the last hour back, at most MOST_AT_ONCE dossiers at a time, newest first.

    What somebody changed since stays as it is. Raises Refusal when nothing of it is left to take back.
    """
    found = column_events(user, plan, batch) if _BATCH.fullmatch(batch) else []
    events = [event for event in found if not before or event.pk < before]
    if not events:
        raise Refusal("Không còn gì để hoàn tác: thao tác đã quá một giờ hoặc đã được hoàn tác.")
    outcomes, key = [], ""
    for event in events[:MOST_AT_ONCE]:
        pk, key = int(event.assessment_id or 0), event.data["changes"][0]["key"]
        try:
            saved = self_assessment.undo(user=user, assessment_id=pk, event_id=event.pk)
        except Refusal as refusal:
            outcomes.append(Outcome(pk, False, refusal.message))
        except Assessment.DoesNotExist:
            outcomes.append(Outcome(pk, False, "Không còn tìm thấy hồ sơ này."))
        else:
            why = "Ô đã được sửa sau đó nên giữ nguyên." if key in saved.skipped else ""
            outcomes.append(Outcome(pk, not why, why))
    rest = events[MOST_AT_ONCE:]
    return Taken(key, outcomes, events[MOST_AT_ONCE - 1].pk if rest else 0)
