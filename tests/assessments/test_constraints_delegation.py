"""The database's own rules on delegations, members and visits, tried past the deeds."""

from datetime import date, time
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from assessments.models import Assessment, Attachment, Delegation, DelegationMember, Plan, Visit
from assessments.workflow import State
from tests import factories
from tests.assessments import visits
from tests.database import refused, run

pytestmark = pytest.mark.django_db
NOT_NFC = "Đoa\u0300n"


@pytest.fixture
def delegation(home_affairs: User, plan: Plan) -> Delegation:
    return visits.found(home_affairs, plan)


@pytest.fixture
def visit(delegation: Delegation, assessment: Assessment) -> Visit:
    return Visit.objects.create(delegation=delegation, assessment=assessment)


def member(delegation: Delegation, **changes: Any) -> DelegationMember:
    given = {"full_name": "Thành viên", "job_title": "Chuyên viên", "role": "member"} | changes
    return DelegationMember.objects.create(delegation=delegation, **given)


def test_name_once_in_a_plan_and_never_empty(delegation: Delegation) -> None:
    again = {"plan": delegation.plan, "decision_number": "1", "decided_on": date(2025, 1, 1), "decided_by": "x"}
    with refused("delegation_name_once"):
        Delegation.objects.create(**again, name=delegation.name)
    with refused("delegation_text_nfc"):
        Delegation.objects.create(**again, name="")
    Delegation.objects.create(**again, name="Đoàn số 2")


@pytest.mark.parametrize("field", ["name", "decision_number", "task"])
def test_text_of_a_delegation_is_nfc(delegation: Delegation, field: str) -> None:
    with refused("delegation_text_nfc"):
        Delegation.objects.filter(pk=delegation.pk).update(**{field: NOT_NFC})


def test_members(delegation: Delegation, home_affairs: User) -> None:
    with refused("delegation_has_one_head"):
        member(delegation, role="head")
    with refused("delegation_member_role_known"):
        member(delegation, role="chief")
    member(delegation, user=home_affairs)
    with refused("delegation_member_once"):
        member(delegation, user=home_affairs)
    member(delegation)
    member(delegation)  # without accounts they may be many
    for changes in ({"full_name": ""}, {"full_name": NOT_NFC}, {"job_title": NOT_NFC}):
        with refused("delegation_member_nfc"):
            member(delegation, **changes)


def test_an_account_with_a_seat_stays(delegation: Delegation) -> None:
    user = factories.DelegationMemberFactory()
    member(delegation, user=user)
    with refused("accounts_user"):
        run("DELETE FROM accounts_user WHERE id = %s", user.pk)


def test_a_unit_in_one_delegation_only(visit: Visit, home_affairs: User) -> None:
    other = visits.found(home_affairs, visit.delegation.plan, name="Đoàn số 2")
    with refused("assessment_id"):
        Visit.objects.create(delegation=other, assessment=visit.assessment)


def test_closed_by_somebody_on_a_day(visit: Visit, home_affairs: User) -> None:
    now, rows = timezone.now(), Visit.objects.filter(pk=visit.pk)
    with refused("visit_closed_by_somebody"):
        rows.update(closed_at=now)
    with refused("visit_closed_by_somebody"):
        rows.update(closed_by=home_affairs)
    with refused("visit_closed_by_somebody"):
        rows.update(closed_at=now, closed_by=home_affairs)
    rows.update(closed_at=now, closed_by=home_affairs, held_on=date(2025, 9, 9))


def test_times_in_order(visit: Visit) -> None:
    with refused("visit_times_in_order"):
        Visit.objects.filter(pk=visit.pk).update(starts_at=time(9), ends_at=time(8))
    Visit.objects.filter(pk=visit.pk).update(starts_at=time(9), ends_at=time(9))


@pytest.mark.parametrize("field", ["place", "hosts", "findings", "proposals"])
def test_text_of_minutes_is_nfc(visit: Visit, field: str) -> None:
    with refused("visit_text_nfc"):
        Visit.objects.filter(pk=visit.pk).update(**{field: NOT_NFC})


def test_what_belongs_to_a_decided_dossier_stays(visit: Visit) -> None:
    factories.in_state(visit.assessment, State.RECOGNISED)
    with refused("final"):
        Visit.objects.filter(pk=visit.pk).update(findings="Khác")
    with refused("final"):
        run("DELETE FROM assessments_visit WHERE id = %s", visit.pk)


def test_a_signed_paper_of_one_thing(visit: Visit, home_affairs: User) -> None:
    given = {"file": "x.pdf", "original_name": "x.pdf", "content_type": "application/pdf", "size": 1}
    given |= {"added_by": home_affairs, "sha256": "a"}
    with refused("attachment_of_one_thing"):
        Attachment.objects.create(visit=visit, delegation=visit.delegation, **given)
    Attachment.objects.create(visit=visit, **given)
    with refused("attachment_once_in_visit"):
        Attachment.objects.create(visit=visit, **given)
