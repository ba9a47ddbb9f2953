"""The main menu on the pages of a plan's year."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Plan
from assessments.views.year.menu import PARTS
from tests import factories
from tests.assessments.views.year_parts import publish

pytestmark = pytest.mark.django_db


def current(client: Client, who: User, url: str) -> list[str]:
    """The marked entries of the main menu."""
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == 200, url
    menu = response.content.decode().partition('<nav class="site-nav"')[2].partition("</nav>")[0]
    assert "Kế hoạch</a>" in menu
    return re.findall(r'aria-current="page">([^<]+)</a>', menu)


@pytest.mark.parametrize("part", [part.url_name for part in PARTS])
def test_every_part_of_the_year_stands_under_plans(client: Client, home_affairs: User, plan: Plan, part: str) -> None:
    assert current(client, home_affairs, reverse(f"assessments:{part}", args=[plan.year])) == ["Kế hoạch"]


@pytest.mark.parametrize(
    "name", ["agency_list", "assignments", "council", "delegations", "plan_record", "register", "submissions"]
)
def test_other_pages_about_the_year_too(
    client: Client, home_affairs: User, officer: User, plan: Plan, name: str
) -> None:
    who = officer if name in ("council", "register", "submissions") else home_affairs
    assert current(client, who, reverse(f"assessments:{name}", args=[plan.year])) == ["Kế hoạch"]


def test_a_page_without_the_year_in_its_address(client: Client, home_affairs: User, plan: Plan) -> None:
    made = publish(factories.AgencyOfficerFactory(), plan)
    assert current(client, home_affairs, reverse("assessments:guidance_detail", args=[made.pk])) == ["Kế hoạch"]
    papers = reverse("reports:papers_of_plan", args=[plan.year])
    assert current(client, home_affairs, papers) == ["Kế hoạch"]


@pytest.mark.parametrize(
    ("name", "entry"), [("list", "Hồ sơ"), ("appraisal_list", "Kết luận"), ("decision_list", "Quyết định")]
)
def test_entries_of_their_own_keep_their_mark(
    client: Client, home_affairs: User, plan: Plan, name: str, entry: str
) -> None:
    assert current(client, home_affairs, reverse(f"assessments:{name}", args=[plan.year])) == [entry]


def test_elsewhere_nothing_is_marked(client: Client, home_affairs: User, plan: Plan) -> None:
    assert "Kế hoạch" not in current(client, home_affairs, reverse("assessments:home"))
    client.force_login(home_affairs)
    assert client.get("/khong-co/").status_code == 404
