"""What stands around the answers: the unit's yearly figures, its name and its registration."""

import unicodedata

import pytest

from accounts.models import User
from assessments import registering
from assessments.checking import stale_summaries
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, Event, Plan, Registration, Verdict
from assessments.workflow import State
from localities.models import Unit, UnitYear
from tests import factories
from tests.assessments.roads import People, answer_all, counted, save, save_year, walk

pytestmark = pytest.mark.django_db


def verdict(key: str) -> Verdict:
    return Verdict.objects.get(entry__key=key)


# The yearly figures


def test_households_are_carried_into_answers_and_result(
    officer: User, assessment: Assessment, profile: UnitYear
) -> None:
    answer_all(officer, assessment)
    save(officer, assessment, "th-4", counted("absent", ho_vi_pham=11), version=1)
    save_year(officer, assessment, 1, {"households": 110})
    assert verdict("th-4").figures.get().denominator == 110
    assert verdict("th-4").value == "occurs", "11 of 110 reaches ten percent"
    assert stale_summaries() == []
    assert Event.objects.filter(assessment=assessment, kind=Event.Kind.PROFILE).count() == 2


def test_households_fewer_than_counted_are_refused_whole(
    officer: User, assessment: Assessment, profile: UnitYear
) -> None:
    save(officer, assessment, "tc-1.3", counted("met", ho_nghiem_chinh=119))
    with pytest.raises(InvalidInput, match=r"1\.3.*119"):
        save_year(officer, assessment, 1, {"households": 100})
    profile.refresh_from_db()
    assert (profile.households, profile.version) == (120, 1)


def test_yearly_figures_two_people_and_double_click(officer: User, assessment: Assessment, profile: UnitYear) -> None:
    head = factories.UnitHeadFactory(unit=assessment.unit)
    save_year(head, assessment, 1, {"persons": 500})
    assert save_year(head, assessment, 1, {"persons": 500}).version == 2, "a double click"
    with pytest.raises(Stale):
        save_year(officer, assessment, 1, {"persons": 490})


def test_yearly_figures_of_others_and_of_sent_assessments(
    people: People, stranger: User, assessment: Assessment, profile: UnitYear
) -> None:
    with pytest.raises(Unit.DoesNotExist):
        save_year(stranger, assessment, 1, {"persons": 1})
    with pytest.raises(Refusal):
        save_year(people.home_affairs, assessment, 1, {"persons": 1})
    walk(people, assessment, State.COUNCIL)
    with pytest.raises(Refusal, match="đã gửi đi"):
        save_year(people.officer, assessment, 1, {"persons": 490})


# Registering


def test_registering_twice_is_once(officer: User, unit: Unit, plan: Plan) -> None:
    """Lesson: double submission makes two responses."""
    made = {
        registering.register(user=officer, plan_id=plan.pk, unit_id=unit.pk, aim="new", pilot=False).pk
        for _ in range(2)
    }
    assert len(made) == Registration.objects.count() == Event.objects.filter(kind="registered").count() == 1


def test_who_registers_what(people: People, stranger: User, unit: Unit, plan: Plan) -> None:
    def register(user: User, aim: str = "new", plan_id: int = plan.pk) -> None:
        registering.register(user=user, plan_id=plan_id, unit_id=unit.pk, aim=aim, pilot=False)

    with pytest.raises(Unit.DoesNotExist):
        register(stranger)
    for user in (people.leader, people.home_affairs):
        with pytest.raises(Refusal):
            register(user)
    with pytest.raises(InvalidInput):
        register(people.officer, aim="khác")
    with pytest.raises(Plan.DoesNotExist):
        register(people.officer, plan_id=plan.pk + 100)
    assert not Registration.objects.exists()


def test_names_of_units(people: People) -> None:
    nfd = unicodedata.normalize("NFD", " Tổ  7 ")
    assert registering.add_unit(user=people.officer, name=nfd, kind="group").name == "Tổ 7"
    for name, kind in (("tổ  7", "group"), ("", "group"), ("x" * 101, "group"), ("Tổ 8", "làng")):
        with pytest.raises(InvalidInput):
            registering.add_unit(user=people.officer, name=name, kind=kind)
    with pytest.raises(Refusal):
        registering.add_unit(user=people.leader, name="Tổ 9", kind="group")
