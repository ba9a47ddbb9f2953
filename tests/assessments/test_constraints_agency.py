"""The database's own rules on assignments and agencies' reports, tried past every form and deed."""

import unicodedata
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Agency, User
from assessments.models import AgencyReport, AgencyReportLine, Assessment, Assignment, Plan
from assessments.workflow import State
from criteria.models import CriteriaSet, Entry
from tests import factories
from tests.database import refused, run

pytestmark = pytest.mark.django_db

NFD = unicodedata.normalize("NFD", "Trưởng phòng")


def entry(plan: Plan, key: str = "tc-1.1") -> Entry:
    return Entry.objects.get(criteria_set=plan.criteria_set_id, key=key)


@pytest.fixture
def agency(db: None) -> Agency:
    made: Agency = factories.AgencyFactory()
    return made


class TestAssignment:
    def test_agency_once_for_an_entry(self, plan: Plan, agency: Agency) -> None:
        Assignment.objects.create(plan=plan, entry=entry(plan), agency=agency, position=1)
        with refused("assignment_once"):
            Assignment.objects.create(plan=plan, entry=entry(plan), agency=agency, position=2)

    def test_one_responsible(self, plan: Plan, agency: Agency) -> None:
        Assignment.objects.create(plan=plan, entry=entry(plan), agency=agency, position=1)
        with refused("assignment_position_once"):
            Assignment.objects.create(plan=plan, entry=entry(plan), agency=factories.AgencyFactory(), position=1)

    def test_positions_count_from_one(self, plan: Plan, agency: Agency) -> None:
        with refused("assignment_position_counts_from_one"):
            Assignment.objects.create(plan=plan, entry=entry(plan), agency=agency, position=0)

    def test_entry_is_of_the_plans_table(self, plan: Plan, agency: Agency) -> None:
        other = CriteriaSet.objects.create(
            code="khac", version=1, title="Khác", standard_percent=80, content_percent=80
        )
        foreign = Entry.objects.create(
            criteria_set=other, key="th-9", code="9", kind="case", text="Trường hợp", position=1
        )
        with refused("is not of the criteria set"):
            Assignment.objects.create(plan=plan, entry=foreign, agency=agency, position=1)
        own = Assignment.objects.create(plan=plan, entry=entry(plan), agency=agency, position=1)
        with refused("is not of the criteria set"):
            run("UPDATE assessments_assignment SET entry_id = %s WHERE id = %s", foreign.pk, own.pk)


class TestReport:
    @pytest.fixture
    def make(self, assessment: Assessment, agency: Agency, home_affairs: User) -> Any:
        def make(**values: Any) -> AgencyReport:
            given = {
                "plan": assessment.plan,
                "agency": agency,
                "signed_on": timezone.localdate(),
                "signer_title": "Trưởng phòng",
                "signer_name": "Người ký",
                "closed_by": home_affairs,
                "closed_at": timezone.now(),
            }
            return AgencyReport.objects.create(**given | values)

        return make

    def test_reopened_with_a_reason(self, make: Any, home_affairs: User) -> None:
        for values in (
            {"reopened_at": timezone.now()},
            {"reopened_by": home_affairs},
            {"reopen_reason": "Xem lại"},
            {"reopened_at": timezone.now(), "reopened_by": home_affairs},
        ):
            with refused("agency_report_reopened_with_reason"):
                make(**values)
        make(reopened_at=timezone.now(), reopened_by=home_affairs, reopen_reason="Xem lại")

    @pytest.mark.parametrize("field", ["number", "signer_title", "signer_name", "remarks"])
    def test_texts_are_composed(self, make: Any, field: str) -> None:
        with refused("agency_report_text_nfc"):
            make(**{field: NFD})

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("number", "99/BC"),
            ("signer_name", "Khác"),
            ("remarks", "Khác"),
            ("figures", "{}"),
            ("closed_at", "2020-01-01"),
        ],
    )
    def test_what_was_signed_is_fixed(self, make: Any, column: str, value: str) -> None:
        made = make(figures={"units": 1})
        with refused("is fixed"):
            run(f"UPDATE assessments_agencyreport SET {column} = %s WHERE id = %s", value, made.pk)  # noqa: S608
        with refused("is fixed"):
            run("DELETE FROM assessments_agencyreport WHERE id = %s", made.pk)

    def test_a_dossier_once_in_a_report(self, make: Any, assessment: Assessment, agency: Agency) -> None:
        made = make()
        AgencyReportLine.objects.create(report=made, agency=agency, assessment=assessment, closed=False)
        with refused("agency_report_line_once"):
            AgencyReportLine.objects.create(report=made, agency=agency, assessment=assessment)

    def test_an_agency_closes_a_dossier_once(self, make: Any, assessment: Assessment, agency: Agency) -> None:
        AgencyReportLine.objects.create(report=make(), agency=agency, assessment=assessment, closed=False)
        AgencyReportLine.objects.create(report=make(), agency=agency, assessment=assessment)
        with refused("agency_closes_dossier_once"):
            AgencyReportLine.objects.create(report=make(), agency=agency, assessment=assessment)
        other = factories.AgencyFactory()
        AgencyReportLine.objects.create(report=make(agency=other), agency=other, assessment=assessment)

    def test_lines_only_open(self, make: Any, assessment: Assessment, agency: Agency, officer: User) -> None:
        line = AgencyReportLine.objects.create(report=make(), agency=agency, assessment=assessment)
        unit = factories.UnitFactory(ward=assessment.unit.ward)
        other = factories.open_assessment(unit=unit, plan=assessment.plan, officer=officer)
        with refused("is fixed"):
            run("UPDATE assessments_agencyreportline SET assessment_id = %s WHERE id = %s", other.pk, line.pk)
        with refused("is fixed"):
            run("DELETE FROM assessments_agencyreportline WHERE id = %s", line.pk)
        run("UPDATE assessments_agencyreportline SET closed = false WHERE id = %s", line.pk)

    @pytest.mark.parametrize("state", [State.RECOGNISED, State.NOT_RECOGNISED])
    def test_of_a_decided_dossier_nothing_changes(
        self, make: Any, assessment: Assessment, agency: Agency, state: State
    ) -> None:
        line = AgencyReportLine.objects.create(report=make(), agency=agency, assessment=assessment)
        factories.in_state(assessment, state)
        with refused("is decided"):
            run("UPDATE assessments_agencyreportline SET closed = false WHERE id = %s", line.pk)
        with refused("is decided"):
            AgencyReportLine.objects.create(report=make(), agency=agency, assessment=assessment, closed=False)
