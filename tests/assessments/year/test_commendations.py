"""Proposing, sending and judging; what the results say; the database's own rules."""

import unicodedata
from typing import Any

import pytest

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Commendation, CommendationDecision, Event, Notice, Plan
from assessments.permissions import visible_commendations
from assessments.queries.year import commendations as queries
from assessments.queries.year import history
from assessments.workflow import State
from assessments.year import commendations as deeds
from assessments.year.commendation_decisions import confirm
from localities.models import Unit
from tests import factories
from tests.assessments.appraising import REFUSED, correct, decided, dossier
from tests.assessments.roads import People
from tests.assessments.year.commending import accepted, decide, judge, propose, send
from tests.database import refused, run

pytestmark = pytest.mark.django_db
NFD = unicodedata.normalize("NFD", "Tổ hòa giải")


@pytest.fixture
def unit(people: People) -> Unit:
    made: Unit = factories.UnitFactory(ward=people.officer.ward, name="Tổ 7")
    return made


@pytest.fixture
def row(people: People, plan: Plan) -> Commendation:
    return propose(people.officer, plan)


class TestProposing:
    def test_a_unit_gives_the_name(self, people: People, plan: Plan, unit: Unit) -> None:
        made = propose(people.officer, plan, unit=unit)
        assert made.name == f"Tổ 7, phường {unit.ward.name}" and made.ward_id == unit.ward_id
        assert made.state == "draft" and made.agency_id is None
        [event] = history(plan, made)
        assert event.kind == Event.Kind.COMMENDATION and made.name in event.data["what"]

    def test_offices(self, people: People, plan: Plan) -> None:
        agency = factories.AgencyOfficerFactory()
        assert propose(agency, plan).agency_id == agency.agency_id
        own = propose(people.home_affairs, plan)
        assert own.ward_id is None and own.agency_id is None

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({"name": ""}, "name"),
            ({"kind": "person", "name": ""}, "name"),
            ({"kind": "person", "name": "Tổ trưởng Tổ 7"}, "position"),
            ({"kind": "other"}, "kind"),
            ({"achievements": "  "}, "achievements"),
            ({"form": "x" * 101}, "form"),
        ],
    )
    def test_what_is_wrong_is_named(self, people: People, plan: Plan, told: dict[str, Any], field: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            propose(people.officer, plan, **told)
        assert caught.value.field == field and not Commendation.objects.exists()

    def test_a_unit_of_another_ward(self, people: People, plan: Plan) -> None:
        with pytest.raises(InvalidInput) as caught:
            propose(people.officer, plan, unit=factories.UnitFactory())
        assert caught.value.field == "unit"

    def test_changing(self, people: People, plan: Plan, row: Commendation) -> None:
        old = row.version
        row.achievements = "Thành tích mới"
        deeds.save(user=people.leader, plan_id=plan.pk, row=row, version=old)
        assert Commendation.objects.get().version == old + 1
        assert history(plan, row)[0].data["changes"] == [
            {"label": "Thành tích", "before": "Hòa giải thành nhiều vụ việc.", "after": "Thành tích mới"}
        ]
        with pytest.raises(Stale):
            deeds.save(user=people.officer, plan_id=plan.pk, row=row, version=old)

    def test_a_stranger(self, people: People, plan: Plan, row: Commendation) -> None:
        stranger = factories.WardOfficerFactory()
        with pytest.raises(Commendation.DoesNotExist):
            deeds.save(user=stranger, plan_id=plan.pk, row=row, version=row.version)
        with pytest.raises(Refusal):
            propose(people.city_leader, plan)

    def test_removing(self, people: People, plan: Plan, row: Commendation) -> None:
        deeds.remove(user=people.officer, pk=row.pk, version=row.version)
        assert not Commendation.objects.exists()
        assert Event.objects.filter(plan=plan, action="removed").exists()


class TestSending:
    def test_the_leader_sends_for_the_ward(self, people: People, row: Commendation) -> None:
        with pytest.raises(Refusal, match="lãnh đạo xã, phường"):
            send(people.officer, row)
        send(people.leader, row)
        assert row.state == "sent"
        assert Notice.objects.filter(recipient=people.home_affairs, kind="commendation").count() == 1
        with pytest.raises(Refusal, match="đã gửi"):
            send(people.leader, row)

    def test_nobody(self, people: People, plan: Plan) -> None:
        with pytest.raises(InvalidInput):
            deeds.send(user=people.leader, plan_id=plan.pk, ids=[])

    def test_an_agency_sends_itself(self, plan: Plan) -> None:
        agency = factories.AgencyOfficerFactory()
        made = propose(agency, plan)
        send(agency, made)
        assert made.state == "sent"

    def test_all_or_none(self, people: People, plan: Plan, row: Commendation) -> None:
        other = propose(people.officer, plan, name="Tổ bảo vệ")
        send(people.leader, other)
        with pytest.raises(Refusal):
            send(people.leader, row, other)
        row.refresh_from_db()
        assert row.state == "draft"

    def test_withdrawing(self, people: People, row: Commendation) -> None:
        send(people.leader, row)
        with pytest.raises(Refusal):
            deeds.withdraw(user=people.officer, pk=row.pk, version=row.version)
        with pytest.raises(Stale):
            deeds.withdraw(user=people.leader, pk=row.pk, version=row.version - 1)
        deeds.withdraw(user=people.leader, pk=row.pk, version=row.version)
        row.refresh_from_db()
        assert row.state == "draft"
        send(people.leader, row)
        judge(people.home_affairs, row)
        with pytest.raises(Refusal, match="Đủ điều kiện"):
            deeds.withdraw(user=people.leader, pk=row.pk, version=row.version)

    def test_what_is_sent_is_not_changed(self, people: People, plan: Plan, row: Commendation) -> None:
        send(people.leader, row)
        with pytest.raises(Refusal, match="đã gửi"):
            deeds.save(user=people.officer, plan_id=plan.pk, row=row, version=row.version)
        with pytest.raises(Refusal, match="đã gửi"):
            deeds.remove(user=people.officer, pk=row.pk, version=row.version)


class TestScope:
    def test_who_sees_what(self, people: People, plan: Plan, row: Commendation) -> None:
        stranger = factories.WardOfficerFactory()
        assert list(visible_commendations(people.officer)) == [row]
        assert not visible_commendations(people.home_affairs) and not visible_commendations(stranger)
        send(people.leader, row)
        assert list(visible_commendations(people.home_affairs)) == [row] and not visible_commendations(stranger)
        judge(people.home_affairs, row)
        made = decide(people.home_affairs, row)
        confirm(user=people.city_leader, pk=made.pk)
        assert list(visible_commendations(stranger)) == [row]


class TestResults:
    def test_a_unit_without_result_needs_a_reason(self, people: People, plan: Plan, unit: Unit) -> None:
        made = propose(people.officer, plan, unit=unit)
        send(people.leader, made)
        with pytest.raises(InvalidInput, match="không đăng ký năm") as caught:
            judge(people.home_affairs, made)
        assert caught.value.field == "reason"
        judge(people.home_affairs, made, reason="Thành tích đột xuất")
        assert made.state == "accepted" and made.reason == "Thành tích đột xuất"

    def test_a_recognised_unit_needs_none(self, people: People, plan: Plan) -> None:
        assessment = dossier(people, plan, State.PROPOSED)
        made = propose(people.officer, plan, unit=assessment.unit)
        send(people.leader, made)
        [checked] = queries.checked(people.home_affairs, plan, [made])
        assert checked.against and checked.unit is not None and checked.unit.result == queries.OPEN
        decided(people, assessment)
        [checked] = queries.checked(people.home_affairs, plan, [made])
        assert not checked.against and checked.unit is not None
        assert checked.unit.streak == 1 and checked.unit.holding == checked.unit.standards == 6
        judge(people.home_affairs, made)
        assert made.state == "accepted" and made.reason == ""

    def test_a_correction_counts(self, people: People, plan: Plan) -> None:
        assessment = dossier(people, plan, State.PROPOSED)
        first = decided(people, assessment)
        correct(people, first, {assessment: REFUSED})
        result = queries.unit_results(plan, {assessment.unit.pk})[assessment.unit.pk]
        assert result.result == queries.REFUSED and result.bad and result.years == []

    def test_a_person_of_a_unit(self, people: People, plan: Plan, unit: Unit) -> None:
        made = propose(people.officer, plan, kind="person", unit=unit, name="Tổ trưởng", position="Tổ trưởng Tổ 7")
        [checked] = queries.checked(people.officer, plan, [made])
        assert checked.against and made.name == "Tổ trưởng"

    def test_twice_in_a_year(self, people: People, plan: Plan, unit: Unit) -> None:
        first = propose(people.officer, plan, unit=unit)
        [alone] = queries.checked(people.officer, plan, [first])
        assert alone.warnings == []
        propose(people.officer, plan, kind="person", unit=unit, name=first.name, position="Tổ trưởng")
        [alone] = queries.checked(people.officer, plan, [first])
        assert alone.warnings == []  # a person is no collective
        propose(people.officer, plan, unit=unit, achievements="Thành tích khác")
        [twice] = queries.checked(people.officer, plan, [first])
        assert "2 lần" in twice.warnings[0]

    def test_names_as_they_are_spoken(self, people: People, plan: Plan, row: Commendation) -> None:
        propose(people.officer, plan, name="TỔ  hòa giải")
        [twice] = queries.checked(people.officer, plan, [row])
        assert "2 lần" in twice.warnings[0]

    def test_last_year(self, people: People, plan: Plan, row: Commendation) -> None:
        earlier = factories.PlanFactory(year=plan.year - 1)
        old = accepted(people.leader, people.home_affairs, earlier)
        confirm(user=people.city_leader, pk=decide(people.home_affairs, old).pk)
        [told] = queries.checked(people.officer, plan, [row])
        assert told.warnings == [f"◆ Đã được khen thưởng năm {plan.year - 1}"]

    def test_streak(self, unit: Unit) -> None:
        assert queries.UnitResult(unit, 2025, years=[2022, 2024, 2025]).streak == 2
        assert queries.UnitResult(unit, 2025, years=[2023, 2024]).streak == 0


class TestJudging:
    def test_declining_needs_a_reason_and_is_told(self, people: People, row: Commendation) -> None:
        send(people.leader, row)
        with pytest.raises(InvalidInput) as caught:
            judge(people.home_affairs, row, accept=False, reason=" ")
        assert caught.value.field == "reason"
        judge(people.home_affairs, row, accept=False, reason="Chưa rõ thành tích")
        assert row.state == "declined"
        told = Notice.objects.filter(kind="commendation", text__contains="Chưa rõ thành tích")
        assert {notice.recipient for notice in told} == {people.officer, people.leader}

    def test_it_may_think_again(self, people: People, row: Commendation) -> None:
        send(people.leader, row)
        judge(people.home_affairs, row, accept=False, reason="Chưa rõ")
        judge(people.home_affairs, row)
        assert row.state == "accepted" and row.reason == ""
        decide(people.home_affairs, row)
        with pytest.raises(Refusal, match="trong một quyết định"):
            judge(people.home_affairs, row, accept=False, reason="Thôi")

    def test_several_all_or_none(self, people: People, plan: Plan, row: Commendation) -> None:
        other = propose(people.officer, plan, name="Tổ bảo vệ")
        send(people.leader, row, other)
        other.version -= 1
        with pytest.raises(Stale):
            judge(people.home_affairs, row, other)
        row.refresh_from_db()
        assert row.state == "sent"

    def test_not_before_it_is_sent_and_by_nobody_else(self, people: People, row: Commendation) -> None:
        with pytest.raises(Commendation.DoesNotExist):
            judge(people.home_affairs, row)
        send(people.leader, row)
        with pytest.raises(Refusal):
            judge(people.leader, row)
        with pytest.raises(InvalidInput):
            deeds.judge(user=people.home_affairs, plan_id=row.plan_id, versions={}, accept=True)


class TestDatabase:
    def test_rows(self, people: People, row: Commendation, home_affairs: User) -> None:
        rows, agency = Commendation.objects.filter(pk=row.pk), factories.AgencyFactory()
        with refused("commendation_by_one_office"):
            rows.update(agency=agency)
        with refused("commendation_kind_known"):
            rows.update(kind="group")
        with refused("commendation_state_known"):
            rows.update(state="lost")
        with refused("commendation_declined_has_reason"):
            rows.update(state="declined", reason="")
        with refused("commendation_awarded_by_decision"):
            rows.update(state="awarded")
        for column in ("name", "position", "form", "achievements", "reason"):
            with refused("commendation_text_nfc"):
                rows.update(**{column: NFD})
        with refused("commendation_text_nfc"):
            rows.update(name="")

    def test_decisions(self, people: People, plan: Plan) -> None:
        made = decide(people.home_affairs, accepted(people.leader, people.home_affairs, plan))
        rows = CommendationDecision.objects.filter(pk=made.pk)
        with refused("commendation_decision_number_once"):
            CommendationDecision.objects.create(
                plan=plan, number=made.number, issued_on=made.issued_on, title="x", signer_title="x",
                recorded_by=people.home_affairs,
            )  # fmt: skip
        with refused("commendation_decision_confirmed_by_somebody"):
            rows.update(confirmed_by=people.city_leader)
        with refused("commendation_decision_text_nfc"):
            rows.update(title=NFD)

    def test_what_is_confirmed_stays(self, people: People, plan: Plan) -> None:
        row = accepted(people.leader, people.home_affairs, plan)
        made = confirm(user=people.city_leader, pk=decide(people.home_affairs, row).pk)
        with refused("is settled"):
            run("UPDATE assessments_commendation SET name = 'Khác' WHERE id = %s", row.pk)
        with refused("is settled"):
            run("DELETE FROM assessments_commendation WHERE id = %s", row.pk)
        with refused("is confirmed"):
            run("UPDATE assessments_commendationdecision SET title = 'Khác' WHERE id = %s", made.pk)
        with refused("is confirmed"):
            run("DELETE FROM assessments_commendationdecision WHERE id = %s", made.pk)
