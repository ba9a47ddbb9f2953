"""The parts of the plan's year in the small city, with something in each, and the addresses of their pages per role."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from assessments.models import (
    BudgetDecision,
    BudgetEstimate,
    Commendation,
    CommendationDecision,
    CommunityModel,
    Guidance,
    Helping,
    Milestone,
    Plan,
    WardPlan,
    YearReport,
)
from assessments.year import city_plans
from assessments.year import helping as helping_deeds
from localities.models import Unit
from tests import factories
from tests.assessments.roads import People
from tests.assessments.views.year_parts import draft, publish
from tests.assessments.views.year_plans import written
from tests.assessments.views.year_reports import make
from tests.assessments.year import budget, commending
from tests.assessments.year.budget import line

PARTS = (
    "plan", "duties", "calendar", "ward_plans", "budget", "profiles", "guidance", "community_models",
    "community_models_exemplary", "helping", "year_reports", "commendations", "looking_back", "looking_back_risks",
    "looking_back_comparison",
)  # fmt: skip


@dataclass(frozen=True)
class Year:
    plan: Plan
    estimate: BudgetEstimate  # lies with the ward
    asked: BudgetEstimate  # of another ward, with the finance agency
    decision: BudgetDecision  # open, over a third ward's
    ward_plan: WardPlan
    guidance: Guidance  # published
    guidance_draft: Guidance  # of home affairs
    model: CommunityModel
    helping: Helping
    report: YearReport  # the ward's draft
    city_report: YearReport
    commendation: Commendation
    commending: CommendationDecision

    def pages(self, user: User, people: People) -> list[str]:
        """What this person can open of the year."""
        common = [reverse(f"assessments:{name}", args=[self.plan.year]) for name in PARTS]
        common += [
            reverse("assessments:looking_back_criterion", args=[self.plan.year, "tc-1.1"]),
            reverse("assessments:guidance_detail", args=[self.guidance.pk]),
            reverse("assessments:community_model", args=[self.plan.year, self.model.pk]),
            reverse("assessments:helping_detail", args=[self.helping.pk]),
        ]
        return common + self._own(user, people)

    def _own(self, user: User, people: People) -> list[str]:
        year = self.plan.year
        own = {
            people.officer: [
                *self._of_year("estimate_import", "ward_plan_edit", "ward_plan_units", "community_model_new"),
                reverse("assessments:estimate", args=[self.estimate.pk]),
                reverse("assessments:estimate_edit", args=[self.estimate.pk]),
                reverse("assessments:ward_plan", args=[self.ward_plan.pk]),
                reverse("assessments:ward_plan_tasks", args=[self.ward_plan.pk]),
                reverse("assessments:community_model_edit", args=[year, self.model.pk]),
                reverse("assessments:year_report", args=[self.report.pk]),
                reverse("assessments:year_report_edit", args=[self.report.pk]),
            ],
            people.leader: [
                *self._of_year("commendation_new"),
                reverse("assessments:estimate", args=[self.estimate.pk]),
                reverse("assessments:commendation", args=[self.commendation.pk]),
                reverse("assessments:commendation_edit", args=[self.commendation.pk]),
            ],
            people.home_affairs: [
                *self._of_year("plan_adjust", "guidance_new", "helping_assign", "commendation_decision_new"),
                *(
                    reverse(f"assessments:{name}", args=[year + 1])
                    for name in ("plan_draft", "plan_edit", "plan_issue")
                ),
                reverse("assessments:plan_new"),
                reverse("assessments:duties_ward_letter", args=[year, people.officer.ward_id]),
                reverse("assessments:estimate", args=[self.asked.pk]),
                reverse("assessments:guidance_edit", args=[self.guidance_draft.pk]),
                reverse("assessments:helping_edit", args=[self.helping.pk]),
                reverse("assessments:year_report", args=[self.city_report.pk]),
                reverse("assessments:year_report_edit", args=[self.city_report.pk]),
                reverse("assessments:commendation_decision", args=[self.commending.pk]),
                reverse("assessments:commendation_decision_edit", args=[self.commending.pk]),
            ],
            people.city_leader: [
                reverse("assessments:budget_decision", args=[self.decision.pk]),
                reverse("assessments:commendation_decision", args=[self.commending.pk]),
            ],
        }
        return own.get(user, [])

    def finance_pages(self) -> list[str]:
        """The finance agency's own."""
        return [
            *self._of_year("budget", "budget_decision_new"),
            reverse("assessments:estimate_appraise", args=[self.asked.pk]),
            reverse("assessments:budget_decision_edit", args=[self.decision.pk]),
            reverse("assessments:budget_decision_amounts", args=[self.decision.pk, self.decision.estimates.get().pk]),
        ]

    def _of_year(self, *names: str) -> list[str]:
        return [reverse(f"assessments:{name}", args=[self.plan.year]) for name in names]


def build(people: People, plan: Plan, finance: User, unit: Unit, long: str) -> Year:
    """Made through the deeds, with long names and words where people type them."""
    Milestone.objects.create(plan=plan, duty=Milestone.Duty.BUDGET, before=f"{plan.year}-04-15")
    lines = (line(f"Sửa chữa nhà văn hóa {long}", 1_250_000_000), *budget.TWO)
    asked, approved = (
        budget.sent(factories.WardOfficerFactory(ward=leader.ward), leader, plan, lines)
        for leader in (factories.WardLeaderFactory(), factories.WardLeaderFactory())
    )
    helping = _helping(people, plan, unit)
    agent = factories.AgencyOfficerFactory()
    commended = commending.accepted(people.leader, people.home_affairs, plan, name=f"Tổ hòa giải {long}")
    city_plans.create(user=people.home_affairs, source_id=plan.pk, year=plan.year + 1)
    return Year(
        plan=plan,
        estimate=budget.draft(people.officer, plan, lines, explanation=long),
        asked=asked,
        decision=budget.decided(finance, plan, budget.appraised(finance, approved)),
        ward_plan=written(people.officer, plan, goals=long),
        guidance=publish(agent, plan, f"Hướng dẫn {long}"),
        guidance_draft=draft(people.home_affairs, plan),
        model=_model(people, unit, long),
        helping=helping,
        report=make(plan, "half", ward=people.officer.ward),
        city_report=make(plan, "half", number="5/BC-UBND", signed_on=plan.issued_on),
        commendation=commending.propose(people.leader, plan, name=f"Đội văn nghệ {long}"),
        commending=commending.decide(people.home_affairs, commended, number="81/QĐ-UBND"),
    )


def _helping(people: People, plan: Plan, unit: Unit) -> Helping:
    agency = factories.AgencyFactory()
    (made,) = helping_deeds.assign(
        user=people.home_affairs, plan_id=plan.pk, agency_id=agency.pk, unit_ids=[unit.pk], focus="Vệ sinh môi trường"
    )
    return made


def _model(people: People, unit: Unit, long: str) -> CommunityModel:
    return CommunityModel.objects.create(
        unit=unit,
        kind=CommunityModel.Kind.ECONOMIC,
        name=f"Nhóm hộ trồng rau {long}",
        since="2021-03-01",
        households=24,
        added_by=people.officer,
        description="Góp vốn quay vòng.",
        results="Thu nhập tăng 15%.",
        exemplary_since="2025-06-01",
        exemplary_reason="Nơi khác làm theo được.",
    )
