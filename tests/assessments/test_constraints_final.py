"""The database's own rules on kinds and layers, on tables under plans, and on what a decision made final."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from assessments.models import (
    Assessment,
    CouncilItem,
    Decision,
    DecisionLine,
    Event,
    Evidence,
    Figure,
    Plan,
    Registration,
    Submission,
    SubmissionLine,
    Summary,
    Target,
    Verdict,
)
from criteria.models import CriteriaSet, Entry, Indicator, Section
from tests import factories
from tests.database import refused


@pytest.fixture
def other_set(db: None) -> CriteriaSet:
    """Another set, still a draft, with one criterion."""
    made = CriteriaSet.objects.create(code="2030", title="x", legal_basis="x", standard_percent=80, content_percent=80)
    section = Section.objects.create(criteria_set=made, kind="standard", number=1, name="x")
    Entry.objects.create(
        criteria_set=made, section=section, kind="criterion", key="tc-1.1", code="1.1", position=1, text="x"
    )
    return made


@pytest.fixture
def decision(plan: Plan, home_affairs: User) -> Decision:
    return Decision.objects.create(
        plan=plan,
        number="1/QĐ-UBND",
        issued_on=date(2025, 12, 1),
        title="Công nhận",
        signer_title="CHỦ TỊCH",
        recorded_by=home_affairs,
    )


@pytest.fixture
def row(assessment: Assessment, officer: User) -> Verdict:
    entry = Entry.objects.get(criteria_set=assessment.plan.criteria_set, key="tc-1.3")
    return Verdict.objects.create(
        assessment=assessment,
        entry=entry,
        layer="self",
        stated="met",
        value="met",
        updated_by=officer,
        updated_at=timezone.now(),
    )


class TestKnownWords:
    def test_plan(self, plan: Plan) -> None:
        with refused("milestone_duty_known"):
            factories.MilestoneFactory(plan=plan, duty="party")
        with refused("target_kind_known"):
            Target.objects.create(plan=plan, kind="many", minimum=1)

    def test_layers(self, assessment: Assessment, row: Verdict, officer: User) -> None:
        with refused("summary_layer_known"):
            Summary.objects.filter(assessment=assessment).update(layer="council")
        with refused("evidence_layer_answers"):
            Evidence.objects.create(
                assessment=assessment, entry=row.entry, layer="effective", reference="Biên bản", added_by=officer
            )

    def test_events(self, assessment: Assessment, officer: User) -> None:
        with refused("event_kind_known"):
            Event.objects.create(assessment=assessment, kind="rumour", actor=officer)

    def test_results(self, decision: Decision, assessment: Assessment) -> None:
        with refused("decision_result_known"):
            DecisionLine.objects.create(decision=decision, assessment=assessment, result="")

    def test_removal_names_who(self, assessment: Assessment, row: Verdict, officer: User) -> None:
        evidence = Evidence.objects.create(
            assessment=assessment, entry=row.entry, layer="self", reference="Biên bản", added_by=officer
        )
        with refused("evidence_removed_by_somebody"):
            Evidence.objects.filter(pk=evidence.pk).update(removed_at=timezone.now())


class TestTable:
    def test_figure_of_another_entry(self, row: Verdict) -> None:
        foreign = Indicator.objects.get(entry__criteria_set=row.entry.criteria_set, entry__key="tc-4.4")
        with refused("is not of the entry"):
            Figure.objects.create(verdict=row, indicator=foreign, numerator=1, denominator=2)

    def test_evidence_of_another_set(self, assessment: Assessment, other_set: CriteriaSet, officer: User) -> None:
        with refused("is not of the criteria set"):
            Evidence.objects.create(
                assessment=assessment, entry=other_set.entries.get(), layer="self", reference="x", added_by=officer
            )

    def test_plan_needs_a_published_set(self, other_set: CriteriaSet, plan: Plan) -> None:
        with refused("is a draft"):
            factories.PlanFactory(criteria_set=other_set)
        with refused("is a draft"):
            Plan.objects.filter(pk=plan.pk).update(criteria_set=other_set)

    def test_plan_keeps_its_set_once_units_are_registered(self, assessment: Assessment, other_set: CriteriaSet) -> None:
        CriteriaSet.objects.filter(pk=other_set.pk).update(status="published", published_at=timezone.now())
        with refused("it keeps its criteria set"):
            Plan.objects.filter(pk=assessment.plan.pk).update(criteria_set=other_set)
        Plan.objects.filter(pk=assessment.plan.pk).update(notes="Ghi chú sửa được")


class TestFinal:
    def test_parts_of_a_decided_assessment(self, assessment: Assessment, row: Verdict, officer: User) -> None:
        indicator = row.entry.indicators.get()
        Figure.objects.create(verdict=row, indicator=indicator, numerator=98, denominator=98)
        evidence = Evidence.objects.create(
            assessment=assessment, entry=row.entry, layer="self", reference="Biên bản", added_by=officer
        )
        meeting = factories.meeting_over(assessment, officer)
        CouncilItem.objects.create(meeting=meeting, assessment=assessment, outcome="approved", votes_for=7)
        sent = Submission.objects.create(
            ward=assessment.unit.ward,
            plan=assessment.plan,
            number=1,
            submitted_by=officer,
            submitted_at=timezone.now(),
        )
        SubmissionLine.objects.create(submission=sent, assessment=assessment)
        factories.in_state(assessment, "recognised")
        changes: list[tuple[Any, dict[str, Any]]] = [
            (CouncilItem, {"opinion": "khác"}),
            (SubmissionLine, {"standing": False, "ended_at": timezone.now()}),
            (Verdict, {"note": "khác"}),
            (Figure, {"numerator": 1}),
            (Evidence, {"reference": "khác"}),
            (Summary, {"qualifies": True}),
            (Registration, {"pilot": True}),
        ]
        for model, change in changes:
            with refused("is decided"):
                model.objects.update(**change)
        with refused("is decided"):
            evidence.delete()
        with refused("is decided"):
            Figure.objects.all().delete()

    def test_confirmed_decision(self, decision: Decision, assessment: Assessment, city_leader: User) -> None:
        line = DecisionLine.objects.create(decision=decision, assessment=assessment, result="recognised")
        DecisionLine.objects.filter(pk=line.pk).update(reasons="Sửa được khi chưa xác nhận")
        Decision.objects.filter(pk=decision.pk).update(confirmed_by=city_leader, confirmed_at=timezone.now())
        with refused("is confirmed"):
            Decision.objects.filter(pk=decision.pk).update(number="2/QĐ-UBND")
        with refused("is confirmed"):
            DecisionLine.objects.filter(pk=line.pk).update(result="not_recognised", reasons="x")
        with refused("is confirmed"):
            line.delete()
        with refused("is confirmed"):
            DecisionLine.objects.create(decision=decision, assessment=assessment, result="recognised")
