"""The table of who owes what: the letter is one click away, and writing its number down is a page of its own."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Event, Plan
from tests import factories
from tests.reports import data

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(plan: Plan) -> Plan:
    data.city_authority()
    factories.MilestoneFactory(plan=plan, duty="ward_plan", before=date(2025, 3, 20))
    return plan


def test_each_letter_is_one_click_away(late: Plan, officer: User, home_affairs: User, client: Client) -> None:
    client.force_login(home_affairs)
    page = client.get(reverse("assessments:duties", args=[late.year])).content.decode()
    subject = f"{late.pk}-{officer.ward_id}"
    for code, of in (("cong-van-don-doc-xa-phuong", subject), ("cong-van-don-doc", late.pk)):
        url = reverse("reports:paper_file", args=[code, of, "pdf"])
        assert f'href="{url}"' in page
        given = client.get(url)
        assert given.status_code == 200 and given["Content-Type"] == "application/pdf"
    assert not Event.objects.filter(plan=late).exists()
    assert reverse("assessments:duties_ward_letter", args=[late.year, officer.ward_id]) in page


def test_the_ward_sees_no_letter(late: Plan, officer: User, client: Client) -> None:
    client.force_login(officer)
    page = client.get(reverse("assessments:duties", args=[late.year])).content.decode()
    assert "cong-van-don-doc" not in page


def test_too_early_a_day_leaves_what_was_typed(late: Plan, officer: User, home_affairs: User, client: Client) -> None:
    client.force_login(home_affairs)
    url = reverse("assessments:duties_ward_letter", args=[late.year, officer.ward_id])
    body = {"number": "51/PNV", "sent_on": "2025-03-19"}
    page = client.post(url, body).content.decode()
    assert "chưa có việc nào quá hạn" in page and 'value="51/PNV"' in page and "2025-03-19" in page
    assert client.post(url, body | {"ahead": "on"}).status_code == 302
    assert Event.objects.filter(plan=late, action="reminded").count() == 1
