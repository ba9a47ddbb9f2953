"""Two daily commands at the same moment, and two acceptances: nobody is told or written to twice."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from accounts.models import User
from assessments import moving
from assessments.mailing import send_letters
from assessments.models import Assessment, Assignment, Event, Notice, Plan
from assessments.reminding import create
from assessments.verifying import verify
from assessments.workflow import State
from criteria.models import Entry
from tests import factories
from tests.assessments.parallel import REAL_TRANSACTIONS, SECONDS, at_once
from tests.assessments.roads import People, save, walk

pytestmark = REAL_TRANSACTIONS


def test_two_commands_create_each_reminder_once(officer: User, assessment: Assessment) -> None:
    results = at_once(*[lambda: create(date(2025, 3, 3))] * 3)
    assert not [r for r in results if isinstance(r, Exception)], results
    assert Notice.objects.filter(recipient=officer).count() == 1


def test_two_commands_send_one_letter(officer: User, leader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first is talking to the mail server, and passes by what it has locked."""
    for person in (officer, leader):
        User.objects.filter(pk=person.pk).update(email=f"{person.pk}@example.vn")
        Notice.objects.create(recipient=person, kind="waiting", text="Việc", url="/")
    inside, done = threading.Event(), threading.Event()
    honest: Callable[..., int] = EmailBackend.send_messages

    def slow(self: EmailBackend, messages: Any) -> int:
        if not inside.is_set():
            inside.set()
            assert done.wait(SECONDS)
        return honest(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", slow)
    results: list[Any] = []

    def first() -> None:
        results.append(send_letters())
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(SECONDS)
    second = send_letters()
    assert second.letters == 1, "only the person whose notices are free"
    done.set()
    thread.join(SECONDS)
    assert results[0].letters == 1
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [f"{officer.pk}@example.vn", f"{leader.pk}@example.vn"]
    )


def test_two_dossiers_accepted_at_once_make_one_notice(people: People, assessment: Assessment, plan: Plan) -> None:
    agency = factories.AgencyOfficerFactory()
    entry = Entry.objects.get(criteria_set=plan.criteria_set, key="tc-1.1")
    Assignment.objects.create(plan=plan, entry=entry, agency=agency.agency, position=1)
    other = factories.open_assessment(
        unit=factories.UnitFactory(ward=people.officer.ward), plan=plan, officer=people.officer
    )
    for one in (assessment, other):
        walk(people, one, State.SUBMITTED)
    results = at_once(
        lambda: moving.accept(user=people.home_affairs, assessment_id=assessment.pk),
        lambda: moving.accept(user=people.home_affairs, assessment_id=other.pk),
    )
    assert [type(r).__name__ for r in results] == ["Assessment"] * 2, results
    assert Notice.objects.filter(recipient=agency).count() == 1


def test_the_record_verifies_while_people_work(people: People, assessment: Assessment) -> None:
    """Verification reads one moment: what is written meanwhile is no fault."""
    keys = ["tc-1.1", "tc-1.2", "tc-1.3", "tc-2.1", "tc-2.2"]
    results = at_once(
        *[lambda key=key: save(people.officer, assessment, key, "met") for key in keys],  # type: ignore[misc]
        *[lambda: verify()] * 3,
    )
    assert not [r for r in results if isinstance(r, Exception)], results
    assert all(report.intact for report in results[len(keys) :])
    final = verify()
    assert final.intact and final.events == Event.objects.count() == 1 + len(keys)
