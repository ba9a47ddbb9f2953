"""Whole-column steps: through the ordinary deed, one dossier at a time, taken back as a whole."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Agency, User
from assessments import agency_work
from assessments.agency_work import MOST_AT_ONCE, Outcome
from assessments.checking import stale_summaries
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment, Event, Layer, Plan, Verdict
from assessments.queries import agencies as queries
from assessments.workflow import State
from tests import factories
from tests.assessments.agencies import assign, close, in_appraisal, judge

pytestmark = pytest.mark.django_db

KEY = "tc-1.2"


@pytest.fixture
def agency(plan: Plan) -> Agency:
    made: Agency = factories.AgencyFactory()
    assign(plan, made, KEY, "th-1", "nd-2.2.1")
    return made


@pytest.fixture
def expert(agency: Agency) -> User:
    made: User = factories.AgencyOfficerFactory(agency=agency)
    return made


def step(user: User, dossiers: list[Assessment], choice: str = "self", **more: Any) -> list[Outcome]:
    given = {
        "plan": dossiers[0].plan,
        "agency": user.agency,
        "key": KEY,
        "reason": "",
        "batch": str(uuid.uuid4()),
        "assessment_ids": [dossier.pk for dossier in dossiers],
    } | more
    return agency_work.apply_column(user=user, choice=choice, **given)


def stored(dossier: Assessment, key: str = KEY) -> tuple[str, str] | None:
    found = Verdict.objects.filter(assessment=dossier, layer=Layer.AGENCY, entry__key=key).first()
    return (found.value, found.note) if found else None


class TestStep:
    def test_the_wards_verdict_taken_over(self, officer: User, plan: Plan, expert: User) -> None:
        good, bad = in_appraisal(officer, plan)[0], in_appraisal(officer, plan, bad=(KEY,))[0]
        assert step(expert, [good, bad]) == [Outcome(good.pk, True), Outcome(bad.pk, True)]
        assert (stored(good), stored(bad)) == (("met", ""), ("not_met", ""))
        assert stale_summaries() == []

    def test_one_event_each_with_the_common_batch(self, officer: User, plan: Plan, expert: User) -> None:
        dossiers, batch = in_appraisal(officer, plan, 3), str(uuid.uuid4())
        step(expert, dossiers, "not_met", reason="Không đủ hồ sơ", batch=batch)
        events = Event.objects.filter(kind=Event.Kind.BULK, data__batch=batch)
        assert {(e.assessment_id, e.action, e.layer, e.reason, e.actor_id) for e in events} == {
            (d.pk, "column_not_met", "agency", "Không đủ hồ sơ", expert.pk) for d in dossiers
        }

    def test_the_reason_goes_only_where_it_differs(self, officer: User, plan: Plan, expert: User) -> None:
        good, bad = in_appraisal(officer, plan)[0], in_appraisal(officer, plan, bad=(KEY,))[0]
        step(expert, [good, bad], "met", reason="Đã kiểm tra thực tế")
        assert (stored(good), stored(bad)) == (("met", ""), ("met", "Đã kiểm tra thực tế"))

    def test_without_a_reason_only_the_differing_are_left(self, officer: User, plan: Plan, expert: User) -> None:
        good, bad = in_appraisal(officer, plan)[0], in_appraisal(officer, plan, bad=(KEY,))[0]
        first, second = step(expert, [good, bad], "met", reason=" \n ")
        assert first.saved and not second.saved and "cần ghi lý do" in second.why
        assert stored(bad) is None

    def test_cases_have_their_own_words(self, officer: User, plan: Plan, expert: User) -> None:
        [dossier] = in_appraisal(officer, plan)
        step(expert, [dossier], "not_met", key="th-1", reason="Có vụ việc")
        assert stored(dossier, "th-1") == ("occurs", "Có vụ việc")

    def test_not_applicable_keeps_the_wards_reason(self, officer: User, plan: Plan, expert: User) -> None:
        [dossier] = in_appraisal(officer, plan)
        Verdict.objects.filter(assessment=dossier, layer="self", entry__key="nd-2.2.1").update(
            stated="not_applicable", value="not_applicable", note="Không sản xuất nông nghiệp"
        )
        [outcome] = step(expert, [dossier], key="nd-2.2.1")
        assert outcome.saved and stored(dossier, "nd-2.2.1") == ("not_applicable", "Không sản xuất nông nghiệp")

    def test_what_was_appraised_stays(self, officer: User, plan: Plan, expert: User) -> None:
        first, second = in_appraisal(officer, plan, 2)
        judge(expert, first, KEY, "not_met", "Đã xem")
        outcomes = step(expert, [first, second])
        assert [o.saved for o in outcomes] == [False, True] and "Không đạt" in outcomes[0].why
        assert stored(first) == ("not_met", "Đã xem")

    def test_a_second_click_changes_nothing(self, officer: User, plan: Plan, expert: User) -> None:
        dossiers, batch = in_appraisal(officer, plan, 2), str(uuid.uuid4())
        step(expert, dossiers, batch=batch)
        assert not any(o.saved for o in step(expert, dossiers, batch=batch))
        assert Event.objects.filter(kind=Event.Kind.BULK, data__batch=batch).count() == 2

    def test_dossiers_out_of_reach_are_named(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        draft = factories.open_assessment(unit=factories.UnitFactory(ward=officer.ward), plan=plan, officer=officer)
        concluded, closed, fine = in_appraisal(officer, plan, 3)
        factories.in_state(concluded, State.CONCLUDED)
        other_year = in_appraisal(officer, factories.PlanFactory())[0]
        assign(other_year.plan, agency, KEY)
        for key in (KEY, "th-1", "nd-2.2.1"):
            for dossier in (closed, fine):
                judge(expert, dossier, key, "absent" if key == "th-1" else "met")
        close(expert, agency, closed, fine)
        outcomes = step(expert, [draft, concluded, closed, other_year, fine], plan=plan)
        why = {o.assessment_id: o.why for o in outcomes}
        assert not any(o.saved for o in outcomes)
        assert "Không còn tìm thấy" in why[draft.pk] and "Không còn tìm thấy" in why[other_year.pk]
        assert "không còn mở" in why[concluded.pk] and "không còn mở" in why[closed.pk]

    def test_home_affairs_may_for_any_agency(
        self, officer: User, plan: Plan, agency: Agency, home_affairs: User
    ) -> None:
        [dossier] = in_appraisal(officer, plan)
        assert step(home_affairs, [dossier], agency=agency)[0].saved

    def test_nobody_else(self, officer: User, plan: Plan, agency: Agency, city_leader: User) -> None:
        [dossier] = in_appraisal(officer, plan)
        for user in (officer, city_leader, factories.AgencyOfficerFactory()):
            with pytest.raises(Refusal):
                step(user, [dossier], agency=agency)

    def test_entries_of_other_agencies_do_not_exist(self, officer: User, plan: Plan, expert: User) -> None:
        dossiers = in_appraisal(officer, plan)
        for key in ("tc-1.3", "tc-4.1", "tc-9.9"):
            with pytest.raises(Assessment.DoesNotExist):
                step(expert, dossiers, key=key)

    @pytest.mark.parametrize(
        ("choice", "more"),
        [
            ("better", {}),
            ("self", {"batch": ""}),
            ("self", {"batch": "x" * 36}),
            ("self", {"batch": "a" * 37}),
            ("met", {"reason": "x" * 2001}),
            ("self", {"assessment_ids": list(range(1, MOST_AT_ONCE + 2))}),
        ],
    )
    def test_what_cannot_be(self, officer: User, plan: Plan, expert: User, choice: str, more: dict[str, Any]) -> None:
        dossiers = in_appraisal(officer, plan)
        with pytest.raises(InvalidInput):
            step(expert, dossiers, choice, **more)
        assert stored(dossiers[0]) is None


class TestUndo:
    def test_the_whole_batch(self, officer: User, plan: Plan, expert: User) -> None:
        dossiers, batch = in_appraisal(officer, plan, 3), str(uuid.uuid4())
        step(expert, dossiers, batch=batch)
        taken = agency_work.undo_batch(user=expert, plan=plan, batch=batch)
        assert (taken.key, taken.next) == (KEY, 0) and all(o.saved for o in taken.outcomes)
        assert [stored(d) for d in dossiers] == [("", "")] * 3
        assert stale_summaries() == []
        with pytest.raises(Refusal, match="Không còn gì"):
            agency_work.undo_batch(user=expert, plan=plan, batch=batch)

    def test_in_parts(self, officer: User, plan: Plan, expert: User, monkeypatch: pytest.MonkeyPatch) -> None:
        dossiers, batch = in_appraisal(officer, plan, 3), str(uuid.uuid4())
        step(expert, dossiers, batch=batch)
        monkeypatch.setattr(agency_work, "MOST_AT_ONCE", 2)
        first = agency_work.undo_batch(user=expert, plan=plan, batch=batch)
        assert (len(first.outcomes), first.next > 0) == (2, True)
        last = agency_work.undo_batch(user=expert, plan=plan, batch=batch, before=first.next)
        assert (len(last.outcomes), last.next) == (1, 0)
        assert [stored(d) for d in dossiers] == [("", "")] * 3

    def test_what_was_changed_since_stays(self, officer: User, plan: Plan, expert: User) -> None:
        dossiers, batch = in_appraisal(officer, plan, 2), str(uuid.uuid4())
        step(expert, dossiers, batch=batch)
        judge(expert, dossiers[0], KEY, "not_met", "Xem lại", 1)
        taken = agency_work.undo_batch(user=expert, plan=plan, batch=batch)
        assert {o.assessment_id: o.saved for o in taken.outcomes} == {dossiers[0].pk: False, dossiers[1].pk: True}
        assert stored(dossiers[0]) == ("not_met", "Xem lại")

    def test_only_by_the_same_person(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        dossiers, batch = in_appraisal(officer, plan), str(uuid.uuid4())
        step(expert, dossiers, batch=batch)
        colleague = factories.AgencyOfficerFactory(agency=agency)
        with pytest.raises(Refusal, match="Không còn gì"):
            agency_work.undo_batch(user=colleague, plan=plan, batch=batch)
        assert stored(dossiers[0]) == ("met", "")

    def test_only_within_the_hour(
        self, officer: User, plan: Plan, expert: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dossiers, batch = in_appraisal(officer, plan), str(uuid.uuid4())
        step(expert, dossiers, batch=batch)
        later = timezone.now() + timedelta(minutes=61)
        monkeypatch.setattr(queries.timezone, "now", lambda: later)
        with pytest.raises(Refusal, match="quá một giờ"):
            agency_work.undo_batch(user=expert, plan=plan, batch=batch)

    def test_a_dossier_that_moved_on_is_named(self, officer: User, plan: Plan, expert: User) -> None:
        dossiers, batch = in_appraisal(officer, plan, 2), str(uuid.uuid4())
        step(expert, dossiers, batch=batch)
        factories.in_state(dossiers[0], State.CONCLUDED)
        taken = agency_work.undo_batch(user=expert, plan=plan, batch=batch)
        why = {o.assessment_id: o.why for o in taken.outcomes}
        assert "không còn mở" in why[dossiers[0].pk] and why[dossiers[1].pk] == ""
        assert stored(dossiers[0]) == ("met", "")

    def test_the_page_offers_the_last_one(self, officer: User, plan: Plan, expert: User, agency: Agency) -> None:
        dossiers, batch = in_appraisal(officer, plan, 2), str(uuid.uuid4())
        own = queries.columns(plan, agency)
        assert queries.last_batch(expert, plan, own) is None
        step(expert, dossiers, batch=batch)
        assert queries.last_batch(expert, plan, own) == queries.Batch(batch, "column_self", KEY, 2)
        agency_work.undo_batch(user=expert, plan=plan, batch=batch)
        assert queries.last_batch(expert, plan, own) is None
