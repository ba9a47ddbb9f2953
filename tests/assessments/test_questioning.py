"""Asking for an explanation of one entry, and the answer: once, in the record, and told to whom it concerns."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import moving, questioning
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment, Event, Notice, Plan, Question
from assessments.queries.questions import question_list, waiting
from assessments.workflow import State
from tests import factories
from tests.assessments.appraising import assign, decided, dossier
from tests.assessments.roads import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def appraised(people: People, plan: Plan) -> Assessment:
    return dossier(people, plan, State.APPRAISAL)


@pytest.fixture
def agency_officer(db: None) -> User:
    return factories.AgencyOfficerFactory()


def ask(people: People, assessment: Assessment, **more: object) -> Question:
    given = {"key": "tc-3.5", "text": "Cơ sở xả thải đã khắc phục chưa?"} | more
    return questioning.ask(user=people.home_affairs, assessment_id=assessment.pk, **given)  # type: ignore[arg-type]


def test_the_ward_is_asked_and_answers(people: People, appraised: Assessment) -> None:
    due = timezone.localdate() + timedelta(days=3)
    question = ask(people, appraised, due_on=due)
    asked = Event.objects.get(assessment=appraised, kind=Event.Kind.ASKED)
    assert (asked.entry.key, asked.reason, asked.data["due_on"]) == ("tc-3.5", question.text, due.isoformat())  # type: ignore[union-attr]
    told = Notice.objects.filter(kind=Notice.Kind.QUESTION)
    assert {notice.recipient for notice in told} == {people.officer, people.leader}
    assert told[0].due_on == due
    answered = questioning.explain(user=people.leader, question_id=question.pk, answer=" Đã khắc phục tháng 8. ")
    assert (answered.answer, answered.answered_by) == ("Đã khắc phục tháng 8.", people.leader)
    explained = Event.objects.get(assessment=appraised, kind=Event.Kind.EXPLAINED)
    assert (explained.entry, explained.reason) == (asked.entry, "Đã khắc phục tháng 8.")
    assert Notice.objects.get(kind=Notice.Kind.EXPLAINED).recipient == people.home_affairs


def test_an_assigned_agency_is_asked(people: People, plan: Plan, appraised: Assessment, agency_officer: User) -> None:
    with pytest.raises(InvalidInput, match="không được phân công"):
        ask(people, appraised, agency_id=agency_officer.agency_id)
    assign(plan, agency_officer.agency, "tc-3.5")  # type: ignore[arg-type]
    question = ask(people, appraised, agency_id=agency_officer.agency_id)
    assert [n.recipient for n in Notice.objects.filter(kind="question")] == [agency_officer]
    with pytest.raises(Refusal, match="Chỉ bên được hỏi"):
        questioning.explain(user=people.officer, question_id=question.pk, answer="Thay lời")
    assert questioning.explain(user=agency_officer, question_id=question.pk, answer="Rồi").answered_at


def test_answered_once(people: People, appraised: Assessment) -> None:
    question = ask(people, appraised)
    for _ in range(2):
        questioning.explain(user=people.officer, question_id=question.pk, answer="Đã khắc phục")
    assert Event.objects.filter(kind=Event.Kind.EXPLAINED).count() == 1
    for user in (people.officer, people.leader):
        with pytest.raises(Refusal, match="đã được trả lời lúc"):
            questioning.explain(user=user, question_id=question.pk, answer="Khác")
    question.refresh_from_db()
    assert question.answer == "Đã khắc phục"


def test_the_same_open_question_is_one(people: People, appraised: Assessment) -> None:
    first = ask(people, appraised)
    assert ask(people, appraised) == first
    assert Question.objects.count() == Event.objects.filter(kind=Event.Kind.ASKED).count() == 1
    questioning.explain(user=people.officer, question_id=first.pk, answer="Rồi")
    assert ask(people, appraised) != first


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " \u200b\n "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"agency_id": 999_999}, "asked"),
    ],
)
def test_what_cannot_be_asked(people: People, appraised: Assessment, given: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(people, appraised, **given)
    assert refused.value.field == field and not Question.objects.exists()


def test_due_after_today(people: People, appraised: Assessment) -> None:
    with pytest.raises(InvalidInput, match="sau ngày hôm nay"):
        ask(people, appraised, due_on=timezone.localdate())


def test_text_is_cleaned(people: People, appraised: Assessment) -> None:
    question = ask(people, appraised, text="Vi\u0300 sao\u0000 thế?\r\nNêu rõ.")
    assert question.text == "Vì sao thế?\nNêu rõ."
    answer = questioning.explain(user=people.officer, question_id=question.pk, answer="Vi\u0300 thế")
    assert answer.answer == "Vì thế"


def test_answers_have_limits(people: People, appraised: Assessment) -> None:
    question = ask(people, appraised)
    for text in ("", " \n", "x" * 4001):
        with pytest.raises(InvalidInput) as refused:
            questioning.explain(user=people.officer, question_id=question.pk, answer=text)
        assert refused.value.field == "answer"


def test_unknown_entry(people: People, appraised: Assessment) -> None:
    with pytest.raises(Assessment.DoesNotExist):
        ask(people, appraised, key="tc-9.9")


@pytest.mark.parametrize("who", ["officer", "leader", "city_leader"])
def test_only_home_affairs_asks(people: People, appraised: Assessment, who: str) -> None:
    with pytest.raises(Refusal, match="Chỉ cơ quan nội vụ"):
        questioning.ask(user=getattr(people, who), assessment_id=appraised.pk, key="tc-3.5", text="Vì sao?")


@pytest.mark.parametrize("state", [State.DRAFT, State.COUNCIL, State.PROPOSED, State.RECOGNISED])
def test_only_while_it_is_with_the_city(people: People, assessment: Assessment, state: State) -> None:
    factories.in_state(assessment, state)
    with pytest.raises(Refusal, match="khi hồ sơ đang ở thành phố"):
        ask(people, assessment)


def test_strangers(people: People, appraised: Assessment, stranger: User) -> None:
    question = ask(people, appraised)
    with pytest.raises(Question.DoesNotExist):
        questioning.explain(user=stranger, question_id=question.pk, answer="Tôi")
    for user in (people.home_affairs, people.city_leader, factories.UnitHeadFactory(unit=appraised.unit)):
        with pytest.raises(Refusal, match="Chỉ bên được hỏi"):
            questioning.explain(user=user, question_id=question.pk, answer="Tôi")


def test_a_return_keeps_the_question(people: People, appraised: Assessment) -> None:
    question = ask(people, appraised)
    due = timezone.localdate() + timedelta(days=9)
    moving.return_to_ward(user=people.home_affairs, assessment_id=appraised.pk, reason="Xem 3.5", new_due=due)
    assert questioning.explain(user=people.officer, question_id=question.pk, answer="Đã bổ sung").answered_at


def test_not_after_the_decision(people: People, plan: Plan) -> None:
    made = dossier(people, plan, State.CONCLUDED)
    question = ask(people, made)
    moving.propose(user=people.home_affairs, assessment_id=made.pk)
    decided(people, made)
    with pytest.raises(Refusal, match="chưa có quyết định"):
        questioning.explain(user=people.officer, question_id=question.pk, answer="Muộn")


def test_who_has_what_on_the_list(people: People, plan: Plan, appraised: Assessment, agency_officer: User) -> None:
    assign(plan, agency_officer.agency, "tc-3.5")  # type: ignore[arg-type]
    to_ward, to_agency = ask(people, appraised), ask(people, appraised, agency_id=agency_officer.agency_id)
    assert list(question_list(people.officer)) == [to_ward]
    assert list(question_list(agency_officer)) == [to_agency]
    assert set(question_list(people.city_leader)) == {to_ward, to_agency}
    assert list(question_list(factories.WardOfficerFactory())) == []
    assert (waiting(people.home_affairs).open, waiting(people.officer).open) == (2, 1)
    questioning.explain(user=people.officer, question_id=to_ward.pk, answer="Rồi")
    found = waiting(people.home_affairs)
    assert (found.open, found.fresh, found.overdue) == (1, 1, 0)
    assert list(question_list(people.home_affairs)) == [to_agency, to_ward], "open ones first"
