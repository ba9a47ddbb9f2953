"""The page of assignments: everybody inside reads, home affairs changes, nothing is lost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Agency, User
from assessments import assigning
from assessments.models import Assignment, Event, Plan
from assessments.queries.assignments import stored_assignment
from tests import factories
from tests.assessments.agencies import assign
from tests.assessments.views.world import fingerprint, has_error, has_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

READERS = [
    "WardOfficer",
    "WardLeader",
    "UnitHead",
    "AgencyOfficer",
    "DelegationMember",
    "CityLeader",
    "FinancePlanning",
]


@pytest.fixture
def agencies(db: None) -> list[Agency]:
    return [factories.AgencyFactory(code=code, name=f"Cơ quan {code}") for code in ("y-te", "cong-an", "noi-vu")]


@pytest.fixture
def url(plan: Plan) -> str:
    return reverse("assessments:assignments", args=[plan.year])


@pytest.fixture
def fill_url(plan: Plan) -> str:
    return reverse("assessments:assignments_fill", args=[plan.year])


@pytest.fixture
def office(client: Client, home_affairs: User) -> User:
    client.force_login(home_affairs)
    return home_affairs


@pytest.mark.parametrize("role", READERS)
def test_everybody_inside_reads(client: Client, url: str, fill_url: str, agencies: Any, plan: Plan, role: str) -> None:
    assign(plan, agencies[0], "tc-1.1")
    client.force_login(getattr(factories, f"{role}Factory")())
    page = client.get(url).content.decode()
    assert "Cơ quan y-te" in page and not has_form(page)
    before = fingerprint()
    form = {"entry": "tc-1.1", "seen-tc-1.1": "y-te", "chu_tri": "cong-an"}
    assert client.post(url, form).status_code == client.post(fill_url).status_code == 404
    assert fingerprint() == before


def test_not_the_administrator(client: Client, url: str) -> None:
    client.force_login(factories.AdministratorFactory())
    assert client.get(url).status_code == 404


def test_several_entries_at_once(client: Client, url: str, office: User, agencies: Any, plan: Plan) -> None:
    form = {"entry": ["tc-1.1", "th-1"], "seen-tc-1.1": "", "chu_tri": "y-te", "phoi_hop": ["cong-an", "y-te"]}
    response = client.post(url, form, follow=True)
    assert "Đã đổi phân công 2 mục." in response.content.decode()
    assert stored_assignment(plan) == {"tc-1.1": ("y-te", "cong-an"), "th-1": ("y-te", "cong-an")}
    page = client.get(url).content.decode()
    assert "1.1: chưa phân công → Cơ quan y-te, Cơ quan cong-an" in page and str(office) in page


def test_a_refusal_keeps_what_was_chosen(client: Client, url: str, office: User, agencies: Any, plan: Plan) -> None:
    assign(plan, agencies[0], "tc-1.1")
    form = {"entry": ["tc-1.1", "tc-1.2"], "seen-tc-1.1": "", "chu_tri": "cong-an", "phoi_hop": ["noi-vu"]}
    response = client.post(url, form)
    page = response.content.decode()
    assert response.status_code == 422 and has_error(page) and "vừa đổi phân công mục 1.1" in page
    assert page.count("checked") == 3  # two entries and the helping agency
    assert '<option value="cong-an" selected' in page
    # The page shows what stands now; saved again it is a change on purpose.
    assert 'name="seen-tc-1.1" value="y-te"' in page
    assert client.post(url, form | {"seen-tc-1.1": "y-te"}).status_code == 302
    assert stored_assignment(plan)["tc-1.1"] == ("cong-an", "noi-vu")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"entry": "tc-1.1"},
        {"entry": "tc-1.1", "phoi_hop": "y-te"},
        {"entry": "tc-4.1", "chu_tri": "y-te"},
        {"entry": "tc-9.9", "chu_tri": "y-te"},
        {"entry": "\x00", "chu_tri": "y-te"},
        {"entry": "tc-1.1", "chu_tri": "<script>"},
        {"entry": "tc-1.1", "chu_tri": "\x00"},
        {"entry": "tc-1.1", "chu_tri": "y-te", "phoi_hop": ["x"] * 500},
    ],
)
def test_hostile_forms(client: Client, url: str, office: User, agencies: Any, form: dict[str, Any]) -> None:
    before = fingerprint()
    response = client.post(url, form)
    assert response.status_code == 422 and has_error(response.content.decode())
    assert fingerprint() == before


def test_a_new_plan_offers_both_ways(client: Client, url: str, fill_url: str, office: User, plan: Plan) -> None:
    for code in ("noi-vu", "kinh-te", "quan-ly-do-thi"):
        factories.AgencyFactory(code=code)
    page = client.get(url).content.decode()
    assert "83 mục chưa có cơ quan chủ trì" in page and "Dùng phân công mặc định" in page
    assert "Sao chép từ năm" not in page
    client.post(fill_url)
    assert len(stored_assignment(plan)) == 7 + 15 + 9  # what the three agencies have by default
    later = factories.PlanFactory()
    later_url = reverse("assessments:assignments", args=[later.year])
    assert f"Sao chép từ năm {plan.year}" in client.get(later_url).content.decode()
    client.post(reverse("assessments:assignments_fill", args=[later.year]), {"tu": "nam-truoc"})
    assert stored_assignment(later) == stored_assignment(plan)
    assert Event.objects.filter(plan=later, kind=Event.Kind.ASSIGNED, action="copy").count() == 1


def test_nothing_to_copy_is_said(client: Client, url: str, fill_url: str, office: User) -> None:
    page = client.post(fill_url, {"tu": "nam-truoc"}, follow=True).content.decode()
    assert "Chưa có năm trước nào có phân công" in page
    assert not Assignment.objects.exists()


def test_other_methods_and_years(client: Client, url: str, fill_url: str, office: User) -> None:
    assert client.get(fill_url).status_code == client.put(url).status_code == 405
    assert client.get(reverse("assessments:assignments", args=[1999])).status_code == 404


def test_the_same_number_of_queries(client: Client, url: str, office: User, agencies: Any, plan: Plan) -> None:
    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    def give(key: str) -> None:
        assigning.set_assignment(user=office, plan_id=plan.pk, seen={key: ()}, agencies=["y-te", "cong-an"])

    give("tc-1.1")
    one = cost()
    give("tc-1.2")
    give("tc-1.3")
    assert cost() == one <= 10
