"""The database's own rules on events, notices and signed papers, one test for each constraint by its name."""

import hashlib
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts.models import Agency, User
from assessments.models import (
    AgencyReport,
    Assessment,
    Attachment,
    BudgetDecision,
    BudgetEstimate,
    CommendationDecision,
    CommunityModel,
    CouncilMeeting,
    Decision,
    Delegation,
    Event,
    Guidance,
    Notice,
    Plan,
    Submission,
    Visit,
    WardPlan,
    YearReport,
)
from assessments.models.attachment import TARGETS
from tests import factories
from tests.database import refused, run

pytestmark = pytest.mark.django_db


def with_guards_off(sql: str, *values: object) -> None:
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE assessments_event DISABLE TRIGGER USER")
    run(sql, *values)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("ALTER TABLE assessments_event ENABLE TRIGGER USER")


COPY = (
    "INSERT INTO assessments_event (assessment_id, plan_id, sequence, previous_hash, hash, kind, action, layer,"
    " from_state, to_state, reason, data, actor_id, at) SELECT assessment_id, plan_id, sequence, previous_hash, hash,"
    " kind, action, layer, from_state, to_state, reason, data, actor_id, at FROM assessments_event WHERE id = %s"
)


class TestEvent:
    def test_known_kind(self, assessment: Assessment, officer: User) -> None:
        with refused("event_kind_known"):
            Event.objects.create(assessment=assessment, kind="rumour", actor=officer)

    def test_of_one_thing(self, assessment: Assessment, officer: User) -> None:
        with refused("event_of_one_thing"):
            Event.objects.create(assessment=assessment, plan=assessment.plan, kind="moved", actor=officer)
        with refused("event_of_one_thing"):
            Event.objects.create(kind="moved", actor=officer)

    def test_in_order(self, assessment: Assessment) -> None:
        event = assessment.events.get()
        with refused("event_in_order"):
            with_guards_off(COPY, event.pk)

    def test_plan_in_order(self, plan: Plan, home_affairs: User) -> None:
        event = Event.objects.create(plan=plan, kind="assigned", actor=home_affairs)
        with refused("plan_event_in_order"):
            with_guards_off(COPY, event.pk)

    def test_append_only(self, assessment: Assessment) -> None:
        event = assessment.events.get()
        with refused("append-only"):
            Event.objects.filter(pk=event.pk).update(reason="khác")
        with refused("append-only"):
            event.delete()

    def test_chained_by_the_database(self, assessment: Assessment, officer: User) -> None:
        """event_chained: also for rows written past the models."""
        first = assessment.events.get()
        run(COPY, first.pk)
        second = assessment.events.get(sequence=2)
        assert second.previous_hash == first.hash and second.hash != first.hash


def notice(person: User, **facts: Any) -> Notice:
    return Notice.objects.create(**{"recipient": person, "kind": "waiting", "text": "x", "url": "/"} | facts)


class TestNotice:
    def test_told_once(self, officer: User, leader: User) -> None:
        notice(officer, key="dip-1")
        notice(leader, key="dip-1")
        with refused("notice_told_once"):
            notice(officer, key="dip-1")
        notice(officer)
        notice(officer)  # without an occasion as often as it happens

    def test_known_kind(self, officer: User) -> None:
        with refused("notice_kind_known"):
            notice(officer, kind="gossip")

    def test_goes_with_its_person_but_keeps_its_dossier(self, officer: User, assessment: Assessment) -> None:
        other = factories.WardLeaderFactory()
        notice(other, assessment=assessment)
        other.delete()
        assert not Notice.objects.exists()


@pytest.fixture
def owners(assessment: Assessment, home_affairs: User) -> dict[str, Any]:
    """One of each thing that can have a signed paper."""
    plan, ward, today, now = assessment.plan, assessment.unit.ward, timezone.localdate(), timezone.now()
    agency: Agency = factories.AgencyFactory()
    delegation = Delegation.objects.create(
        plan=plan, name="Đoàn 1", decision_number="1/QĐ", decided_on=today, decided_by="UBND"
    )
    return {
        "meeting": CouncilMeeting.objects.create(
            ward=ward, plan=plan, held_on=today, place="x", members_total=9, present=9, recorded_by=home_affairs
        ),
        "visit": Visit.objects.create(delegation=delegation, assessment=assessment),
        "delegation": delegation,
        "report": AgencyReport.objects.create(
            plan=plan, agency=agency, signed_on=today, signer_title="Trưởng phòng", signer_name="x",
            closed_by=home_affairs, closed_at=now,
        ),
        "decision": Decision.objects.create(
            plan=plan, number="1/QĐ-UBND", issued_on=today, title="x", signer_title="CHỦ TỊCH", recorded_by=home_affairs
        ),
        "submission": Submission.objects.create(
            ward=ward, plan=plan, number=1, submitted_by=home_affairs, submitted_at=now
        ),
        **_of_the_year(plan, ward, agency, assessment, home_affairs),
    }  # fmt: skip


def _of_the_year(plan: Any, ward: Any, agency: Agency, assessment: Assessment, user: User) -> dict[str, Any]:
    signed = {"number": "1/QĐ-UBND", "issued_on": timezone.localdate(), "title": "x", "signer_title": "CHỦ TỊCH"}
    return {
        "city_plan": plan,
        "ward_plan": WardPlan.objects.create(plan=plan, ward=ward),
        "estimate": BudgetEstimate.objects.create(plan=plan, ward=ward),
        "budget_decision": BudgetDecision.objects.create(plan=plan, recorded_by=user, **signed),
        "guidance": Guidance.objects.create(plan=plan, agency=agency, title="x", valid_from=timezone.localdate()),
        "community_model": CommunityModel.objects.create(
            unit=assessment.unit, kind="group", name="x", since=timezone.localdate(), added_by=user
        ),
        "year_report": YearReport.objects.create(plan=plan, period="half", ward=ward),
        "commendation_decision": CommendationDecision.objects.create(plan=plan, recorded_by=user, **signed),
    }


def paper(user: User, content: str = "a", **facts: Any) -> Attachment:
    given = {
        "file": "x.pdf", "original_name": "Biên bản.pdf", "content_type": "application/pdf", "size": 1,
        "sha256": hashlib.sha256(content.encode()).hexdigest(), "added_by": user,
    }  # fmt: skip
    return Attachment.objects.create(**given | facts)


class TestAttachment:
    def test_of_one_thing(self, owners: dict[str, Any], home_affairs: User) -> None:
        with refused("attachment_of_one_thing"):
            paper(home_affairs)
        with refused("attachment_of_one_thing"):
            paper(home_affairs, meeting=owners["meeting"], decision=owners["decision"])
        for target in TARGETS:
            paper(home_affairs, **{target: owners[target]})

    @pytest.mark.parametrize("name", ["attachment_once_in_meeting", "attachment_once_in_visit",
                                      "attachment_once_in_delegation", "attachment_once_in_report",
                                      "attachment_once_in_decision", "attachment_once_in_submission",
                                      "attachment_once_in_city_plan", "attachment_once_in_ward_plan",
                                      "attachment_once_in_estimate", "attachment_once_in_budget_decision",
                                      "attachment_once_in_guidance", "attachment_once_in_community_model",
                                      "attachment_once_in_year_report",
                                      "attachment_once_in_commendation_decision"])  # fmt: skip
    def test_once_in_each(self, owners: dict[str, Any], home_affairs: User, name: str) -> None:
        target = name.removeprefix("attachment_once_in_")
        paper(home_affairs, **{target: owners[target]})
        paper(home_affairs, "b", **{target: owners[target]})
        with refused(name):
            paper(home_affairs, **{target: owners[target]})

    @pytest.mark.parametrize(
        "wrong", [{"original_name": "Bie\u0302n ba\u0309n.pdf"}, {"original_name": ""}, {"sha256": ""}]
    )
    def test_named(self, owners: dict[str, Any], home_affairs: User, wrong: dict[str, str]) -> None:
        with refused("attachment_named_nfc"):
            paper(home_affairs, decision=owners["decision"], **wrong)

    def test_kept_as_it_came(self, owners: dict[str, Any], home_affairs: User) -> None:
        made = paper(home_affairs, decision=owners["decision"])
        with refused("is append-only"):
            Attachment.objects.filter(pk=made.pk).update(original_name="khác.pdf")
        with refused("is append-only"):
            made.delete()


@pytest.mark.parametrize("model", [Event, Notice, Attachment])
def test_every_constraint_has_its_test(model: Any) -> None:
    """By name, so that a new one without a test fails here."""
    from pathlib import Path

    text = Path(__file__).read_text()
    assert [c.name for c in model._meta.constraints if c.name not in text] == []
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(f"INSERT INTO {model._meta.db_table} (id) VALUES (1)")  # noqa: S608
