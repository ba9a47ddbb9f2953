"""All papers of a plan on one page: what each person finds, filters, and the same few questions to the database."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from assessments.models import Assessment, Plan
from assessments.workflow import State
from reports import menus, plan_papers, readiness, registry
from reports.registry import About
from tests import factories
from tests.assessments.roads import People, council_of, meet
from tests.assessments.views.world import World, build
from tests.assessments.year import budget
from tests.assessments.year.budget import City
from tests.assessments.year.commending import accepted
from tests.assessments.year.handing_in import hand_in

pytestmark = pytest.mark.django_db

URL = reverse("reports:papers_of_plan", args=[2025])


@pytest.fixture
def world() -> World:
    return build(State.APPRAISAL, with_parts=True)


def parts_of(client: Client, query: str = "") -> dict[str, str]:
    """The page's parts by their code."""
    response = client.get(URL + query)
    assert response.status_code == 200
    pieces = re.split(r'<h2 id="([^"]+)">', response.content.decode())
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


FOUND = {
    "of": {"xa-phuong", "to-ban", "hoi-dong", "gui-thanh-pho", "co-so", "quyet-dinh"},
    "lf": {"xa-phuong", "to-ban", "hoi-dong", "gui-thanh-pho", "co-so", "quyet-dinh"},
    "hd": {"to-ban", "co-so", "quyet-dinh"},
    "oo": {"xa-phuong", "to-ban", "quyet-dinh"},
    "ag": {"xa-phuong", "to-ban", "quyet-dinh"},
    "dm": {"to-ban", "co-so", "quyet-dinh"},
    "ha": {"thanh-pho", "xa-phuong", "to-ban", "hoi-dong", "gui-thanh-pho", "co-so", "quyet-dinh"},
    "cl": {"thanh-pho", "xa-phuong", "to-ban", "hoi-dong", "gui-thanh-pho", "co-so", "quyet-dinh"},
}


@pytest.mark.parametrize("role", FOUND)
def test_what_each_finds(world: World, client: Client, role: str) -> None:
    client.force_login(world[role])
    assert FOUND[role] <= set(parts_of(client))


def test_every_link_opens_for_its_reader(world: World, client: Client) -> None:
    for role in FOUND:
        client.force_login(world[role])
        links = set(re.findall(r'href="(/van-ban/[^"]+/)"', client.get(URL).content.decode()))
        assert links
        for link in links:
            assert client.get(link).status_code in (200, 302), (role, link)  # or it is ordered


def test_a_ward_sees_nothing_of_another(world: World, client: Client) -> None:
    client.force_login(world["oo"])
    page = client.get(URL).content.decode()
    assert world.ward.name not in page and f"/van-ban/phieu-danh-gia/{world.assessment.pk}/" not in page


def test_the_administrator_finds_no_such_page(world: World, client: Client) -> None:
    client.force_login(world["ad"])
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("year", [1999, 99999])
def test_a_year_without_a_plan(world: World, client: Client, year: int) -> None:
    client.force_login(world["ha"])
    assert client.get(reverse("reports:papers_of_plan", args=[year])).status_code == 404
    assert client.post(URL).status_code == 405


def test_an_empty_year_says_what_comes_first(world: World, client: Client) -> None:
    factories.PlanFactory(year=2027)
    client.force_login(world["oo"])
    page = client.get(reverse("reports:papers_of_plan", args=[2027])).content.decode()
    # The ward's tables are there from the first day; of units there is nothing yet.
    assert 'id="to-ban"' not in page
    client.force_login(world["hd"])
    page = client.get(reverse("reports:papers_of_plan", args=[2027])).content.decode()
    assert 'id="thanh-pho"' in page and 'id="to-ban"' not in page, "everybody reads the city's plan"


def test_filters(world: World, client: Client) -> None:
    client.force_login(world["ha"])
    assert set(parts_of(client, "?phan=hoi-dong")) == {"hoi-dong"}
    one = parts_of(client, f"?xa={world.ward.pk}")
    assert "thanh-pho" not in one and "Thử Nghiệm B" not in one["to-ban"] and "Thử Nghiệm A" in one["to-ban"]
    found = parts_of(client, "?tim=Tổ 22")
    named = Assessment.objects.filter(registration__plan=world.plan, registration__unit__name__icontains="Tổ 22")
    assert set(found) == {"to-ban"} and found["to-ban"].count("<tr>") == 1 + named.count() > 1  # with the heading
    nothing = client.get(URL + "?tim=khong-co-gi").content.decode()
    assert "Không có văn bản nào khớp bộ lọc" in nothing and "Bỏ lọc" in nothing


@pytest.mark.parametrize(
    "query", ["?phan=x", "?xa=abc", "?xa=99999999", "?trang=-5", "?phan=to-ban&trang=x", "?tim=%00"]
)
def test_hostile_filters(world: World, client: Client, query: str) -> None:
    client.force_login(world["ha"])
    assert client.get(URL + query).status_code == 200


def test_a_ward_cannot_choose_another(world: World, client: Client) -> None:
    client.force_login(world["of"])
    page = client.get(f"{URL}?xa={world.waiting.unit.ward.pk}").content.decode()
    assert "notice-error" in page and "Thử Nghiệm B" not in page


def test_long_parts_are_shown_at_a_glance_and_by_pages(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_papers, "AT_A_GLANCE", 2)
    monkeypatch.setattr(plan_papers, "PAGE", 3)
    client.force_login(world["of"])
    glance = parts_of(client)["to-ban"]
    assert "(4)" in glance and glance.count("<tr>") == 3 and "?phan=to-ban" in glance and "Xem cả 4" in glance
    first = parts_of(client, "?phan=to-ban")["to-ban"]
    assert first.count("<tr>") == 4 and "Trang 1/2" in first
    assert parts_of(client, "?phan=to-ban&trang=2")["to-ban"].count("<tr>") == 2


@pytest.mark.parametrize("role", ["of", "ha", "dm"])
def test_as_many_queries_for_more_rows(world: World, client: Client, role: str) -> None:
    client.force_login(world[role])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        return len(queries)

    asked()  # sessions and what is kept for a minute
    before = asked()
    for number in range(2):
        unit = factories.UnitFactory(ward=world.ward, name=f"Tổ {60 + number}")
        made = factories.open_assessment(unit=unit, plan=world.plan, officer=world["of"])
        factories.in_state(made, State.COUNCIL)
        council_of(world["lf"])
        meet(world["lf"], made)
    assert asked() == before


def test_the_plan_leads_here(world: World, client: Client) -> None:
    client.force_login(world["of"])
    assert URL in client.get(reverse("assessments:plan", args=[2025])).content.decode()


def test_a_long_list_stands_under_titles_and_loses_nothing(world: World, client: Client) -> None:
    """Every paper of a plan or of a ward in it has its topic, so that a new one is given one."""
    topics = plan_papers._TOPIC_OF
    codes = {paper.code for paper in registry.PAPERS if paper.about in (About.PLAN, About.WARD_PLAN)}
    assert set(topics) == codes
    client.force_login(world["ha"])
    page = parts_of(client)["thanh-pho"]
    shown = set(re.findall(r'href="/van-ban/([^"/]+)/[0-9-]+/"', page))
    early = readiness.Readiness(world["ha"], world.plan).early(About.PLAN, world.plan)
    assert shown == {paper.code for paper in registry.offered(world["ha"], About.PLAN, world.plan)} - early
    titles = re.findall(r'<p class="small-print mb-0[^"]*">([^<]+)</p>', page)
    assert len(titles) > 4 and plan_papers.OTHERS not in titles
    few = plan_papers.Row("Tổ 1", "", menus.links(world["of"], About.ASSESSMENT, world.assessment))
    assert [title for title, _ in few.groups] == [""]


def links_of(client: Client, year: int = 2025) -> set[tuple[str, str]]:
    """Code and subject of every paper that the year's page offers."""
    page = client.get(reverse("reports:papers_of_plan", args=[year])).content.decode()
    return set(re.findall(r'href="/van-ban/([^"/]+)/([0-9-]+)/"', page))


def codes(client: Client, year: int = 2025) -> set[str]:
    return {code for code, _ in links_of(client, year)}


def test_letters_are_offered_where_something_is_owed(home_affairs: User, officer: User, client: Client) -> None:
    plan, silent = factories.PlanFactory(year=2025), factories.WardFactory()
    client.force_login(home_affairs)
    assert not codes(client) & readiness.LETTERS, "the plan names no day: nothing is owed by one"
    factories.MilestoneFactory(plan=plan, duty="ward_plan", before=date(2025, 3, 20))
    hand_in("ward_plan", plan, officer, on=date(2025, 3, 1))
    with time_machine.travel("2025-03-19 03:00:00+00:00", tick=False):
        client.force_login(home_affairs)
        found = links_of(client)
        assert ("cong-van-don-doc-xa-phuong", f"{plan.pk}-{silent.pk}") in found
        assert ("cong-van-don-doc-xa-phuong", f"{plan.pk}-{officer.ward_id}") not in found
        assert ("cong-van-don-doc", str(plan.pk)) not in found, "nobody is late yet"
    with time_machine.travel("2025-03-20 03:00:00+00:00", tick=False):
        client.force_login(home_affairs)
        assert ("cong-van-don-doc", str(plan.pk)) in links_of(client)


def test_what_nothing_was_done_for_yet_is_not_offered(people: People, plan: Plan, client: Client) -> None:
    town = City(plan)
    factories.open_assessment(unit=town.unit, plan=plan, officer=town.officer)
    submissions = {"to-trinh-cong-nhan", "du-thao-quyet-dinh", "to-trinh-kinh-phi"}
    client.force_login(people.home_affairs)
    assert not codes(client, plan.year) & {*submissions, "de-nghi-khen-thuong"}
    assert "bang-tham-dinh-kinh-phi" in codes(client, plan.year)
    town.appraised()
    accepted(town.leader, people.home_affairs, plan)
    found = links_of(client, plan.year)
    assert ("to-trinh-kinh-phi", str(plan.pk)) in found
    assert {subject for code, subject in found if code == "de-nghi-khen-thuong"} == {f"{plan.pk}-{town.ward.pk}"}
    factories.in_state(factories.open_assessment(plan=plan), State.PROPOSED)
    assert submissions <= codes(client, plan.year)


def test_the_submission_is_offered_until_all_is_decided(people: People, plan: Plan, client: Client) -> None:
    town = City(plan)
    decision = budget.decided(town.finance, plan, town.appraised())
    client.force_login(people.home_affairs)
    assert "to-trinh-kinh-phi" in codes(client, plan.year)
    budget.confirmed(town.head, decision)
    assert "to-trinh-kinh-phi" not in codes(client, plan.year)


def menu(client: Client, name: str, *args: object) -> set[str]:
    """The codes that the page itself offers."""
    return set(re.findall(r'href="/van-ban/([^"/]+)/', client.get(reverse(name, args=args)).content.decode()))


def test_the_menus_of_pages_offer_nothing_too_early(people: People, plan: Plan, client: Client) -> None:
    town = City(plan)
    early = {"to-trinh-kinh-phi", "to-trinh-cong-nhan", "du-thao-quyet-dinh"}
    client.force_login(people.home_affairs)
    for name in ("plan", "decision_list", "budget"):
        assert not menu(client, f"assessments:{name}", plan.year) & early
    assert "bang-tham-dinh-kinh-phi" in menu(client, "assessments:budget", plan.year)
    client.force_login(town.leader)
    assert "de-nghi-khen-thuong" not in menu(client, "assessments:commendations", plan.year)
    town.appraised()
    accepted(town.leader, people.home_affairs, plan)
    factories.in_state(factories.open_assessment(plan=plan), State.PROPOSED)
    assert "de-nghi-khen-thuong" in menu(client, "assessments:commendations", plan.year)
    client.force_login(people.home_affairs)
    assert early <= menu(client, "assessments:plan", plan.year)


def test_the_menus_of_one_page_ask_once(people: People, plan: Plan) -> None:
    agencies = [factories.AgencyFactory() for _ in range(3)]
    page = readiness.Page()
    with CaptureQueriesContext(connection) as queries:
        for agency in agencies:
            early = page.early(people.home_affairs, About.AGENCY_WORK, (plan, agency))
            assert early == {"de-nghi-khen-thuong-co-quan"}
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert not page.early(people.home_affairs, About.PLAN, plan, ["bieu-so-lieu"])
        assert not len(queries)
        for _ in range(3):
            assert len(page.early(people.home_affairs, About.PLAN, plan)) == 3
    assert len(queries) == 1
