"""What the database itself holds of questions and decisions, past deeds and models."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessments import questioning
from assessments.decision_papers import attach_decision
from assessments.models import Assessment, Attachment, Decision, Plan, Question
from assessments.workflow import State
from criteria.models import CriteriaSet, Entry
from tests import factories, files
from tests.assessments.appraising import correct, decided, dossier
from tests.assessments.roads import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(people: People, plan: Plan) -> Question:
    made = dossier(people, plan, State.APPRAISAL)
    return questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-1.1", text="Vì sao?")


def refused(match: str) -> pytest.RaisesExc[IntegrityError]:
    return pytest.raises(IntegrityError, match=match)


def change(question: Question, **changes: object) -> None:
    with transaction.atomic():
        Question.objects.filter(pk=question.pk).update(**changes)


def test_the_question_is_fixed(question: Question, people: People) -> None:
    for changes in ({"text": "Khác"}, {"due_on": timezone.localdate()}, {"asked_by": people.officer}):
        with refused("is fixed"):
            change(question, **changes)
    with refused("is fixed"), transaction.atomic():
        question.delete()


def test_an_answer_is_whole(question: Question, people: People) -> None:
    now = timezone.now()
    for changes in (
        {"answer": "x"},
        {"answered_at": now, "answered_by": people.officer},
        {"answered_at": now, "answer": "x"},
    ):
        with refused("question_answer_whole"):
            change(question, **changes)


def test_an_answer_is_given_once(question: Question, people: People) -> None:
    questioning.explain(user=people.officer, question_id=question.pk, answer="Vì thế")
    with refused("is answered"):
        change(question, answer="Khác")


def test_texts(question: Question, people: People) -> None:
    row = {
        "assessment": question.assessment,
        "entry": question.entry,
        "asked_by": people.home_affairs,
        "asked_at": timezone.now(),
    }
    for text, name in (("", "question_has_text"), ("Vi\u0300 sao", "question_text_nfc")):
        with refused(name), transaction.atomic():
            Question.objects.create(**row, text=text)


def test_the_entry_is_of_the_plan(question: Question, people: People) -> None:
    other = CriteriaSet.objects.create(code="khac", title="Khác", standard_percent=80, content_percent=80)
    foreign = Entry.objects.create(criteria_set=other, key="th-9", code="9", kind="case", text="Khác", position=1)
    with refused("is not of the criteria set"), transaction.atomic():
        Question.objects.create(
            assessment=question.assessment,
            entry=foreign,
            text="?",
            asked_by=people.home_affairs,
            asked_at=timezone.now(),
        )


def test_nothing_is_asked_or_answered_after_the_decision(question: Question, people: People) -> None:
    factories.in_state(question.assessment, State.RECOGNISED)
    with refused("is decided"):
        change(question, answer="x", answered_at=timezone.now(), answered_by=people.officer)
    with refused("is decided"), transaction.atomic():
        Question.objects.create(
            assessment=question.assessment,
            entry=question.entry,
            text="?",
            asked_by=people.home_affairs,
            asked_at=timezone.now(),
        )


def test_a_confirmed_correction_stands(people: People, plan: Plan, city_leader: User) -> None:
    made = dossier(people, plan, State.PROPOSED)
    later = correct(people, decided(people, made), {made: "not_recognised"})
    for changes in ({"supersedes": None}, {"number": "9/QĐ"}, {"confirmed_at": None, "confirmed_by": None}):
        with refused("is confirmed"), transaction.atomic():
            Decision.objects.filter(pk=later.pk).update(**changes)
    for changes in ({"correction": "Khác"}, {"chain_head": ""}, {"result": "recognised"}):
        with refused("is confirmed"), transaction.atomic():
            later.lines.update(**changes)
    with refused("is decided"), transaction.atomic():
        Assessment.objects.filter(pk=made.pk).update(state="not_recognised")


def test_signed_papers_are_kept(people: People, plan: Plan) -> None:
    later = decided(people, dossier(people, plan, State.PROPOSED))
    kept, _ = attach_decision(user=people.home_affairs, decision_id=later.pk, file=files.upload("a.pdf", files.pdf()))
    with refused("append-only"), transaction.atomic():
        Attachment.objects.filter(pk=kept.pk).update(original_name="b.pdf")
    with refused("append-only"), transaction.atomic():
        kept.delete()
