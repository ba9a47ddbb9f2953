"""Who appraises what: the default of the rules, the copy of an earlier year, and changes that lose nothing."""

import pytest
from django.core.management import call_command

from accounts.models import Agency, User
from assessments import assigning
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, Assignment, Event, Layer, Notice, Plan, Verdict
from assessments.queries.assignments import stored_assignment, without_agency
from criteria.queries import table
from tests import factories
from tests.assessments.agencies import assign, judge
from tests.assessments.roads import People

pytestmark = pytest.mark.django_db

# Rules of the domain, section 2, written out by hand: criteria, then contents, then cases.
EXPECTED = {
    "noi-vu": "tc-1.1 tc-1.2 tc-1.3 tc-1.4 nd-1.1 th-1 th-4",
    "kinh-te": "tc-2.1 tc-2.2 tc-2.3 tc-2.5 tc-2.6 tc-2.7 tc-2.8 nd-2.1.1 nd-2.1.2 nd-2.1.3 nd-2.1.4 nd-2.1.5 "
    "nd-2.2.1 nd-2.2.2 nd-2.2.3",
    "quan-ly-do-thi": "tc-3.1 tc-3.2 tc-3.6 tc-3.7 tc-4.5 nd-3.1 nd-3.2 nd-3.3 nd-3.4",
    "tai-nguyen-moi-truong": "tc-3.3 tc-3.4 tc-3.5 nd-4.1 nd-4.2 nd-4.3 nd-4.4",
    "van-hoa-thong-tin": "tc-4.2 tc-4.3 tc-4.4 tc-4.6 tc-4.7 tc-4.8 nd-5.1.1 nd-5.1.2 nd-5.1.3",
    "lao-dong-tbxh": "tc-2.4 tc-5.1 tc-5.2 tc-5.3 tc-5.6 nd-5.4.1 nd-5.4.2 nd-5.4.3 nd-5.4.4",
    "y-te": "tc-5.4 nd-5.3.1 nd-5.3.2 nd-5.3.3",
    "giao-duc-dao-tao": "tc-5.5 nd-5.2.1 nd-5.2.2 nd-5.2.3",
    "quan-su": "tc-6.2 tc-6.7 nd-6.1.1 nd-6.1.2 nd-6.1.3",
    "cong-an": "tc-6.1 tc-6.3 tc-6.4 tc-6.5 tc-6.6 tc-6.8 "
    "nd-6.2.1 nd-6.2.2 nd-6.2.3 nd-6.2.4 nd-6.2.5 nd-6.2.6 th-2 th-3",
}


@pytest.fixture
def agencies(db: None) -> dict[str, Agency]:
    return {code: factories.AgencyFactory(code=code, name=f"Cơ quan {code}") for code in EXPECTED}


def set_to(user: User, plan: Plan, keys: dict[str, tuple[str, ...]], *codes: str) -> int:
    return assigning.set_assignment(user=user, plan_id=plan.pk, seen=keys, agencies=codes)


class TestDefault:
    def test_is_what_the_rules_say(self, plan: Plan) -> None:
        found = assigning.default_assignment(table(plan.criteria_set_id))
        first = {key: codes[0] for key, codes in found.items()}
        assert first == {key: code for code, keys in EXPECTED.items() for key in keys.split()}
        assert {key: codes[1:] for key, codes in found.items() if codes[1:]} == {
            "tc-2.3": ("quan-ly-do-thi",),
            "tc-2.5": ("quan-ly-do-thi",),
        }

    def test_leaves_no_entry_judged_by_hand_without_a_responsible_one(self, plan: Plan, agencies: object) -> None:
        assigning.load_default(plan)
        by_hand = {entry.key for entry in table(plan.criteria_set_id).judged_by_hand}
        assert len(by_hand) == 83 and "tc-4.1" not in by_hand
        responsible = Assignment.objects.filter(plan=plan, position=1).values_list("entry__key", flat=True)
        assert sorted(responsible) == sorted(by_hand)
        assert without_agency(plan) == []

    def test_twice_adds_nothing_and_keeps_what_was_chosen(
        self, plan: Plan, agencies: dict[str, Agency], home_affairs: User
    ) -> None:
        assign(plan, agencies["y-te"], "tc-1.1")
        assert assigning.load_default(plan, home_affairs) == 82
        assert assigning.load_default(plan, home_affairs) == 0
        assert stored_assignment(plan)["tc-1.1"] == ("y-te",)
        [event] = Event.objects.filter(plan=plan, kind=Event.Kind.ASSIGNED)
        assert (event.action, len(event.data["changes"])) == ("default", 82)

    def test_without_the_agency_an_entry_stays_open(self, plan: Plan) -> None:
        factories.AgencyFactory(code="noi-vu")
        assigning.load_default(plan)
        assert len(without_agency(plan)) == 83 - 7

    @pytest.mark.parametrize("role", ["officer", "leader", "city_leader"])
    def test_only_home_affairs(self, plan: Plan, people: People, role: str) -> None:
        with pytest.raises(Refusal, match="cơ quan nội vụ"):
            assigning.load_default(plan, getattr(people, role))

    def test_comes_with_the_reference_data_once(self, db: None) -> None:
        call_command("load_reference", verbosity=0)
        plan = Plan.objects.get(year=2025)
        before = stored_assignment(plan)
        assert len(before) == 83
        Assignment.objects.filter(plan=plan, entry__key="tc-1.1").delete()
        call_command("load_reference", verbosity=0)
        assert "tc-1.1" not in stored_assignment(plan)  # what the office took out stays out
        Assignment.objects.filter(plan=plan).delete()
        call_command("load_reference", verbosity=0)
        assert stored_assignment(plan) == before


class TestCopy:
    def test_by_key_and_in_order(self, plan: Plan, agencies: dict[str, Agency], home_affairs: User) -> None:
        assigning.load_default(plan)
        later = factories.PlanFactory()
        assign(later, agencies["y-te"], "tc-1.1")
        assert assigning.copy_from(user=home_affairs, plan_id=later.pk, earlier_id=plan.pk) == 82
        copied = stored_assignment(later)
        assert copied["tc-2.3"] == ("kinh-te", "quan-ly-do-thi") and copied["tc-1.1"] == ("y-te",)
        event = Event.objects.get(plan=later)
        assert (event.action, event.reason, event.actor) == ("copy", str(plan.year), home_affairs)

    def test_only_from_earlier_years(self, plan: Plan, home_affairs: User) -> None:
        later = factories.PlanFactory()
        for source in (plan, later):
            with pytest.raises(Refusal, match="năm trước"):
                assigning.copy_from(user=home_affairs, plan_id=plan.pk, earlier_id=source.pk)
        with pytest.raises(Plan.DoesNotExist):
            assigning.copy_from(user=home_affairs, plan_id=plan.pk, earlier_id=0)


class TestSet:
    def test_several_entries_with_their_order(
        self, plan: Plan, agencies: dict[str, Agency], home_affairs: User
    ) -> None:
        seen = {"tc-1.1": (), "th-1": ()}
        assert set_to(home_affairs, plan, seen, "y-te", "cong-an", "y-te") == 2
        assert stored_assignment(plan) == {"tc-1.1": ("y-te", "cong-an"), "th-1": ("y-te", "cong-an")}
        [event] = Event.objects.filter(plan=plan)
        assert event.data["changes"][0] == {
            "key": "tc-1.1",
            "code": "1.1",
            "before": [],
            "after": ["y-te", "cong-an"],
        }

    def test_the_same_again_is_no_change(self, plan: Plan, agencies: dict[str, Agency], home_affairs: User) -> None:
        set_to(home_affairs, plan, {"tc-1.1": ()}, "y-te")
        assert set_to(home_affairs, plan, {"tc-1.1": ()}, "y-te") == 0
        assert Event.objects.filter(plan=plan).count() == 1

    def test_somebody_elses_change_is_not_overwritten(
        self, plan: Plan, agencies: dict[str, Agency], home_affairs: User
    ) -> None:
        set_to(home_affairs, plan, {"tc-1.1": (), "tc-1.2": ()}, "y-te")
        with pytest.raises(Stale, match=r"mục 1\.1\."):
            set_to(home_affairs, plan, {"tc-1.1": ("cong-an",), "tc-1.2": ("y-te",)}, "noi-vu")
        assert stored_assignment(plan) == {"tc-1.1": ("y-te",), "tc-1.2": ("y-te",)}

    @pytest.mark.parametrize(
        ("keys", "codes", "field"),
        [
            ([], ["y-te"], "entry"),
            (["tc-1.1"], [], "chu_tri"),
            (["tc-1.1"], ["khong-co"], "chu_tri"),
            (["tc-4.1"], ["y-te"], "entry"),
            (["tc-9.9"], ["y-te"], "entry"),
            (["tc-1.1"], list(EXPECTED)[:6], "phoi_hop"),
        ],
    )
    def test_what_cannot_be(
        self, plan: Plan, agencies: object, home_affairs: User, keys: list[str], codes: list[str], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as error:
            set_to(home_affairs, plan, dict.fromkeys(keys, ()), *codes)
        assert error.value.field == field
        assert not Assignment.objects.exists() and not Event.objects.filter(plan=plan).exists()

    def test_only_home_affairs(self, plan: Plan, agencies: dict[str, Agency], people: People) -> None:
        for user in (people.officer, people.city_leader, factories.AgencyOfficerFactory(agency=agencies["y-te"])):
            with pytest.raises(Refusal, match="cơ quan nội vụ"):
                set_to(user, plan, {"tc-1.1": ()}, "y-te")

    def test_verdicts_stay(self, assessment: Assessment, agencies: dict[str, Agency], home_affairs: User) -> None:
        plan = assessment.plan
        assign(plan, agencies["y-te"], "tc-1.2")
        doctor = factories.AgencyOfficerFactory(agency=agencies["y-te"])
        police = factories.AgencyOfficerFactory(agency=agencies["cong-an"])
        factories.in_state(assessment, "appraisal")
        judge(doctor, assessment, "tc-1.2", "met", "Đã kiểm tra")
        set_to(home_affairs, plan, {"tc-1.2": ("y-te",)}, "cong-an")
        row = Verdict.objects.get(assessment=assessment, layer=Layer.AGENCY, entry__key="tc-1.2")
        assert (row.value, row.updated_by) == ("met", doctor)
        with pytest.raises(Refusal):
            judge(doctor, assessment, "tc-1.2", "not_met", "Xem lại", 1)
        judge(police, assessment, "tc-1.2", "not_met", "Xem lại", 1)

    def test_the_agencies_concerned_are_told(self, plan: Plan, agencies: dict[str, Agency], home_affairs: User) -> None:
        doctor, police, stranger = (
            factories.AgencyOfficerFactory(agency=agencies[code]) for code in ("y-te", "cong-an", "quan-su")
        )
        set_to(home_affairs, plan, {"tc-1.1": ()}, "y-te")
        set_to(home_affairs, plan, {"tc-1.1": ("y-te",)}, "cong-an")
        told = Notice.objects.filter(kind=Notice.Kind.AGENCY)
        assert [told.filter(recipient=who).count() for who in (doctor, police, stranger)] == [2, 1, 0]
