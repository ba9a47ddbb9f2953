"""Which month the calendar opens at, and how far its arrows lead."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.models import Milestone, Plan

pytestmark = pytest.mark.django_db


def seen(client: Client, who: User, plan: Plan, month: str = "") -> dict[str, date | None]:
    """The month shown, and where the arrows lead."""
    client.force_login(who)
    response = client.get(reverse("assessments:calendar", args=[plan.year]), {"thang": month} if month else {})
    assert response.status_code == 200
    return {name: response.context[name] for name in ("first", "previous", "next")}


@pytest.fixture
def running(plan: Plan) -> Plan:
    """A plan of two years ago that nobody has closed, with one milestone in its June and one in the year after."""
    plan.milestones.all().delete()
    year = timezone.localdate().year - 2
    Plan.objects.filter(pk=plan.pk).update(year=year, issued_on=date(year, 1, 15))
    plan.refresh_from_db()
    Milestone.objects.create(plan=plan, duty=Milestone.Duty.HALF_YEAR_REPORT, before=date(year, 6, 20))
    Milestone.objects.create(plan=plan, duty=Milestone.Duty.YEARLY_REPORT, before=date(year + 1, 3, 10))
    return plan


def test_a_running_plan_opens_at_this_month(client: Client, officer: User, running: Plan) -> None:
    assert seen(client, officer, running)["first"] == timezone.localdate().replace(day=1)


def test_a_closed_one_at_its_first_milestone(client: Client, officer: User, running: Plan) -> None:
    Plan.objects.filter(pk=running.pk).update(status=Plan.Status.CLOSED)
    assert seen(client, officer, running)["first"] == date(running.year, 6, 1)


def test_the_arrows_lead_past_the_year_to_whatever_has_a_day(client: Client, officer: User, running: Plan) -> None:
    year, today = running.year, timezone.localdate().replace(day=1)
    assert seen(client, officer, running, f"{year}-12")["next"] == date(year + 1, 3, 1)
    assert seen(client, officer, running, f"{year + 1}-03") == {
        "first": date(year + 1, 3, 1),
        "previous": date(year, 12, 1),
        "next": today,
    }
    assert seen(client, officer, running, f"{year}-01")["previous"] is None
    assert seen(client, officer, running)["next"] is None


def test_back_to_this_month(client: Client, officer: User, running: Plan) -> None:
    address = reverse("assessments:calendar", args=[running.year])
    client.force_login(officer)
    found = re.findall(
        r'href="\?thang=([\d-]+)">Về tháng này', client.get(address, {"thang": f"{running.year}-06"}).text
    )
    assert found == [f"{timezone.localdate():%Y-%m}"]
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    assert "Về tháng này" not in client.get(address).text
    assert "Về tháng này" in client.get(address, {"thang": f"{last_month:%Y-%m}"}).text
