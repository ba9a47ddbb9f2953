"""Recording, confirming and dropping the decision that commends."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.models import Attachment, Commendation, CommendationDecision, Notice, Plan
from assessments.queries.year.commendations import awards_of, unconfirmed
from assessments.year import commendation_decisions as deeds
from tests import factories, files
from tests.assessments.roads import People
from tests.assessments.year.commending import accepted, decide, propose

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(people: People, plan: Plan) -> Commendation:
    return accepted(people.leader, people.home_affairs, plan)


def test_recording(people: People, row: Commendation) -> None:
    made = decide(people.home_affairs, row)
    assert row.decision == made and row.state == "accepted"
    assert Notice.objects.filter(recipient=people.city_leader, kind="commendation").count() == 1
    assert [d.pk for d in unconfirmed(people.city_leader)] == [made.pk]
    assert not unconfirmed(people.leader)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "QĐ-UBND"}, "number"),
        ({"number": ""}, "number"),
        ({"title": " "}, "title"),
        ({"issued_on": timezone.localdate() + timedelta(days=1)}, "issued_on"),
        ({"issued_on": date(2019, 1, 1)}, "issued_on"),
    ],
)
def test_what_a_paper_cannot_be(people: People, row: Commendation, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        decide(people.home_affairs, row, **changes)  # type: ignore[arg-type]
    assert caught.value.field == field and not CommendationDecision.objects.exists()


def test_the_same_number_twice(people: People, plan: Plan, row: Commendation) -> None:
    decide(people.home_affairs, row)
    other = accepted(people.leader, people.home_affairs, plan, name="Tổ bảo vệ")
    with pytest.raises(InvalidInput, match="cùng số") as caught:
        decide(people.home_affairs, other)
    assert caught.value.field == "number"


def test_only_accepted_rows_once(people: People, plan: Plan, row: Commendation) -> None:
    with pytest.raises(Refusal):
        decide(people.leader, row)
    with pytest.raises(Commendation.DoesNotExist):
        decide(people.home_affairs, propose(people.officer, plan, name="Chưa gửi"))
    decide(people.home_affairs, row)
    with pytest.raises(Refusal, match="quyết định khác"):
        decide(people.home_affairs, row, number="78/QĐ-UBND")


def test_changing_the_list(people: People, plan: Plan, row: Commendation) -> None:
    other = accepted(people.leader, people.home_affairs, plan, name="Tổ bảo vệ")
    made = decide(people.home_affairs, row)
    version = made.version
    deeds.record(user=people.home_affairs, plan_id=plan.pk, decision=made, ids=[other.pk], version=version)
    row.refresh_from_db()
    assert row.decision is None and list(made.commendations.all()) == [other]
    with pytest.raises(Stale):
        deeds.record(user=people.home_affairs, plan_id=plan.pk, decision=made, ids=[row.pk], version=version)
    with pytest.raises(InvalidInput):
        deeds.record(user=people.home_affairs, plan_id=plan.pk, decision=made, ids=[])


def test_confirming(people: People, plan: Plan) -> None:
    """The proposer and the ward whose unit is commended are told; an agency may have proposed it."""
    agency, unit = factories.AgencyOfficerFactory(), factories.UnitFactory(ward=people.officer.ward)
    row = accepted(agency, people.home_affairs, plan, unit=unit)
    made = decide(people.home_affairs, row)
    with pytest.raises(Refusal):
        deeds.confirm(user=people.home_affairs, pk=made.pk)
    with pytest.raises(Stale):
        deeds.confirm(user=people.city_leader, pk=made.pk, version=made.version + 1)
    deeds.confirm(user=people.city_leader, pk=made.pk, version=made.version)
    row.refresh_from_db()
    assert row.state == "awarded" and list(awards_of(unit)) == [row]
    told = Notice.objects.filter(text__contains="khen thưởng " + row.name)
    assert {notice.recipient for notice in told} == {agency, people.officer, people.leader}
    count = Notice.objects.count()
    deeds.confirm(user=people.city_leader, pk=made.pk)  # again changes nothing
    assert Notice.objects.count() == count
    with pytest.raises(Refusal, match="đã được xác nhận"):
        deeds.record(user=people.home_affairs, plan_id=plan.pk, decision=made, ids=[row.pk])
    with pytest.raises(Refusal, match="đã được xác nhận"):
        deeds.drop(user=people.home_affairs, pk=made.pk)


def test_dropping(people: People, row: Commendation) -> None:
    made = decide(people.home_affairs, row)
    with pytest.raises(Refusal):
        deeds.drop(user=people.city_leader, pk=made.pk)
    deeds.drop(user=people.home_affairs, pk=made.pk, version=made.version)
    row.refresh_from_db()
    assert row.decision is None and row.state == "accepted" and not CommendationDecision.objects.exists()
    assert not Notice.objects.filter(recipient=people.city_leader)


def test_the_signed_paper(people: People, row: Commendation) -> None:
    made = decide(people.home_affairs, row)
    with pytest.raises(Refusal):
        deeds.attach(user=people.leader, pk=made.pk, file=files.upload("qd.pdf", files.pdf()))
    deeds.attach(user=people.home_affairs, pk=made.pk, file=files.upload("qd.pdf", files.pdf()))
    assert Attachment.objects.get().commendation_decision == made
    with pytest.raises(Refusal, match="bản ký đính kèm"):
        deeds.drop(user=people.home_affairs, pk=made.pk)
