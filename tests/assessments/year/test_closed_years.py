"""A closed year: each of its deeds refuses in the same words, pages offer none, what has no year goes on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import unit_years
from assessments.deeds import Refusal
from assessments.models import Commendation, CommendationDecision, Event, Plan
from assessments.year import (
    budget,
    budget_appraisal,
    budget_decisions,
    city_plans,
    commendation_decisions,
    commendations,
    community_models,
    duties,
    guidance,
    helping,
    profiles,
    reports,
    rows,
    ward_plans,
)
from localities.models import Unit
from tests import factories, files
from tests.assessments.views.year_parts import draft as guidance_draft
from tests.assessments.views.year_parts import entry_ids, publish
from tests.assessments.views.year_plans import written
from tests.assessments.year.budget import City, appraised, decided, paper

pytestmark = pytest.mark.django_db


class Year:
    """One of everything under a plan, each where it may still be changed; then the plan is closed."""

    def __init__(self, plan: Plan, unit: Unit, officer: User, leader: User, home: User) -> None:
        self.plan, self.unit, self.officer, self.leader, self.home = plan, unit, officer, leader, home
        self.city = City(plan)
        self.agent: User = factories.AgencyOfficerFactory()
        Plan.objects.filter(pk=plan.pk).update(issued_on=date(plan.year, 2, 1))
        self.ward_plan = written(officer, Plan.objects.get(pk=plan.pk))
        self.other = written(self.city.officer, Plan.objects.get(pk=plan.pk))
        ward_plans.send(user=self.city.leader, ward_plan_id=self.other.pk, version=1)
        self.estimate = budget.save_estimate(
            user=officer, plan_id=plan.pk, number="", signed_on=None, explanation="", lines=[], version=rows.NEW
        )
        self.done = appraised(self.city.finance, self.city.sent())
        self.decision = decided(self.city.finance, plan, self.done)
        self.guidance = guidance_draft(self.agent, plan)
        self.published = publish(self.agent, plan)
        assert self.agent.agency_id is not None
        [self.helping] = helping.assign(user=home, plan_id=plan.pk, agency_id=self.agent.agency_id, unit_ids=[unit.pk])
        day = date(plan.year, 3, 3)
        self.deed = helping.add_deed(user=self.agent, helping_id=self.helping.pk, done_on=day, content="Tặng giống")
        self.report, _ = reports.open_report(user=officer, plan_id=plan.pk, period="half")
        self.citys, _ = reports.open_report(user=home, plan_id=plan.pk, period="half")
        self.sent, _ = reports.open_report(user=self.city.officer, plan_id=plan.pk, period="half")
        reports.save_report(user=self.city.officer, report_id=self.sent.pk, version=1, values={"results": "Đã họp."})
        reports.send(user=self.city.leader, report_id=self.sent.pk, version=2)
        self.row, self.accepted, self.listed = (self.propose(home, name) for name in ("Tổ 1", "Tổ 2", "Tổ 3"))
        versions = {self.accepted.pk: 2, self.listed.pk: 2}
        commendations.send(user=home, plan_id=plan.pk, ids=list(versions))
        commendations.judge(user=home, plan_id=plan.pk, versions=versions, accept=True, reason="Đủ điều kiện")
        self.award = commendation_decisions.record(
            user=home, plan_id=plan.pk, decision=self.award_paper("1/QĐ-UBND"), ids=[self.listed.pk]
        )
        self.model = community_models.add(user=officer, plan_id=plan.pk, unit_id=unit.pk, told=self.described("Tổ rau"))
        # Not by its deed, which refuses while decisions wait: here everything is to be there.
        Plan.objects.filter(pk=plan.pk).update(status=Plan.Status.CLOSED)
        self.plan = Plan.objects.get(pk=plan.pk)

    def propose(self, user: User, name: str) -> Commendation:
        row = Commendation(kind="collective", name=name, form="Giấy khen", achievements="Hòa giải 12 vụ.")
        return commendations.save(user=user, plan_id=self.plan.pk, row=row)

    def award_paper(self, number: str) -> CommendationDecision:
        return CommendationDecision(
            number=number, issued_on=timezone.localdate(), title="Khen thưởng", signer_title="CHỦ TỊCH"
        )

    def described(self, name: str) -> community_models.Described:
        return community_models.Described("economic", name, date(2021, 3, 1))


@pytest.fixture
def year(plan: Plan, unit: Unit, officer: User, leader: User, home_affairs: User) -> Year:
    return Year(plan, unit, officer, leader, home_affairs)


def pdf() -> Any:
    return files.upload("ban-ky.pdf", files.pdf())


def all_or_nothing(failed: dict[int, profiles.NotSaved]) -> None:
    """Lines that were not stored are told one by one."""
    for why in failed.values():
        raise Refusal(why.message)


EMPTY = ward_plans.Content()
# fmt: off
DEEDS: dict[str, Callable[[Year], Any]] = {
    "ward_plans.save": lambda y: ward_plans.save(
        user=y.officer, plan_id=y.plan.pk, version=1, content=EMPTY, tasks=[]),
    "ward_plans.fill": lambda y: ward_plans.fill(user=y.officer, plan_id=y.plan.pk),
    "ward_plans.send": lambda y: ward_plans.send(user=y.leader, ward_plan_id=y.ward_plan.pk, version=1),
    "ward_plans.give_back": lambda y: ward_plans.give_back(
        user=y.home, ward_plan_id=y.other.pk, version=2, reason="Vì"),
    "ward_plans.receive": lambda y: ward_plans.receive(
        user=y.home, ward_plan_id=y.other.pk, version=2, received_on=timezone.localdate(), reason="Vì"),
    "ward_plans.report_tasks": lambda y: ward_plans.report_tasks(
        user=y.officer, ward_plan_id=y.ward_plan.pk, version=1, progress=[]),
    "ward_plans.attach_file": lambda y: ward_plans.attach_file(user=y.officer, ward_plan_id=y.ward_plan.pk, file=pdf()),
    "budget.save_estimate": lambda y: budget.save_estimate(
        user=y.officer, plan_id=y.plan.pk, number="", signed_on=None, explanation="x", lines=[], version=1),
    "budget.send_estimate": lambda y: budget.send_estimate(user=y.leader, estimate_id=y.estimate.pk, version=1),
    "budget.state_paper_day": lambda y: budget.state_paper_day(
        user=y.home, estimate_id=y.done.pk, received_on=timezone.localdate(), reason="Vì", version=y.done.version),
    "budget.attach_estimate": lambda y: budget.attach_estimate(user=y.officer, estimate_id=y.estimate.pk, file=pdf()),
    "budget_appraisal.appraise": lambda y: budget_appraisal.appraise(
        user=y.city.finance, estimate_id=y.done.pk, said={}, note="", version=y.done.version),
    "budget_appraisal.return_estimate": lambda y: budget_appraisal.return_estimate(
        user=y.city.finance, estimate_id=y.done.pk, reason="Vì", version=y.done.version),
    "budget_appraisal.reopen": lambda y: budget_appraisal.reopen(
        user=y.city.finance, estimate_id=y.done.pk, reason="Vì", version=y.done.version),
    "budget_decisions.record_decision": lambda y: budget_decisions.record_decision(
        user=y.city.finance, plan_id=y.plan.pk, decision=paper("78/QĐ-UBND"), estimate_ids=[y.done.pk],
        version=rows.NEW),
    "budget_decisions.set_approved": lambda y: budget_decisions.set_approved(
        user=y.city.finance, decision_id=y.decision.pk, estimate_id=y.done.pk, said={}, version=1),
    "budget_decisions.confirm_decision": lambda y: budget_decisions.confirm_decision(
        user=y.city.head, decision_id=y.decision.pk, version=1),
    "budget_decisions.drop_decision": lambda y: budget_decisions.drop_decision(
        user=y.city.finance, decision_id=y.decision.pk, version=1),
    "budget_decisions.attach_decision": lambda y: budget_decisions.attach_decision(
        user=y.city.finance, decision_id=y.decision.pk, file=pdf()),
    "commendations.save": lambda y: y.propose(y.officer, "Tổ 9"),
    "commendations.remove": lambda y: commendations.remove(user=y.home, pk=y.row.pk, version=1),
    "commendations.send": lambda y: commendations.send(user=y.home, plan_id=y.plan.pk, ids=[y.row.pk]),
    "commendations.withdraw": lambda y: commendations.withdraw(user=y.home, pk=y.accepted.pk, version=3),
    "commendations.judge": lambda y: commendations.judge(
        user=y.home, plan_id=y.plan.pk, versions={y.accepted.pk: 3}, accept=False, reason="Vì"),
    "commendation_decisions.record": lambda y: commendation_decisions.record(
        user=y.home, plan_id=y.plan.pk, decision=y.award_paper("2/QĐ-UBND"), ids=[y.accepted.pk]),
    "commendation_decisions.drop": lambda y: commendation_decisions.drop(user=y.home, pk=y.award.pk),
    "commendation_decisions.confirm": lambda y: commendation_decisions.confirm(user=y.city.head, pk=y.award.pk),
    "commendation_decisions.attach": lambda y: commendation_decisions.attach(user=y.home, pk=y.award.pk, file=pdf()),
    "duties.letter_sent": lambda y: duties.letter_sent(
        user=y.home, plan_id=y.plan.pk, number="1/PNV", sent_on=timezone.localdate(), ward_id=y.officer.ward_id),
    "guidance.save": lambda y: guidance.save(
        user=y.agent, plan_id=y.plan.pk, agency_id=y.agent.agency_id or 0, entry_ids=entry_ids(y.plan, "tc-1.1"),
        content=guidance.Content("Hướng dẫn khác", date(2025, 1, 5))),
    "guidance.publish": lambda y: guidance.publish(user=y.agent, guidance_id=y.guidance.pk, version=1),
    "guidance.discard": lambda y: guidance.discard(user=y.agent, guidance_id=y.guidance.pk, version=1),
    "guidance.attach": lambda y: guidance.attach(user=y.agent, guidance_id=y.guidance.pk, file=pdf()),
    "guidance.renew": lambda y: guidance.renew(
        user=y.agent, guidance_id=y.published.pk, version=y.published.version),  # no later plan: it would stand here
    "helping.assign": lambda y: helping.assign(
        user=y.home, plan_id=y.plan.pk, agency_id=y.agent.agency_id or 0, unit_ids=[y.unit.pk]),
    "helping.copy_from": lambda y: helping.copy_from(user=y.home, plan_id=y.plan.pk, earlier_id=y.plan.pk),
    "helping.change": lambda y: helping.change(
        user=y.home, helping_id=y.helping.pk, decided_by="", focus="x", version=1),
    "helping.end": lambda y: helping.end(
        user=y.home, helping_id=y.helping.pk, ended_on=date(y.plan.year, 4, 1), reason="", version=1),
    "helping.remove": lambda y: helping.remove(user=y.home, helping_id=y.helping.pk, version=1),
    "helping.add_deed": lambda y: helping.add_deed(
        user=y.agent, helping_id=y.helping.pk, done_on=date(y.plan.year, 3, 3), content="Khác"),
    "helping.remove_deed": lambda y: helping.remove_deed(user=y.agent, deed_id=y.deed.pk),
    "reports.open_report": lambda y: reports.open_report(user=y.officer, plan_id=y.plan.pk, period="year"),
    "reports.save_report": lambda y: reports.save_report(
        user=y.officer, report_id=y.report.pk, version=1, values={"results": "x"}),
    "reports.send": lambda y: reports.send(user=y.leader, report_id=y.report.pk, version=1),
    "reports.withdraw": lambda y: reports.withdraw(user=y.city.leader, report_id=y.sent.pk, version=3),
    "reports.accept": lambda y: reports.accept(user=y.home, report_id=y.sent.pk, version=3),
    "reports.give_back": lambda y: reports.give_back(user=y.home, report_id=y.sent.pk, version=3, reason="Vì"),
    "reports.record_paper": lambda y: reports.record_paper(
        user=y.home, report_id=y.sent.pk, version=3, received_on=timezone.localdate(), reason="Vì"),
    "reports.issue": lambda y: reports.issue(user=y.home, report_id=y.citys.pk, version=1),
    "reports.attach": lambda y: reports.attach(user=y.officer, report_id=y.report.pk, file=pdf()),
    "profiles.save_lines": lambda y: all_or_nothing(profiles.save_lines(
        user=y.officer, year=y.plan.year, lines=[profiles.Line(y.unit.pk, 0, {"households": 98})])),
    "unit_years.save_unit_year": lambda y: unit_years.save_unit_year(
        user=y.officer, unit_id=y.unit.pk, year=y.plan.year, version=0, values={"households": 98}),
    "city_plans.attach_file": lambda y: city_plans.attach_file(user=y.home, plan_id=y.plan.pk, file=pdf()),
}
# fmt: on
# What is bound to no year (see rows), and what a closed plan is there for.
FREE = {
    *(f"community_models.{name}" for name in ("add", "change", "set_state", "choose", "take_back", "attach")),
    "guidance.withdraw",
    *(f"city_plans.{name}" for name in ("create", "save_draft", "discard", "issue", "adjust", "close", "reopen")),
}
PARTS = (
    budget, budget_appraisal, budget_decisions, city_plans, commendation_decisions, commendations, community_models,
    duties, guidance, helping, profiles, reports, unit_years, ward_plans,
)  # fmt: skip


def test_every_deed_of_the_year_is_named_here() -> None:
    """Whoever adds a deed says whether a closed plan refuses it."""
    found = {
        f"{part.__name__.rpartition('.')[2]}.{name}"
        for part in PARTS
        for name, thing in vars(part).items()
        if callable(thing) and getattr(thing, "__module__", "") == part.__name__ and _is_deed(thing)
    }
    assert found == DEEDS.keys() | FREE and not DEEDS.keys() & FREE


def _is_deed(thing: Any) -> bool:
    code = getattr(getattr(thing, "__wrapped__", thing), "__code__", None)
    return code is not None and code.co_kwonlyargcount > 0 and "user" in code.co_varnames[: code.co_kwonlyargcount]


def test_all_of_it_is_refused_and_nothing_written(year: Year) -> None:
    before = Event.objects.count()
    for name, deed in DEEDS.items():
        with pytest.raises(Refusal) as caught:
            deed(year)
        assert caught.value.message == f"Kế hoạch năm {year.plan.year} đã kết thúc nên không thay đổi được nữa.", name
    assert Event.objects.count() == before


def test_what_belongs_to_a_unit_or_to_later_years_goes_on(year: Year) -> None:
    changed = community_models.change(
        user=year.officer, plan_id=year.plan.pk, model_id=year.model.pk, version=1, told=year.described("Tổ cá")
    )
    assert changed.name == "Tổ cá"
    guidance.withdraw(user=year.agent, guidance_id=year.published.pk, version=year.published.version, reason="Đã thay")
    year.published.refresh_from_db()
    assert year.published.state == "withdrawn"


def test_reopened_it_goes_on(year: Year, client: Client) -> None:
    city_plans.reopen(user=year.home, plan_id=year.plan.pk, version=year.plan.version, reason="Còn hồ sơ")
    assert DEEDS["helping.add_deed"](year).content == "Khác"
    client.force_login(year.agent)
    page = client.get(reverse("assessments:helping_detail", args=[year.helping.pk])).content.decode()
    assert reverse("assessments:helping_deed", args=[year.helping.pk]) in page


def test_pages_offer_nothing_that_is_refused(year: Year, client: Client) -> None:
    """No form leads to a deed of the closed year: only filters, signing out, and what goes on."""
    pages: list[tuple[User, str, list[Any]]] = [
        (year.officer, "estimate", [year.estimate.pk]),
        (year.city.finance, "budget", [year.plan.year]),
        (year.city.finance, "budget_decision", [year.decision.pk]),
        (year.city.head, "budget_decision", [year.decision.pk]),
        (year.leader, "ward_plan", [year.ward_plan.pk]),
        (year.home, "ward_plan", [year.other.pk]),
        (year.home, "commendations", [year.plan.year]),
        (year.home, "commendation", [year.row.pk]),
        (year.home, "commendation_decision", [year.award.pk]),
        (year.city.head, "commendation_decision", [year.award.pk]),
        (year.agent, "guidance_detail", [year.guidance.pk]),
        (year.home, "helping", [year.plan.year]),
        (year.home, "helping_detail", [year.helping.pk]),
        (year.agent, "helping_detail", [year.helping.pk]),
        (year.officer, "profiles", [year.plan.year]),
        (year.officer, "year_reports", [year.plan.year]),
        (year.home, "year_reports", [year.plan.year]),
        (year.leader, "year_report", [year.report.pk]),
        (year.home, "year_report", [year.sent.pk]),
    ]
    for user, name, arguments in pages:
        client.force_login(user)
        answer = client.get(reverse(f"assessments:{name}", args=arguments))
        assert answer.status_code == 200, (name, answer.status_code)
        main = answer.content.decode().partition("<main")[2].partition("</main")[0]
        assert 'method="post"' not in main and "btn-primary" not in main, (user.role, name)
