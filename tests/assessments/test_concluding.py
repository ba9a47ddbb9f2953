"""Many dossiers by one press: each whole or not at all, and the list says where the rest hangs."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from assessments import concluding, questioning
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment, Event, Layer, Plan
from assessments.permissions import visible_assessments
from assessments.queries import appraisal
from assessments.self_assessment import NewAnswer
from assessments.workflow import Action, State
from tests import factories
from tests.assessments.appraising import assign, dossier, visit
from tests.assessments.roads import People, answer, answer_all

pytestmark = pytest.mark.django_db


def states(*assessments: Assessment) -> list[str]:
    return [Assessment.objects.values_list("state", flat=True).get(pk=a.pk) for a in assessments]


def conclude(people: People, plan: Plan, *assessments: Assessment, action: Action = Action.CONCLUDE) -> list[str]:
    steps = concluding.step_many(
        user=people.home_affairs, plan_id=plan.pk, assessment_ids=[a.pk for a in assessments], action=action
    )
    return [step.words for step in steps]


def test_what_is_complete_goes_and_the_rest_says_why(people: People, plan: Plan) -> None:
    full, open_one = (dossier(people, plan, State.APPRAISAL) for _ in range(2))
    answer_all(people.home_affairs, full, layer=Layer.AGENCY)
    answer_all(people.home_affairs, open_one, layer=Layer.AGENCY)
    answer(people.home_affairs, open_one, Layer.AGENCY, {k: NewAnswer("") for k in ("tc-1.1", "tc-1.2", "th-1")})
    events = Event.objects.filter(assessment=open_one).count()
    assert conclude(people, plan, full, open_one) == [
        "đã kết luận",
        "Chưa kết luận được vì còn 3 mục chưa có kết quả thẩm định.",
    ]
    assert states(full, open_one) == [State.CONCLUDED, State.APPRAISAL]
    assert Event.objects.filter(assessment=open_one).count() == events
    full.refresh_from_db()
    assert full.concluded_at is not None


def test_accept_and_propose(people: People, plan: Plan) -> None:
    sent, ready = dossier(people, plan, State.SUBMITTED), dossier(people, plan, State.CONCLUDED)
    words = conclude(people, plan, sent, ready, action=Action.ACCEPT)
    assert words[0] == "đã tiếp nhận" and "Không thể “Tiếp nhận”" in words[1]
    words = conclude(people, plan, sent, ready, action=Action.PROPOSE)
    assert "Không thể" in words[0] and words[1] == "đã trình UBND thành phố"
    assert states(sent, ready) == [State.APPRAISAL, State.PROPOSED]


def test_the_second_press_changes_nothing(people: People, plan: Plan) -> None:
    sent = dossier(people, plan, State.SUBMITTED)
    for _ in range(2):
        assert conclude(people, plan, sent, action=Action.ACCEPT) == ["đã tiếp nhận"]
    assert Event.objects.filter(assessment=sent, action="accept").count() == 1


def test_one_that_is_not_of_the_plan_stops_all(people: People, plan: Plan) -> None:
    sent = dossier(people, plan, State.SUBMITTED)
    other = factories.open_assessment(plan=factories.PlanFactory())
    with pytest.raises(Assessment.DoesNotExist):
        conclude(people, plan, sent, other, action=Action.ACCEPT)
    assert states(sent) == [State.SUBMITTED]


def test_bad_choices(people: People, plan: Plan, assessment: Assessment) -> None:
    with pytest.raises(InvalidInput, match="ít nhất một"):
        conclude(people, plan, action=Action.ACCEPT)
    with pytest.raises(InvalidInput, match="Chọn một việc"):
        conclude(people, plan, assessment, action=Action.RETURN)
    with pytest.raises(InvalidInput, match="tối đa"):
        concluding.step_many(
            user=people.home_affairs, plan_id=plan.pk, assessment_ids=range(501), action=Action.CONCLUDE
        )


@pytest.mark.parametrize("who", ["officer", "leader", "city_leader"])
def test_only_home_affairs(people: People, plan: Plan, assessment: Assessment, who: str) -> None:
    user: User = getattr(people, who)
    with pytest.raises(Refusal, match="Chỉ cơ quan nội vụ"):
        concluding.step_many(user=user, plan_id=plan.pk, assessment_ids=[assessment.pk], action=Action.ACCEPT)


class TestRows:
    """The figures of the list."""

    def row(self, people: People, plan: Plan) -> appraisal.Row:
        [row] = appraisal.rows(appraisal.with_the_city(people.home_affairs, plan), plan)
        return row

    def test_missing_and_at_whom(self, people: People, plan: Plan) -> None:
        made = dossier(people, plan, State.APPRAISAL)
        first, second = factories.AgencyFactory(name="Phòng A"), factories.AgencyFactory(name="Phòng B")
        assign(plan, first, "tc-1.1", "tc-1.2", "tc-4.1")  # 4.1 is derived: nobody owes it
        assign(plan, second, "tc-1.3")
        assign(plan, second, "tc-1.1", position=2)
        answer(people.home_affairs, made, Layer.AGENCY, {"tc-1.2": NewAnswer("met")})
        row = self.row(people, plan)
        assert row.missing == 82
        assert {party.name: party.count for party in row.hanging} == {
            "Phòng A": 1,
            "Phòng B": 1,
            appraisal.UNASSIGNED: 80,
        }
        assert next((b.name, b.cells) for b in appraisal.behind(people.home_affairs, plan)) == ("Chưa phân công", 80)
        waits = appraisal.waits_for_agency
        found = appraisal.with_the_city(people.home_affairs, plan)
        assert found.filter(waits(plan, first)).count() == found.filter(waits(plan, second)).count() == 1
        answer(people.home_affairs, made, Layer.AGENCY, {"tc-1.1": NewAnswer("met")})
        assert found.filter(waits(plan, first)).count() == 0

    def test_differences_and_filters(self, people: People, plan: Plan) -> None:
        made = dossier(people, plan, State.APPRAISAL, bad=["tc-1.1"])
        found = appraisal.with_the_city(people.home_affairs, plan)
        assert not found.filter(appraisal.differs()).exists()
        answer(
            people.home_affairs,
            made,
            Layer.AGENCY,
            {"tc-1.1": NewAnswer("met", "x"), "tc-1.2": NewAnswer("not_met", "x"), "tc-1.3": NewAnswer("met")},
        )
        assert self.row(people, plan).differences == 2
        assert found.filter(appraisal.differs()).count() == 1
        assert found.filter(appraisal.incomplete()).count() == 1

    def test_complete_ones_lack_nothing(self, people: People, plan: Plan) -> None:
        dossier(people, plan, State.CONCLUDED)
        row = self.row(people, plan)
        assert (row.missing, row.hanging, row.differences) == (0, [], 0)
        found = appraisal.with_the_city(people.home_affairs, plan)
        assert not found.filter(appraisal.incomplete()).exists()
        assert appraisal.behind(people.home_affairs, plan) == []

    def test_late_agencies(self, people: People, plan: Plan) -> None:
        dossier(people, plan, State.APPRAISAL)
        today = timezone.localdate()
        milestone = factories.MilestoneFactory(plan=plan, duty="agency_result", before=today + timedelta(days=1))
        assert not self.row(people, plan).agencies_late
        milestone.before = today  # on the day itself it is late
        milestone.save()
        assert self.row(people, plan).agencies_late
        assert appraisal.behind(people.home_affairs, plan)[0].late

    def test_visits(self, people: People, plan: Plan) -> None:
        made = dossier(people, plan, State.APPRAISAL)
        planned = visit(made, planned_on=date(2025, 9, 1))
        row = self.row(people, plan)
        assert row.visit == "planned"
        assert "quá ngày dự kiến" in row.hanging[-1].words and row.hanging[-1].late
        planned.held_on = date(2025, 9, 2)
        planned.save()
        assert self.row(people, plan).visit == "held"
        planned.closed_at, planned.closed_by = timezone.now(), people.home_affairs
        planned.save()
        row = self.row(people, plan)
        assert row.visit == "closed" and not any("Đoàn" in party.name for party in row.hanging)

    def test_questions(self, people: People, plan: Plan) -> None:
        made = dossier(people, plan, State.APPRAISAL)
        question = questioning.ask(user=people.home_affairs, assessment_id=made.pk, key="tc-1.1", text="Vì sao?")
        row = self.row(people, plan)
        assert [(p.name, p.count, p.late) for p in row.questions] == [(str(made.unit.ward), 1, False)]
        found = appraisal.with_the_city(people.home_affairs, plan)
        assert found.filter(appraisal.open_questions()).count() == 1
        questioning.explain(user=people.officer, question_id=question.pk, answer="Vì thế.")
        assert self.row(people, plan).questions == []
        assert not found.filter(appraisal.open_questions()).exists()

    def test_drafts_are_not_with_the_city(self, people: People, plan: Plan, assessment: Assessment) -> None:
        assert visible_assessments(people.home_affairs).filter(pk=assessment.pk).exists()
        assert not appraisal.with_the_city(people.home_affairs, plan).exists()
