"""Asking for an explanation of one entry, and giving it. Both stay in the record, word for word."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal, lock, record, table_of
from assessments.models import Assessment, Assignment, Event, Notice, Question
from assessments.permissions import may_ask, may_explain, visible_questions
from assessments.self_assessment import entry_name
from criteria import spec
from localities.text import clean

TEXT_LIMIT = 2000
ANSWER_LIMIT = 4000


@transaction.atomic
def ask(
    *, user: User, assessment_id: int, key: str, text: str, agency_id: int | None = None, due_on: date | None = None
) -> Question:
    """Home affairs asks the ward (no agency), or an agency assigned to the entry, to explain it.

    The same open question again is the same question. Raises InvalidInput naming the field, Refusal when the
    dossier is not with the city, Assessment.DoesNotExist for what does not exist for this person.
    """
    assessment = lock(user, assessment_id)
    entry = table_of(assessment).entries_by_key.get(key)
    if entry is None:
        raise Assessment.DoesNotExist
    if not may_ask(user, assessment):
        raise Refusal("Chỉ cơ quan nội vụ đề nghị giải trình, khi hồ sơ đang ở thành phố và chưa trình.")
    text, agency = clean(text), _asked(assessment, entry, agency_id)
    _check(text, due_on)
    same = Question.objects.filter(
        assessment=assessment, entry_id=entry.id, agency=agency, text=text, answered_at__isnull=True
    ).first()
    if same is not None:
        return same
    question = Question.objects.create(
        assessment=assessment,
        entry_id=entry.id,
        agency=agency,
        text=text,
        due_on=due_on,
        asked_by=user,
        asked_at=timezone.now(),
    )
    data = {
        "question": question.pk,
        "key": key,
        "agency": agency_id,
        "asked": asked_name(question),
        "due_on": due_on.isoformat() if due_on else None,
    }
    record(assessment, Event.Kind.ASKED, user, entry_id=entry.id, reason=text, data=data)
    _tell_asked(question, entry, user)
    return question


def _check(text: str, due_on: date | None) -> None:
    if not text:
        raise InvalidInput("Ghi rõ nội dung cần giải trình.", "text")
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(f"Nội dung dài {len(text)} ký tự, tối đa {TEXT_LIMIT}. Rút gọn rồi gửi lại.", "text")
    if due_on is not None and due_on <= timezone.localdate():
        raise InvalidInput("Hạn trả lời phải sau ngày hôm nay.", "due_on")


def _asked(assessment: Assessment, entry: spec.Entry, agency_id: int | None) -> Agency | None:
    if agency_id is None:
        return None
    assigned = Assignment.objects.filter(plan=assessment.plan, entry=entry.id, agency=agency_id)
    if not assigned.exists():
        raise InvalidInput("Cơ quan này không được phân công thẩm định mục này. Chọn cơ quan khác.", "asked")
    return Agency.objects.get(pk=agency_id)


def asked_name(question: Question) -> str:
    """Who was asked: the agency, or the ward."""
    return str(question.agency or question.assessment.unit.ward)


def _tell_asked(question: Question, entry: spec.Entry, user: User) -> None:
    assessment = question.assessment
    if question.agency_id is None:
        people = notices.ward_people(assessment.unit.ward_id)
    else:
        people = notices.agency_officers([question.agency_id])
    until = f" Trả lời trước ngày {question.due_on:%d/%m/%Y}." if question.due_on else ""
    notices.send(
        Notice.Kind.QUESTION,
        people,
        f"{assessment.unit}, {assessment.unit.ward}: đề nghị giải trình {_lower(entry_name(entry))}.{until}",
        reverse("assessments:question", args=[question.pk]),
        actor=user,
        assessment=assessment,
        due_on=question.due_on,
    )


@transaction.atomic
def explain(*, user: User, question_id: int, answer: str) -> Question:
    """Whoever was asked answers, once; from then on question and answer are fixed, in the database too.

    Sending the same answer again changes nothing. Raises InvalidInput for an empty or over-long answer,
    Refusal without the right or after another answer, Question.DoesNotExist outside the person's scope.
    """
    found = visible_questions(user).get(pk=question_id)
    assessment = lock(user, found.assessment_id)
    question = Question.objects.select_for_update(of=("self",), no_key=True).select_related("entry").get(pk=question_id)
    question.assessment = assessment
    text = clean(answer)
    if question.answered_at is not None:
        if question.answered_by_id == user.pk and question.answer == text:
            return question
        at = timezone.localtime(question.answered_at)
        raise Refusal(f"Đề nghị này đã được trả lời lúc {at:%H:%M %d/%m/%Y} nên không trả lời lại được.")
    if not may_explain(user, question):
        raise Refusal("Chỉ bên được hỏi trả lời, khi hồ sơ chưa có quyết định.")
    if not text:
        raise InvalidInput("Chưa nhập nội dung giải trình.", "answer")
    if len(text) > ANSWER_LIMIT:
        raise InvalidInput(f"Giải trình dài {len(text)} ký tự, tối đa {ANSWER_LIMIT}. Rút gọn rồi gửi lại.", "answer")
    question.answer, question.answered_by, question.answered_at = text, user, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    record(
        assessment,
        Event.Kind.EXPLAINED,
        user,
        entry_id=question.entry_id,
        reason=text,
        data={"question": question.pk, "key": question.entry.key, "asked": asked_name(question)},
    )
    _tell_askers(question, table_of(assessment).entries_by_key[question.entry.key], user)
    return question


def _tell_askers(question: Question, entry: spec.Entry, user: User) -> None:
    """Home affairs, whoever of them asked."""
    unit = question.assessment.unit
    notices.send(
        Notice.Kind.EXPLAINED,
        notices.home_affairs(),
        f"{unit}, {unit.ward}: {asked_name(question)} đã giải trình {_lower(entry_name(entry))}.",
        reverse("assessments:question", args=[question.pk]),
        actor=user,
        assessment=question.assessment,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
