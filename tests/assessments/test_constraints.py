"""The database's own rules on assessments, tried past every form and deed."""

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import User
from assessments.models import (
    Assessment,
    CouncilItem,
    CouncilMeeting,
    Decision,
    DecisionLine,
    Event,
    Evidence,
    Figure,
    Milestone,
    Plan,
    Registration,
    Summary,
    Target,
    Verdict,
)
from assessments.workflow import State
from criteria.models import CriteriaSet, Entry, Section
from tests import factories
from tests.database import refused, run

NFD = unicodedata.normalize("NFD", "Lý do")
APPS = ("localities", "accounts", "criteria", "assessments", "reports")


def test_every_constraint_has_its_test() -> None:
    """A new constraint needs a line that tries it, in one of the tests of the apps."""
    folder = Path(__file__).parent.parent
    tried = "".join(path.read_text() for app in APPS for path in (folder / app).rglob("test_*.py"))
    names = {c.name for app in APPS for model in apps.get_app_config(app).get_models() for c in model._meta.constraints}
    assert {name for name in names if f'"{name}"' not in tried} == set()


def entry(assessment: Assessment, key: str) -> Entry:
    return Entry.objects.get(criteria_set=assessment.plan.criteria_set, key=key)


@pytest.fixture
def verdict_of(assessment: Assessment, officer: User) -> Any:
    def make(key: str = "tc-1.3", **values: Any) -> Verdict:
        values = {"layer": "self", "entry": entry(assessment, key), **values}
        return Verdict.objects.create(assessment=assessment, updated_by=officer, updated_at=timezone.now(), **values)

    return make


class TestPlan:
    def test_one_a_year(self, plan: Plan) -> None:
        with refused("assessments_plan_year_key"):
            factories.PlanFactory(year=plan.year)

    def test_number_once_a_day(self, plan: Plan) -> None:
        with refused("plan_number_once_a_day"):
            factories.PlanFactory(number=plan.number, issued_on=plan.issued_on)

    def test_milestone_once(self, plan: Plan) -> None:
        factories.MilestoneFactory(plan=plan)
        with refused("milestone_once"):
            Milestone.objects.create(plan=plan, duty=Milestone.Duty.DOSSIER, before=date(2025, 11, 1))

    def test_target_once(self, plan: Plan) -> None:
        Target.objects.create(plan=plan, kind="new", minimum=1)
        with refused("target_once"):
            Target.objects.create(plan=plan, kind="new", minimum=2)

    def test_target_span(self, plan: Plan) -> None:
        Target.objects.create(plan=plan, kind="new", minimum=4, maximum=4)
        with refused("target_span_in_order"):
            Target.objects.create(plan=plan, kind="maintain", minimum=5, maximum=4)

    def test_plan_with_registrations_stays(self, assessment: Assessment) -> None:
        with refused("foreign key constraint"):
            run("DELETE FROM assessments_plan WHERE id = %s", assessment.plan.pk)


class TestAssessment:
    def test_unit_registers_once_in_a_plan(self, assessment: Assessment, officer: User) -> None:
        with refused("registration_once"):
            Registration.objects.create(
                plan=assessment.plan, unit=assessment.unit, aim="maintain", registered_by=officer
            )

    def test_one_assessment_per_registration(self, assessment: Assessment) -> None:
        with refused("assessments_assessment_registration_id_key"):
            Assessment.objects.create(registration=assessment.registration)

    def test_aim(self, assessment: Assessment) -> None:
        with refused("registration_aim_known"):
            Registration.objects.update(aim="better")

    def test_state(self, assessment: Assessment) -> None:
        with refused("assessment_state_known"):
            Assessment.objects.update(state="lost", submitted_at=timezone.now())

    @pytest.mark.parametrize("state", [s for s in State if s not in (State.DRAFT, State.COUNCIL)])
    def test_submitted_has_its_time(self, assessment: Assessment, state: State) -> None:
        with refused("assessment_submitted_has_time"):
            Assessment.objects.update(state=state, submitted_at=None)

    @pytest.mark.parametrize("state", ["recognised", "not_recognised"])
    def test_decided_is_final(self, assessment: Assessment, state: str) -> None:
        factories.in_state(assessment, state)
        for change in ({"state": "appraisal"}, {"due_on": date(2030, 1, 1)}, {"version": 99}):
            with refused("is decided"):
                Assessment.objects.update(**change)
        with refused("is decided"):
            run("DELETE FROM assessments_assessment WHERE id = %s", assessment.pk)

    def test_minutes_votes(self, assessment: Assessment, leader: User) -> None:
        """Nobody is present twice; an approval that stands has its votes."""
        meeting = factories.meeting_over(assessment, leader)
        with refused("meeting_present_within_members"):
            CouncilMeeting.objects.filter(pk=meeting.pk).update(present=8)
        with refused("council_standing_is_approved"):
            CouncilItem.objects.create(meeting=meeting, assessment=assessment, outcome="approved", standing=True)
        with refused("meeting_text_nfc"):
            CouncilMeeting.objects.filter(pk=meeting.pk).update(place=NFD)


class TestVerdict:
    def test_once_per_layer(self, verdict_of: Any) -> None:
        verdict_of(stated="met", value="met")
        verdict_of(stated="met", value="met", layer="agency")
        with refused("verdict_once_per_layer"):
            verdict_of(stated="not_met", value="not_met")

    def test_not_applicable_has_a_reason(self, verdict_of: Any) -> None:
        verdict_of("nd-2.2.1", stated="not_applicable", value="not_applicable", note="Không có đất sản xuất")
        with refused("verdict_exempt_has_reason"):
            verdict_of("nd-2.2.2", stated="not_applicable", value="not_applicable")

    @pytest.mark.parametrize("layer", ["effective", "", "council"])
    def test_layers_that_answer(self, verdict_of: Any, layer: str) -> None:
        with refused("verdict_layer_answers"):
            verdict_of(layer=layer)

    @pytest.mark.parametrize("words", [{"stated": "perhaps"}, {"value": "perhaps"}])
    def test_known_words(self, verdict_of: Any, words: dict[str, str]) -> None:
        with refused("verdict_known"):
            verdict_of(**words)

    def test_note_is_nfc(self, verdict_of: Any) -> None:
        with refused("verdict_note_nfc"):
            verdict_of(note=NFD)

    @pytest.mark.parametrize("words", [{"stated": "occurs"}, {"value": "absent"}])
    @pytest.mark.parametrize("key", ["tc-1.3", "nd-1.1"])
    def test_criteria_and_items_do_not_occur(self, verdict_of: Any, key: str, words: dict[str, str]) -> None:
        with refused("does not fit"):
            verdict_of(key, **words)

    @pytest.mark.parametrize("words", [{"stated": "met"}, {"value": "not_met"}, {"value": "not_applicable"}])
    def test_cases_are_not_met(self, verdict_of: Any, words: dict[str, str]) -> None:
        with refused("does not fit"):
            verdict_of("th-1", **words)

    def test_cases_occur_or_not(self, verdict_of: Any) -> None:
        row = verdict_of("th-1", stated="occurs", value="occurs")
        with refused("does not fit"):
            Verdict.objects.filter(pk=row.pk).update(stated="met", value="met")

    def test_derived_is_not_stated(self, assessment: Assessment, verdict_of: Any) -> None:
        Verdict.objects.filter(entry__key="tc-4.1").delete()
        with refused("is derived"):
            verdict_of("tc-4.1", stated="met", value="met")
        row = verdict_of("tc-4.1", value="met")
        with refused("is derived"):
            Verdict.objects.filter(pk=row.pk).update(stated="met")

    def test_entry_of_another_set(self, verdict_of: Any) -> None:
        other = CriteriaSet.objects.create(
            code="2030", title="x", legal_basis="x", standard_percent=80, content_percent=80
        )
        section = Section.objects.create(criteria_set=other, kind="standard", number=1, name="x")
        foreign = Entry.objects.create(
            criteria_set=other, section=section, kind="criterion", key="tc-1.3", code="1.3", position=1, text="x"
        )
        with refused("is not of the criteria set"):
            verdict_of(entry=foreign, stated="met", value="met")
        row = verdict_of(stated="met", value="met")
        with refused("is not of the criteria set"):
            Verdict.objects.filter(pk=row.pk).update(entry=foreign)

    def test_figures(self, verdict_of: Any) -> None:
        row = verdict_of("tc-1.3")
        indicator = row.entry.indicators.get()
        figure = Figure.objects.create(verdict=row, indicator=indicator, numerator=98, denominator=98)
        with refused("figure_numerator_within_denominator"):
            Figure.objects.filter(pk=figure.pk).update(numerator=99)
        with refused("figure_once"):
            Figure.objects.create(verdict=row, indicator=indicator)
        with refused("numerator_check"):
            Figure.objects.filter(pk=figure.pk).update(numerator=-1)
        Figure.objects.filter(pk=figure.pk).update(numerator=500, denominator=None)

    def test_summary(self, assessment: Assessment) -> None:
        summary = Summary.objects.get(assessment=assessment, layer="self")
        with refused("summary_assessed_within"):
            Summary.objects.filter(pk=summary.pk).update(assessed=summary.to_assess + 1)
        summary.pk = None
        with refused("summary_once"):
            summary.save(force_insert=True)


class TestEvidence:
    FILE = {"file": "2025/01/a.pdf", "original_name": "a.pdf", "sha256": "0" * 64, "size": 10}

    def make(self, assessment: Assessment, officer: User, **values: Any) -> Evidence:
        return Evidence.objects.create(
            assessment=assessment, entry=entry(assessment, "tc-1.3"), layer="self", added_by=officer, **values
        )

    @pytest.mark.parametrize("missing", ["original_name", "sha256", "size", "file"])
    def test_file_is_described_completely(self, assessment: Assessment, officer: User, missing: str) -> None:
        values = {**self.FILE, missing: 0 if missing == "size" else ""}
        with refused("evidence_file_or_reference"):
            self.make(assessment, officer, **values)

    def test_neither_file_nor_reference(self, assessment: Assessment, officer: User) -> None:
        self.make(assessment, officer, reference="Biên bản số 5")
        with refused("evidence_file_or_reference"):
            self.make(assessment, officer)

    def test_file_once(self, assessment: Assessment, officer: User) -> None:
        first = self.make(assessment, officer, **self.FILE)
        with refused("evidence_file_once"):
            self.make(assessment, officer, **self.FILE)
        Evidence.objects.filter(pk=first.pk).update(removed_at=timezone.now(), removed_by=officer)
        self.make(assessment, officer, **self.FILE)

    @pytest.mark.parametrize("values", [{"reference": NFD}, {**FILE, "original_name": NFD}])
    def test_names_are_nfc(self, assessment: Assessment, officer: User, values: dict[str, Any]) -> None:
        with refused("evidence_names_nfc"):
            self.make(assessment, officer, **values)


class TestDecision:
    @pytest.fixture
    def decision(self, plan: Plan, home_affairs: User) -> Decision:
        return Decision.objects.create(
            plan=plan,
            number="1/QĐ-UBND",
            issued_on=date(2025, 12, 1),
            title="Công nhận",
            signer_title="CHỦ TỊCH",
            recorded_by=home_affairs,
        )

    def test_number_once(self, decision: Decision) -> None:
        decision.pk = None
        with refused("decision_number_once"):
            decision.save(force_insert=True)

    @pytest.mark.parametrize("number", ["", unicodedata.normalize("NFD", "2/QĐ-ỦBND")])
    def test_number(self, decision: Decision, number: str) -> None:
        with refused("decision_number_nfc"):
            Decision.objects.filter(pk=decision.pk).update(number=number)

    def test_confirmed_by_somebody(self, decision: Decision, city_leader: User) -> None:
        for values in ({"confirmed_at": timezone.now()}, {"confirmed_by": city_leader}):
            with refused("decision_confirmed_by_somebody"):
                Decision.objects.filter(pk=decision.pk).update(**values)

    def test_refusal_has_reasons(self, decision: Decision, assessment: Assessment) -> None:
        with refused("decision_refusal_has_reasons"):
            DecisionLine.objects.create(decision=decision, assessment=assessment, result="not_recognised")

    def test_unit_once_in_a_decision(self, decision: Decision, assessment: Assessment) -> None:
        DecisionLine.objects.create(decision=decision, assessment=assessment, result="recognised")
        with refused("decision_line_once"):
            DecisionLine.objects.create(decision=decision, assessment=assessment, result="recognised")


class TestEvents:
    def test_update_is_refused(self, assessment: Assessment) -> None:
        for change in ({"reason": "khác"}, {"data": {}}, {"actor": factories.CityLeaderFactory()}):
            with refused("events are append-only"):
                Event.objects.filter(assessment=assessment).update(**change)

    def test_delete_is_refused(self, assessment: Assessment) -> None:
        event = assessment.events.get()
        with refused("events are append-only"):
            event.delete()
        with refused("events are append-only"):
            run("DELETE FROM assessments_event")

    def test_changing_nothing_is_refused_too(self, assessment: Assessment) -> None:
        with refused("events are append-only"):
            assessment.events.get().save()

    def test_people_in_the_record_stay(self, assessment: Assessment, officer: User) -> None:
        with refused("foreign key constraint"):
            run("DELETE FROM accounts_user WHERE id = %s", officer.pk)
