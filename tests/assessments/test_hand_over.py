"""Between the unit's head and the ward's officer: whose hands a draft is in, and who hears of it."""

import pytest

from accounts.models import User
from assessments import evidence, moving, self_assessment
from assessments.deeds import Refusal, Stale
from assessments.models import Assessment, Event, Layer, Notice
from assessments.permissions import may_answer
from assessments.queries import hands
from assessments.workflow import State
from localities.models import Unit
from tests import factories
from tests.assessments.roads import People, answer_all, save, save_year, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(unit: Unit) -> User:
    return factories.UnitHeadFactory(unit=unit)


def over(user: User, assessment: Assessment, **more: int) -> Assessment:
    return moving.hand_over(user=user, assessment_id=assessment.pk, **more)


def back(user: User, assessment: Assessment, reason: str = "Thiếu mục 2.3.", **more: int) -> Assessment:
    return moving.hand_back(user=user, assessment_id=assessment.pk, reason=reason, **more)


def handed(assessment: Assessment) -> list[str]:
    return list(assessment.events.filter(kind=Event.Kind.HANDED).order_by("pk").values_list("action", flat=True))


def test_handed_over_the_head_only_reads(head: User, officer: User, assessment: Assessment) -> None:
    save(head, assessment, "tc-1.2", "met")
    done = self_assessment.mark_standard_met(user=head, assessment_id=assessment.pk, number=2)
    assert done.event is not None
    event_id = done.event.pk
    over(head, assessment)
    assessment.refresh_from_db()
    assert assessment.handed_over_at is not None and assessment.state == State.DRAFT
    who = {"user": head, "assessment_id": assessment.pk}
    for deed in (
        lambda: save(head, assessment, "tc-1.2", "not_met", 1),
        lambda: answer_all(head, assessment),
        lambda: self_assessment.mark_standard_met(number=1, **who),
        lambda: self_assessment.undo(event_id=event_id, **who),
        lambda: evidence.add_reference(layer=Layer.SELF, key="tc-1.1", reference="Biên bản", **who),
        lambda: save_year(head, assessment, 0, {"households": 100}),
    ):
        with pytest.raises(Refusal):
            deed()
    assert not may_answer(head, assessment, Layer.SELF)
    save(officer, assessment, "tc-1.2", "not_met", 1)


def test_handed_back_the_head_goes_on(head: User, officer: User, assessment: Assessment) -> None:
    over(head, assessment)
    back(officer, assessment)
    save(head, assessment, "tc-1.2", "met")
    over(head, assessment)
    assert handed(assessment) == ["hand_over", "hand_back", "hand_over"]
    assert assessment.events.get(action="hand_back").reason == "Thiếu mục 2.3."


def test_who_is_told(head: User, officer: User, leader: User, assessment: Assessment) -> None:
    colleague = factories.WardOfficerFactory(ward=officer.ward)
    factories.WardOfficerFactory()
    over(head, assessment)
    assert {n.recipient for n in Notice.objects.filter(kind=Notice.Kind.HANDED)} == {officer, colleague}
    back(officer, assessment, "Thiếu <mục> 2.3.")
    [notice] = Notice.objects.filter(kind=Notice.Kind.RETURNED)
    assert notice.recipient == head and notice.text.endswith("Thiếu <mục> 2.3.")
    assert notice.url == f"/ho-so/{assessment.pk}/"


def test_a_second_click_is_the_same_click(head: User, officer: User, assessment: Assessment) -> None:
    version = assessment.version
    for _ in range(2):
        over(head, assessment, version=version)
    for _ in range(2):
        back(officer, assessment, version=version + 1)
    assert handed(assessment) == ["hand_over", "hand_back"] and Notice.objects.count() == 2


def test_what_does_not_fit(head: User, officer: User, assessment: Assessment) -> None:
    with pytest.raises(Refusal, match="chưa được chuyển"):
        back(officer, assessment)
    over(head, assessment)
    with pytest.raises(Refusal, match="đã chuyển hồ sơ này"):
        over(factories.UnitHeadFactory(unit=head.unit), assessment)
    for reason in ("", " \u200b", "x" * 2001):
        with pytest.raises(Refusal, match=r"[Ll]ý do"):
            back(officer, assessment, reason)
    with pytest.raises(Stale):
        back(officer, assessment, version=1)
    assert handed(assessment) == ["hand_over"]


def test_roles(head: User, people: People, assessment: Assessment) -> None:
    for user in (people.officer, people.leader, people.home_affairs, people.city_leader):
        with pytest.raises(Refusal, match="Vai trò của bạn"):
            over(user, assessment)
    over(head, assessment)
    for user in (head, people.leader, people.home_affairs, people.city_leader):
        with pytest.raises(Refusal, match="Vai trò của bạn"):
            back(user, assessment)
    for stranger in (factories.UnitHeadFactory(), factories.WardOfficerFactory(), factories.AgencyOfficerFactory()):
        for deed in (over, back):
            with pytest.raises(Assessment.DoesNotExist):
                deed(stranger, assessment)


@pytest.mark.parametrize("state", [State.COUNCIL, State.SUBMITTED, State.APPRAISAL])
def test_only_a_draft(head: User, people: People, assessment: Assessment, state: State) -> None:
    walk(people, assessment, state)
    for deed, user in ((over, head), (back, people.officer)):
        with pytest.raises(Refusal, match="Không thể"):
            deed(user, assessment)


def test_a_return_leaves_it_with_the_officer(head: User, people: People, assessment: Assessment) -> None:
    over(head, assessment)
    walk(people, assessment, State.COUNCIL)
    moving.council_return(user=people.leader, assessment_id=assessment.pk, reason="Thiếu.")
    with pytest.raises(Refusal):
        save(head, assessment, "tc-1.2", "not_met", 1)
    back(people.officer, assessment)
    save(head, assessment, "tc-1.2", "not_met", 1)


class TestReading:
    def test_whose_hands(self, head: User, people: People, assessment: Assessment) -> None:
        own, wards = hands.hands(head, assessment), hands.hands(people.officer, assessment)
        assert own is not None and own.mine and not own.handed and own.last is None
        assert wards is not None and wards.has_head and not wards.mine
        assert hands.hands(people.home_affairs, assessment) is None
        assert hands.hands(factories.WardOfficerFactory(), assessment) is None
        over(head, assessment)
        assessment.refresh_from_db()
        later = hands.hands(people.leader, assessment)
        assert later is not None and later.handed and later.last is not None and later.last.actor == head
        factories.in_state(assessment, State.COUNCIL)
        assert hands.hands(head, assessment) is None

    def test_a_unit_without_a_head(self, officer: User, assessment: Assessment, head: User) -> None:
        User.objects.filter(pk=head.pk).update(is_active=False)
        found = hands.hands(officer, assessment)
        assert found is not None and not found.has_head

    def test_handed_back_until_it_is_handed_over_again(self, head: User, officer: User, assessment: Assessment) -> None:
        over(head, assessment)
        assert hands.handed_back([assessment]) == {}
        back(officer, assessment)
        assert hands.handed_back([assessment])[assessment.pk].reason == "Thiếu mục 2.3."
        over(head, assessment)
        assert hands.handed_back([assessment]) == {}
