"""Half-year and yearly reports through their deeds: who writes, sends, takes, gives back, and what stays."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Event, Milestone, Notice, Plan, YearReport
from assessments.permissions import visible_year_reports
from assessments.queries.year import duties
from assessments.queries.year import reports as queries
from assessments.year import report_desk as desk
from assessments.year import reports as deeds
from tests import factories
from tests.database import refused, run

pytestmark = pytest.mark.django_db


def written(user: User, plan: Plan, period: str = "half", **words: Any) -> YearReport:
    report, _ = deeds.open_report(user=user, plan_id=plan.pk, period=period)
    values = {"results": "Đã họp dân.", "proposals": "Xin hỗ trợ."} | words
    return deeds.save_report(user=user, report_id=report.pk, version=report.version, values=values)


def sent(officer: User, leader: User, plan: Plan, period: str = "half", **words: Any) -> YearReport:
    report = written(officer, plan, period, **words)
    return deeds.send(user=leader, report_id=report.pk, version=report.version)


def fresh(report: YearReport) -> YearReport:
    return YearReport.objects.select_related("plan", "ward", "agency").get(pk=report.pk)


def told(user: User) -> list[str]:
    return [notice.text for notice in Notice.objects.filter(recipient=user, kind=Notice.Kind.REPORT).order_by("pk")]


def actions(report: YearReport) -> list[str]:
    rows = Event.objects.filter(kind=Event.Kind.REPORT, data__row=f"yearreport:{report.pk}")
    return list(rows.order_by("pk").values_list("action", flat=True))


class TestWriting:
    def test_begun_once_for_each_office_and_period(self, officer: User, leader: User, plan: Plan) -> None:
        first, new = deeds.open_report(user=officer, plan_id=plan.pk, period="half")
        again, second = deeds.open_report(user=leader, plan_id=plan.pk, period="half")
        assert (new, second, first.pk) == (True, False, again.pk)
        other, _ = deeds.open_report(user=officer, plan_id=plan.pk, period="year")
        assert other.pk != first.pk

    def test_home_affairs_begins_the_citys_and_no_agencys(self, home_affairs: User, plan: Plan) -> None:
        report, _ = deeds.open_report(user=home_affairs, plan_id=plan.pk, period="half")
        assert desk.is_city(report)
        other = factories.AgencyOfficerFactory().agency
        by_name = factories.AgencyFactory(code="noi-vu")  # before its people have accounts
        assert queries.reporting_agencies() == [other]
        owing = {office.agency: office.writes_letters for office in duties.board(plan).agencies}
        assert owing == {home_affairs.agency: True, by_name: True, other: False}, "one rule for both tables"

    @pytest.mark.parametrize("maker", [factories.CityLeaderFactory, factories.UnitHeadFactory])
    def test_nobody_else_begins_one(self, maker: Any, plan: Plan) -> None:
        with pytest.raises(YearReport.DoesNotExist):
            deeds.open_report(user=maker(), plan_id=plan.pk, period="half")
        assert not YearReport.objects.exists()

    def test_the_same_again_changes_nothing(self, officer: User, plan: Plan) -> None:
        report = written(officer, plan)
        again = deeds.save_report(user=officer, report_id=report.pk, version=0, values={"results": " Đã họp dân. "})
        assert again.version == report.version == 2
        assert actions(report) == ["begun", "saved"]

    def test_an_older_page_is_refused(self, officer: User, plan: Plan) -> None:
        report = written(officer, plan)
        with pytest.raises(Stale):
            deeds.save_report(user=officer, report_id=report.pk, version=1, values={"results": "Khác"})
        assert fresh(report).results == "Đã họp dân."

    def test_too_long_names_the_field_and_the_number(self, officer: User, plan: Plan) -> None:
        report = written(officer, plan, results="x" * 20_000)
        with pytest.raises(InvalidInput, match="20001 ký tự, tối đa 20000") as caught:
            deeds.save_report(user=officer, report_id=report.pk, version=2, values={"causes": "x" * 20_001})
        assert caught.value.field == "causes"

    @pytest.mark.parametrize("days", [-1, 400])
    def test_day_before_the_plan_or_ahead(self, officer: User, plan: Plan, days: int) -> None:
        report = written(officer, plan)
        day = plan.issued_on if isinstance(plan.issued_on, date) else date.fromisoformat(plan.issued_on)
        wrong = day + timedelta(days=days) if days < 0 else timezone.localdate() + timedelta(days=1)
        with pytest.raises(InvalidInput) as caught:
            deeds.save_report(user=officer, report_id=report.pk, version=2, values={"signed_on": wrong})
        assert caught.value.field == "signed_on"

    def test_earlier_words_fill_only_what_is_empty(self, officer: User, plan: Plan) -> None:
        half = written(officer, plan, difficulties="Chật")
        year = written(officer, plan, "year", results="Mới")
        assert queries.previous(year) == half
        made = deeds.filled({"results": "Mới", "difficulties": " "}, half)
        assert (made["results"], made["difficulties"], made["proposals"]) == ("Mới", "Chật", "Xin hỗ trợ.")

    def test_the_half_year_looks_back_to_the_year_before(self, officer: User, plan: Plan) -> None:
        written(officer, plan, "half", results="cũ")
        earlier = written(officer, plan, "year", results="cả năm")
        later = factories.PlanFactory()
        assert queries.previous(written(officer, later, "half")) == earlier
        assert queries.previous(fresh(earlier)).results == "cũ"  # type: ignore[union-attr]

    def test_gathering_names_the_office_and_takes_nothing_twice(self, officer: User, leader: User, plan: Plan) -> None:
        source = sent(officer, leader, plan)
        once = deeds.gathered({"results": "Chung"}, [("results", source), ("causes", source)])
        assert once["results"] == f"Chung\n{officer.ward}: Đã họp dân."
        assert "causes" not in once
        assert deeds.gathered(once, [("results", source)]) == once


class TestSending:
    def test_the_leader_sends_with_figures_and_the_day(
        self, officer: User, leader: User, home_affairs: User, plan: Plan
    ) -> None:
        report = fresh(sent(officer, leader, plan))
        assert (report.state, report.received_on, report.submitted_by) == ("submitted", timezone.localdate(), leader)
        assert report.figures is not None and report.figures["kind"] == "ward"
        assert told(home_affairs) == [f"{officer.ward} đã gửi báo cáo 6 tháng năm {plan.year}."]

    def test_not_the_officer_and_nothing_empty(self, officer: User, leader: User, plan: Plan) -> None:
        report = written(officer, plan, results="")
        with pytest.raises(Refusal, match="lãnh đạo"):
            deeds.send(user=officer, report_id=report.pk, version=report.version)
        with pytest.raises(Refusal, match="kết quả thực hiện còn trống"):
            deeds.send(user=leader, report_id=report.pk, version=report.version)
        assert fresh(report).state == "draft"

    def test_the_agencys_officer_sends_for_the_agency(self, home_affairs: User, plan: Plan) -> None:
        agent = factories.AgencyOfficerFactory()
        report = fresh(sent(agent, agent, plan))
        assert (report.agency, report.state) == (agent.agency, "submitted")
        assert report.figures is not None and report.figures["kind"] == "agency"

    def test_figures_stay_while_the_data_go_on(self, officer: User, leader: User, plan: Plan) -> None:
        draft = written(officer, plan)
        assert queries.figures_of(fresh(draft))["units"] == 0
        factories.UnitFactory(ward=officer.ward)
        assert queries.figures_of(fresh(draft))["units"] == 1
        deeds.send(user=leader, report_id=draft.pk, version=draft.version)
        factories.UnitFactory(ward=officer.ward)
        assert queries.figures_of(fresh(draft))["units"] == 1

    @pytest.mark.parametrize(("before", "late"), [(0, True), (1, False)])
    def test_before_is_strict(
        self, officer: User, leader: User, home_affairs: User, plan: Plan, before: int, late: bool
    ) -> None:
        day = timezone.localdate() + timedelta(days=before)
        Milestone.objects.create(plan=plan, duty=Milestone.Duty.HALF_YEAR_REPORT, before=day)
        report = sent(officer, leader, plan)
        assert report.came_late(desk.due(report)) is late
        assert ("muộn" in told(home_affairs)[0]) is late

    def test_no_milestone_no_lateness(self, officer: User, leader: User, plan: Plan) -> None:
        Milestone.objects.create(plan=plan, duty=Milestone.Duty.YEARLY_REPORT, before=date(2020, 1, 1))
        report = sent(officer, leader, plan)
        assert desk.due(report) is None and not report.came_late(None)
        [row] = queries.table(plan, [officer.ward])  # type: ignore[list-item]
        assert [cell.late for cell in row.cells] == [False, True]
        assert [cell.state for cell in row.cells] == ["submitted", "missing"]

    def test_withdrawn_it_is_a_draft_that_the_city_does_not_see(
        self, officer: User, leader: User, home_affairs: User, plan: Plan
    ) -> None:
        report = sent(officer, leader, plan)
        with pytest.raises(Refusal):
            deeds.withdraw(user=officer, report_id=report.pk, version=report.version)
        back = fresh(deeds.withdraw(user=leader, report_id=report.pk, version=report.version))
        assert (back.state, back.figures, back.received_on) == ("draft", None, None)
        assert not visible_year_reports(home_affairs).exists()
        assert len(told(home_affairs)) == 1, "the notice of the sending led to a page that is no more"
        with pytest.raises(Refusal, match="rút lại hoặc trả lại"):
            deeds.accept(user=home_affairs, report_id=report.pk, version=report.version)

    def test_the_record_keeps_every_sending_in_full(self, officer: User, leader: User, plan: Plan) -> None:
        report = sent(officer, leader, plan)
        event = Event.objects.get(action="sent")
        assert {"label": "Kết quả thực hiện", "before": "", "after": "Đã họp dân."} in event.data["changes"]
        assert actions(report) == ["begun", "saved", "sent"]


class TestTaking:
    def test_given_back_mended_sent_again_and_accepted(
        self, officer: User, leader: User, home_affairs: User, plan: Plan
    ) -> None:
        report = sent(officer, leader, plan)
        with pytest.raises(InvalidInput, match="lý do"):
            deeds.give_back(user=home_affairs, report_id=report.pk, version=report.version, reason=" ")
        back = deeds.give_back(user=home_affairs, report_id=report.pk, version=report.version, reason="Thiếu số liệu.")
        assert fresh(back).return_reason == "Thiếu số liệu."
        assert told(officer)[-1].endswith(": Thiếu số liệu.")
        mended = written(officer, plan, results="Đã bổ sung.")
        again = deeds.send(user=leader, report_id=report.pk, version=mended.version)
        done = fresh(deeds.accept(user=home_affairs, report_id=report.pk, version=again.version))
        assert (done.state, done.return_reason, done.accepted_by) == ("accepted", "", home_affairs)
        assert actions(report) == ["begun", "saved", "sent", "returned", "saved", "sent", "accepted"]
        with pytest.raises(Refusal):
            deeds.withdraw(user=leader, report_id=report.pk, version=done.version)
        with pytest.raises(Refusal):
            deeds.save_report(user=officer, report_id=report.pk, version=done.version, values={"results": "x"})
        with refused("settled"):
            YearReport.objects.filter(pk=report.pk).update(results="x")

    def test_only_home_affairs_takes(self, officer: User, leader: User, city_leader: User, plan: Plan) -> None:
        report = sent(officer, leader, plan)
        for user in (officer, leader, city_leader):
            with pytest.raises(Refusal):
                deeds.accept(user=user, report_id=report.pk, version=report.version)
            with pytest.raises(Refusal):
                deeds.give_back(user=user, report_id=report.pk, version=report.version, reason="x")
        stranger = factories.AgencyOfficerFactory()
        with pytest.raises(YearReport.DoesNotExist):
            deeds.accept(user=stranger, report_id=report.pk, version=report.version)

    def test_the_paper_came_earlier(self, officer: User, leader: User, home_affairs: User, plan: Plan) -> None:
        today = timezone.localdate()
        Milestone.objects.create(plan=plan, duty=Milestone.Duty.HALF_YEAR_REPORT, before=today)
        report = sent(officer, leader, plan)
        given: dict[str, Any] = {"user": home_affairs, "report_id": report.pk, "version": report.version}
        for wrong in (today, today + timedelta(days=1), date(plan.year, 1, 1)):
            with pytest.raises(InvalidInput) as caught:
                deeds.record_paper(**given, received_on=wrong, reason="Sổ")
            assert caught.value.field == "received_on"
        with pytest.raises(InvalidInput) as caught:
            deeds.record_paper(**given, received_on=today - timedelta(days=1), reason="")
        assert caught.value.field == "reason"
        kept = deeds.record_paper(**given, received_on=today - timedelta(days=1), reason="Sổ công văn số 5")
        assert not fresh(kept).came_late(desk.due(kept))
        assert Event.objects.get(action="paper_came").reason == "Sổ công văn số 5"


class TestTheCitys:
    def test_gathered_issued_and_seen_by_everybody(
        self, officer: User, leader: User, home_affairs: User, city_leader: User, plan: Plan
    ) -> None:
        sent(officer, leader, plan)
        agency = factories.AgencyFactory()
        report = written(home_affairs, plan, proposals="")
        assert [str(source.ward) for source in queries.sources(home_affairs, report)] == [str(officer.ward)]
        assert not visible_year_reports(officer).filter(pk=report.pk).exists()
        with pytest.raises(InvalidInput) as caught:
            deeds.issue(user=home_affairs, report_id=report.pk, version=report.version)
        assert caught.value.field == "number"
        with pytest.raises(Refusal):
            deeds.send(user=home_affairs, report_id=report.pk, version=report.version)
        report = written(home_affairs, plan, number="9/BC-UBND", signed_on=timezone.localdate())
        done = fresh(deeds.issue(user=home_affairs, report_id=report.pk, version=report.version))
        assert done.state == "accepted" and done.figures is not None
        assert done.figures["proposals"] == [{"name": str(officer.ward), "text": "Xin hỗ trợ."}]
        states = {row["name"]: row["state"] for row in done.figures["reports"]}
        assert states[str(officer.ward)] == "submitted" and states[str(agency)] == "missing"
        for user in (officer, leader, city_leader):
            assert visible_year_reports(user).filter(pk=report.pk).exists()
            assert "9/BC-UBND" in told(user)[-1]
        with pytest.raises(Refusal):
            deeds.issue(user=leader, report_id=report.pk, version=done.version)

    def test_drafts_and_returned_ones_are_no_source(
        self, officer: User, leader: User, home_affairs: User, plan: Plan
    ) -> None:
        report = sent(officer, leader, plan)
        city = written(home_affairs, plan)
        deeds.give_back(user=home_affairs, report_id=report.pk, version=report.version, reason="Sai")
        assert queries.sources(home_affairs, city) == []
        assert queries.figures_of(fresh(city))["proposals"] == []


RULES = [
    ("year_report_of_one_office", "agency_id = (SELECT min(id) FROM accounts_agency)"),
    ("year_report_period_known", "period = 'month'"),
    ("year_report_state_known", "state = 'lost', submitted_at = now(), received_on = now(), figures = '{}'"),
    ("year_report_sent_has_time", "state = 'submitted', figures = '{}'"),
    ("year_report_return_has_reason", "state = 'returned'"),
    ("year_report_text_nfc", "results = U&'e\\0301'"),
]


class TestTheDatabase:
    @pytest.mark.parametrize(("name", "change"), RULES)
    def test_refuses(self, officer: User, plan: Plan, name: str, change: str) -> None:
        report = written(officer, plan)
        factories.AgencyFactory()
        if name == "year_report_state_known":
            change += f", submitted_by_id = {officer.pk}"
        with refused(name):
            run(f"UPDATE assessments_yearreport SET {change} WHERE id = %s", report.pk)  # noqa: S608

    def test_refuses_a_second_one_also_of_the_city(self, officer: User, home_affairs: User, plan: Plan) -> None:
        for user in (officer, home_affairs):
            made = written(user, plan)
            with refused("year_report_once"):
                YearReport.objects.create(plan=plan, period="half", ward=made.ward)

    def test_sent_has_figures_and_accepted_a_person(self, officer: User, leader: User, plan: Plan) -> None:
        report = sent(officer, leader, plan)
        with refused("year_report_sent_has_figures"):
            YearReport.objects.filter(pk=report.pk).update(figures=None)
        with refused("year_report_accepted_by_somebody"):
            YearReport.objects.filter(pk=report.pk).update(state="accepted")
