"""The appraisal page for an agency's officer: the agency's entries and progress first, the rest one link away."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency, User
from assessments.models import Assessment, Plan, Verdict
from assessments.workflow import State
from tests import factories
from tests.assessments.agencies import assign, close, in_appraisal, judge
from tests.assessments.views.world import fingerprint, has_form, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

OWN = ("tc-1.2", "tc-1.3", "nd-2.2.1")
LEFT = "Còn {} mục của cơ quan chưa thẩm định"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def agency(plan: Plan) -> Agency:
    made: Agency = factories.AgencyFactory()
    assign(plan, made, *OWN[:2])
    assign(plan, made, OWN[2], position=2)
    return made


@pytest.fixture
def expert(agency: Agency, client: Client) -> User:
    made: User = factories.AgencyOfficerFactory(agency=agency)
    client.force_login(made)
    return made


@pytest.fixture
def dossier(officer: User, plan: Plan) -> Assessment:
    return in_appraisal(officer, plan)[0]


def address(dossier: Assessment, query: str = "") -> str:
    return reverse("assessments:appraise", args=[dossier.pk]) + query


def page_of(client: Client, dossier: Assessment, query: str = "") -> str:
    response = client.get(address(dossier, query))
    assert response.status_code == 200
    return main(response.content.decode())


def entries(page: str) -> list[str]:
    return re.findall(r'<article class="entry" id="[^"]*" data-key="([^"]*)"', page)


def groups(page: str) -> list[str]:
    return re.findall(r'<section class="group" id="([^"]*)"', page)


def save(client: Client, dossier: Assessment, key: str, query: str = "", *, htmx: bool = True) -> str:
    url = reverse("assessments:save", args=[dossier.pk, key]) + query
    data = {"layer": "agency", "stated": "met", "note": "", "version": 0}
    return client.post(url, data, headers=HTMX if htmx else {}).content.decode()


def test_only_the_agencys_entries_are_shown(client: Client, expert: User, dossier: Assessment) -> None:
    page = page_of(client, dossier)
    assert entries(page) == list(OWN)
    assert groups(page) == ["tieu-chuan-1", "noi-dung-2"]
    assert page.count('class="entry-form"') == 3
    nav = page.partition('id="sheet-nav"')[2].partition("</nav>")[0]
    assert re.findall(r'href="#([^"]*)"', nav) == ["tieu-chuan-1", "noi-dung-2"]
    assert "còn 2" in nav and "còn 1" in nav and "Không đảm bảo" not in nav
    assert "Chỉ mục của cơ quan (3)" in page and "Tất cả các mục (83)" in page


def test_the_progress_is_the_agencys(client: Client, expert: User, dossier: Assessment, home_affairs: User) -> None:
    assert LEFT.format(3) in page_of(client, dossier) and 'href="#tc-1-2" data-next-open' in page_of(client, dossier)
    judge(home_affairs, dossier, "tc-1.1", "met")  # nobody of the agency's business
    judge(expert, dossier, "tc-1.2", "met")
    page = page_of(client, dossier)
    assert LEFT.format(2) in page and 'href="#tc-1-3" data-next-open' in page
    assert '<progress max="3" value="1"' in page and "1/3" in page and "mục của cơ quan đã thẩm định" in page
    for key in OWN[1:]:
        judge(expert, dossier, key, "met")
    page = page_of(client, dossier)
    assert "data-next-open" not in page and "3/3" in page and page.count("✓ đã xong") == 2


def test_a_link_shows_everything(client: Client, expert: User, dossier: Assessment) -> None:
    [link] = re.findall(r'href="([^"]*muc=[^"]*)"', page_of(client, dossier))
    page = main(client.get(link).content.decode())
    assert len(entries(page)) == 84 and len(groups(page)) == 13
    assert page.count('class="entry-form"') == 3
    assert LEFT.format(3) in page, "the work stays the agency's"
    assert f'href="{address(dossier)}" data-after-saving>Chỉ mục của cơ quan' in page


def test_what_nobody_offers_is_the_agencys_view(client: Client, expert: User, dossier: Assessment) -> None:
    for value in ("", "khac", "%00", "1" * 500):
        assert entries(page_of(client, dossier, f"?muc={value}")) == list(OWN)


def test_saving_keeps_the_view(client: Client, expert: User, dossier: Assessment) -> None:
    changed = save(client, dossier, "tc-1.2")
    assert LEFT.format(2) in changed and "còn 1" in changed and 'href="#tieu-chuan-6"' not in changed
    assert 'id="s-tc-4-1"' not in changed, "a row that is not on the page is not sent"
    assert f'action="{reverse("assessments:save", args=[dossier.pk, "tc-1.3"])}?muc=tat-ca"' in page_of(
        client, dossier, "?muc=tat-ca"
    )
    changed = save(client, dossier, "tc-1.3", "?muc=tat-ca")
    assert LEFT.format(1) in changed and 'href="#tieu-chuan-6"' in changed and 'id="s-tc-4-1"' in changed


@pytest.mark.parametrize("query", ["", "?muc=tat-ca"])
def test_without_scripts_the_view_comes_back(client: Client, expert: User, dossier: Assessment, query: str) -> None:
    url = reverse("assessments:save", args=[dossier.pk, "tc-1.2"]) + query
    response = client.post(url, {"layer": "agency", "stated": "met", "version": 0})
    assert response.headers["Location"] == f"{address(dossier)}{query}#tc-1-2"
    assert Verdict.objects.get(layer="agency", entry__key="tc-1.2").value == "met"


def test_a_refusal_is_said_at_the_entry_whosever_it_is(client: Client, expert: User, dossier: Assessment) -> None:
    before = fingerprint()
    page = save(client, dossier, "tc-6.1", htmx=False)
    assert "không được phân công cho cơ quan của bạn" in page and "tc-6.1" in entries(page)
    assert fingerprint() == before


def test_read_after_the_agency_has_closed(client: Client, expert: User, agency: Agency, dossier: Assessment) -> None:
    for key in OWN[:2]:
        judge(expert, dossier, key, "met")
    close(expert, agency, dossier)
    page = page_of(client, dossier)
    assert entries(page) == list(OWN) and not has_form(page)
    factories.in_state(dossier, State.CONCLUDED)
    assert entries(page_of(client, dossier)) == list(OWN)


def test_others_see_everything_without_the_choice(
    client: Client, plan: Plan, agency: Agency, dossier: Assessment, home_affairs: User, city_leader: User
) -> None:
    """Home affairs too has entries of its own, and the work of all."""
    assert home_affairs.agency is not None
    assign(plan, home_affairs.agency, "tc-3.1")
    for user in (home_affairs, city_leader, factories.AgencyOfficerFactory()):
        client.force_login(user)
        page = page_of(client, dossier)
        assert len(entries(page)) == 84 and "Chỉ mục của cơ quan" not in page, user.role
    assert "Còn 83 mục chưa thẩm định" in page
    factories.in_state(dossier, State.CONCLUDED)
    client.force_login(home_affairs)
    assert len(entries(page_of(client, dossier))) == 84


def test_the_wards_own_page_stays_whole(client: Client, expert: User, dossier: Assessment) -> None:
    page = main(client.get(reverse("assessments:detail", args=[dossier.pk])).content.decode())
    assert len(entries(page)) == 84 and "Chỉ mục của cơ quan" not in page


def test_as_many_queries_for_one_entry_as_for_three(
    client: Client, expert: User, dossier: Assessment, plan: Plan
) -> None:
    def count(user: User) -> int:
        client.force_login(user)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page_of(client, dossier)
        return len(captured)

    single = factories.AgencyOfficerFactory()
    assign(plan, single.agency, "tc-2.1")
    count(expert)  # what is read once in a process is read
    assert count(single) == count(expert)
