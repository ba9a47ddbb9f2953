"""Models and self-management groups: the deeds, the evidence made of them, and the database's own rules."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from accounts.models import User
from assessments import evidence
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Assessment, CommunityModel, Event, Evidence, Layer, Notice, Plan
from assessments.queries.year import community_models as queries
from assessments.workflow import State as DossierState
from assessments.year import community_models as deeds
from localities.models import Unit
from tests import factories, files
from tests.database import refused, run

pytestmark = pytest.mark.django_db

State = CommunityModel.State
TOLD = deeds.Described("economic", "Nhóm hộ trồng rau", date(2021, 3, 1), 24, "Góp vốn.", "Tăng thu nhập.")


@pytest.fixture
def model(officer: User, plan: Plan, unit: Unit) -> CommunityModel:
    return deeds.add(user=officer, plan_id=plan.pk, unit_id=unit.pk, told=TOLD)


def told(**changes: Any) -> deeds.Described:
    given = {name: getattr(TOLD, name) for name in deeds.FIELDS}
    return deeds.Described(**given | changes)


def change(user: User, plan: Plan, model: CommunityModel, version: int = 1, **changes: Any) -> CommunityModel:
    return deeds.change(user=user, plan_id=plan.pk, model_id=model.pk, version=version, told=told(**changes))


def choose(user: User, plan: Plan, model: CommunityModel, **changes: Any) -> CommunityModel:
    given = {"version": 1, "reason": "Dễ làm theo.", "on": timezone.localdate()} | changes
    return deeds.choose(user=user, plan_id=plan.pk, model_id=model.pk, **given)


def set_state(user: User, plan: Plan, model: CommunityModel, state: str, **changes: Any) -> CommunityModel:
    given = {"version": model.version} | changes
    return deeds.set_state(user=user, plan_id=plan.pk, model_id=model.pk, state=state, **given)


class TestKeeping:
    def test_added_with_its_place_in_the_record(self, officer: User, plan: Plan, model: CommunityModel) -> None:
        model.refresh_from_db()
        assert (model.name, model.households, model.state, model.version) == ("Nhóm hộ trồng rau", 24, "active", 1)
        event = queries.history(model).get()
        assert (event.kind, event.action, event.plan, event.actor) == ("model", "added", plan, officer)
        assert "Nhóm hộ trồng rau" in event.data["what"]

    def test_head_of_the_unit_adds_too(self, plan: Plan, unit: Unit) -> None:
        head = factories.UnitHeadFactory(unit=unit)
        assert deeds.add(user=head, plan_id=plan.pk, unit_id=unit.pk, told=TOLD).added_by == head

    @pytest.mark.parametrize("maker", ["WardLeaderFactory", "HomeAffairsFactory"])
    def test_others_do_not(self, plan: Plan, unit: Unit, model: CommunityModel, maker: str) -> None:
        other = getattr(factories, maker)(**({"ward": unit.ward} if maker == "WardLeaderFactory" else {}))
        with pytest.raises(Refusal):
            deeds.add(user=other, plan_id=plan.pk, unit_id=unit.pk, told=told(name="Khác"))
        with pytest.raises(Refusal):
            change(other, plan, model, name="Khác")
        with pytest.raises(Refusal):
            set_state(other, plan, model, State.PAUSED)
        with pytest.raises(Refusal):
            deeds.attach(user=other, plan_id=plan.pk, model_id=model.pk, file=files.upload("a.png", files.png()))

    def test_for_strangers_it_does_not_exist(self, plan: Plan, unit: Unit, model: CommunityModel) -> None:
        stranger = factories.WardOfficerFactory()
        with pytest.raises(ObjectDoesNotExist):
            deeds.add(user=stranger, plan_id=plan.pk, unit_id=unit.pk, told=TOLD)
        with pytest.raises(ObjectDoesNotExist):
            change(stranger, plan, model, name="Khác")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": "  "}, "name"),
            ({"name": "x" * 201}, "name"),
            ({"kind": "khac"}, "kind"),
            ({"since": date(1989, 12, 31)}, "since"),
            ({"since": timezone.localdate() + timedelta(days=1)}, "since"),
            ({"households": -1}, "households"),
            ({"description": "x" * 4001}, "description"),
        ],
    )
    def test_what_cannot_be(self, officer: User, plan: Plan, unit: Unit, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(InvalidInput) as error:
            deeds.add(user=officer, plan_id=plan.pk, unit_id=unit.pk, told=told(**changes))
        assert error.value.field == field
        assert not CommunityModel.objects.exists()

    def test_one_name_once_in_a_unit(self, officer: User, plan: Plan, unit: Unit, model: CommunityModel) -> None:
        with pytest.raises(InvalidInput, match="đã có mô hình cùng loại, cùng tên") as error:
            deeds.add(user=officer, plan_id=plan.pk, unit_id=unit.pk, told=told(name="nhóm hộ TRỒNG rau"))
        assert error.value.field == "name"
        deeds.add(user=officer, plan_id=plan.pk, unit_id=unit.pk, told=told(kind="group"))

    def test_changing(self, officer: User, plan: Plan, model: CommunityModel) -> None:
        changed = change(officer, plan, model, households=30)
        assert (changed.households, changed.version) == (30, 2)
        [line] = queries.history(model)[0].data["changes"]
        assert line == {"label": "Số hộ tham gia", "before": "24", "after": "30"}
        with pytest.raises(Stale):
            change(officer, plan, model, households=31)
        # A double click: the same again.
        assert change(officer, plan, model, households=30).version == 2

    def test_pausing_ending_and_taking_up_again(self, officer: User, plan: Plan, model: CommunityModel) -> None:
        model = set_state(officer, plan, model, State.PAUSED)
        model = set_state(officer, plan, model, State.ENDED, ended_on=date(2024, 5, 1))
        assert (model.state, model.ended_on, model.version) == ("ended", date(2024, 5, 1), 3)
        model = set_state(officer, plan, model, State.ACTIVE, ended_on=date(2024, 5, 1))
        assert (model.state, model.ended_on) == ("active", None)
        assert [event.action for event in queries.history(model)] == ["resumed", "ended", "paused", "added"]

    @pytest.mark.parametrize(
        ("state", "ended_on", "field"),
        [
            ("ended", None, "ended_on"),
            ("ended", date(2021, 2, 28), "ended_on"),
            ("ended", date(2100, 1, 1), "ended_on"),
            ("gone", None, "state"),
        ],
    )
    def test_wrong_states(
        self, officer: User, plan: Plan, model: CommunityModel, state: str, ended_on: date | None, field: str
    ) -> None:
        with pytest.raises(InvalidInput) as error:
            set_state(officer, plan, model, state, ended_on=ended_on)
        assert error.value.field == field

    def test_it_does_not_begin_after_its_end(self, officer: User, plan: Plan, model: CommunityModel) -> None:
        set_state(officer, plan, model, State.ENDED, ended_on=date(2022, 1, 1))
        with pytest.raises(InvalidInput) as error:
            change(officer, plan, model, version=2, since=date(2022, 1, 2))
        assert error.value.field == "since"

    def test_more_households_than_there_are(self, model: CommunityModel) -> None:
        assert deeds.too_many_households(model, 24, 2025) == ""
        assert deeds.too_many_households(model, None, 2025) == ""
        assert "(24) lớn hơn tổng số hộ" in deeds.too_many_households(model, 23, 2025)

    def test_a_photograph(self, officer: User, plan: Plan, model: CommunityModel) -> None:
        file = files.upload("Vườn rau.png", files.png())
        kept, new = deeds.attach(user=officer, plan_id=plan.pk, model_id=model.pk, file=file)
        assert new and kept.content_type == "image/png" and model.attachments.get() == kept
        assert queries.history(model)[0].action == "attached"


class TestExemplary:
    def test_chosen_and_taken_back(self, officer: User, home_affairs: User, plan: Plan, model: CommunityModel) -> None:
        chosen = choose(home_affairs, plan, model)
        assert (chosen.exemplary_since, chosen.exemplary_reason) == (timezone.localdate(), "Dễ làm theo.")
        assert Notice.objects.filter(recipient=officer, text__contains="được chọn làm mô hình tiêu biểu").count() == 1
        back = deeds.take_back(
            user=home_affairs, plan_id=plan.pk, model_id=model.pk, version=2, reason="Không còn như trước."
        )
        assert (back.exemplary_since, back.exemplary_reason) == (None, "")
        assert [event.action for event in queries.history(model)] == ["unchosen", "chosen", "added"]
        assert Notice.objects.filter(recipient=officer, text__contains="thôi là mô hình tiêu biểu").count() == 1

    def test_only_home_affairs(self, officer: User, plan: Plan, model: CommunityModel) -> None:
        with pytest.raises(Refusal):
            choose(officer, plan, model)
        with pytest.raises(Refusal):
            deeds.take_back(user=officer, plan_id=plan.pk, model_id=model.pk, version=1, reason="x")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"reason": " "}, "reason"),
            ({"reason": "x" * 1001}, "reason"),
            ({"on": date(2021, 2, 28)}, "on"),
            ({"on": date(2100, 1, 1)}, "on"),
        ],
    )
    def test_wrong_choices(
        self, home_affairs: User, plan: Plan, model: CommunityModel, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidInput) as error:
            choose(home_affairs, plan, model, **changes)
        assert error.value.field == field

    def test_not_what_has_ended(self, officer: User, home_affairs: User, plan: Plan, model: CommunityModel) -> None:
        set_state(officer, plan, model, State.ENDED, ended_on=date(2024, 1, 1))
        with pytest.raises(Refusal, match="đã kết thúc"):
            choose(home_affairs, plan, model, version=2)

    def test_stale(self, officer: User, home_affairs: User, plan: Plan, model: CommunityModel) -> None:
        change(officer, plan, model, households=5)
        with pytest.raises(Stale):
            choose(home_affairs, plan, model)

    def test_everybody_learns_from_it_in_its_years(self, home_affairs: User, plan: Plan, model: CommunityModel) -> None:
        member = factories.DelegationMemberFactory()
        earlier = factories.PlanFactory(year=2020)
        assert not queries.exemplary(member, plan).exists()
        choose(home_affairs, plan, model, on=date(2025, 1, 5))
        assert queries.exemplary(member, plan).get() == model
        assert not queries.exemplary(member, earlier).exists()


class TestEvidence:
    def add(self, user: User, assessment: Assessment, model: CommunityModel, key: str = "tc-2.2") -> Evidence:
        return evidence.add_model(user=user, assessment_id=assessment.pk, layer=Layer.SELF, key=key, model_id=model.pk)

    def test_in_the_words_of_its_day(
        self, officer: User, plan: Plan, assessment: Assessment, model: CommunityModel
    ) -> None:
        words = "Mô hình phát triển kinh tế “Nhóm hộ trồng rau”, hoạt động từ 03/2021, 24 hộ tham gia"
        row = self.add(officer, assessment, model)
        change(officer, plan, model, name="Tên mới", households=99)
        row.refresh_from_db()
        assert (row.reference, row.community_model, row.entry.key, row.layer) == (words, model, "tc-2.2", "self")
        event = Event.objects.get(assessment=assessment, kind=Event.Kind.EVIDENCE_ADDED)
        assert event.data["reference"] == words
        # Once more is the same piece of evidence; after removal it may be shown again, as it stands then.
        assert self.add(officer, assessment, model) == row
        evidence.remove(user=officer, assessment_id=assessment.pk, evidence_id=row.pk)
        assert self.add(officer, assessment, model).reference.startswith("Mô hình phát triển kinh tế “Tên mới”")

    def test_offered_until_it_is_used(self, officer: User, assessment: Assessment, model: CommunityModel) -> None:
        assert queries.offered_models(assessment, set()) == {"tc-2.2": [model]}
        row = self.add(officer, assessment, model)
        assert queries.models_of_entry(assessment, "tc-2.2", [row]) == []

    def test_another_entry(self, officer: User, assessment: Assessment, model: CommunityModel) -> None:
        with pytest.raises(InvalidInput, match="không phải là minh chứng của mục"):
            self.add(officer, assessment, model, "tc-2.3")

    def test_not_at_work(self, officer: User, plan: Plan, assessment: Assessment, model: CommunityModel) -> None:
        set_state(officer, plan, model, State.PAUSED)
        with pytest.raises(InvalidInput, match="không hoạt động trong năm"):
            self.add(officer, assessment, model)

    def test_another_units(self, officer: User, plan: Plan, assessment: Assessment) -> None:
        other = factories.UnitFactory(ward=assessment.unit.ward)
        theirs = deeds.add(user=officer, plan_id=plan.pk, unit_id=other.pk, told=TOLD)
        with pytest.raises(CommunityModel.DoesNotExist):
            self.add(officer, assessment, theirs)

    def test_not_when_the_dossier_is_closed(self, officer: User, assessment: Assessment, model: CommunityModel) -> None:
        factories.in_state(assessment, DossierState.SUBMITTED)
        with pytest.raises(Refusal):
            self.add(officer, assessment, model)
        assert not Evidence.objects.exists()

    def test_evidence_model_once(self, officer: User, assessment: Assessment, model: CommunityModel) -> None:
        row = self.add(officer, assessment, model)
        with refused("evidence_model_once"):
            row.pk = None
            row.reference = "Khác"
            row.save(force_insert=True)


class TestConstraints:
    """Past the deeds."""

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("community_model_kind_known", "kind = 'khac'"),
            ("community_model_state_known", "state = 'khac'"),
            ("community_model_ended_has_day", "state = 'ended'"),
            ("community_model_ended_has_day", "ended_on = '2024-01-01'"),
            ("community_model_ended_has_day", "state = 'ended', ended_on = '2020-01-01'"),
            ("community_model_exemplary_has_reason", "exemplary_since = '2024-01-01'"),
            ("community_model_exemplary_has_reason", "exemplary_reason = 'x'"),
            ("community_model_text_nfc", "name = ''"),
            ("community_model_text_nfc", "name = 'e\u0301'"),
            ("community_model_text_nfc", "description = 'e\u0301'"),
            ("community_model_text_nfc", "results = 'e\u0301'"),
            (
                "community_model_text_nfc",
                "exemplary_since = '2024-01-01', exemplary_reason = 'e\u0301'",
            ),
        ],
    )
    def test_the_row(self, model: CommunityModel, name: str, change: str) -> None:
        with refused(name):
            run(f"UPDATE assessments_communitymodel SET {change} WHERE id = %s", model.pk)  # noqa: S608

    def test_once(self, officer: User, model: CommunityModel) -> None:
        with refused("community_model_once"):
            CommunityModel.objects.create(
                unit=model.unit, kind=model.kind, name=model.name.upper(), since=model.since, added_by=officer
            )

    def test_a_file_once(self, officer: User, plan: Plan, model: CommunityModel) -> None:
        file = files.upload("a.png", files.png())
        kept, _ = deeds.attach(user=officer, plan_id=plan.pk, model_id=model.pk, file=file)
        with refused("attachment_once_in_community_model"):
            kept.pk = None
            kept.save(force_insert=True)
