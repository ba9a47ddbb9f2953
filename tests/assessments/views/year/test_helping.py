"""Pages of helping agencies: the list with totals, several units at once, and what was done."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments.models import Helping, HelpingDeed, Plan
from assessments.year import helping
from localities.models import Unit
from tests import factories
from tests.queries import MOST, cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> User:
    made: User = factories.AgencyOfficerFactory()
    return made


def assigned(home_affairs: User, agent: User, plan: Plan, unit: Unit, **deed: object) -> Helping:
    assert agent.agency_id is not None
    [row] = helping.assign(user=home_affairs, plan_id=plan.pk, agency_id=agent.agency_id, unit_ids=[unit.pk])
    if deed:
        helping.add_deed(user=agent, helping_id=row.pk, **deed)  # type: ignore[arg-type]
    return row


def done(plan: Plan, worth: int | None = None) -> dict[str, object]:
    return {"done_on": date(plan.year, 2, 3), "content": "Tặng thùng rác", "worth": worth}


def page(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_list_with_totals_and_who_is_idle(
    client: Client, home_affairs: User, agent: User, plan: Plan, unit: Unit, officer: User
) -> None:
    idle, elsewhere = factories.AgencyOfficerFactory(), factories.UnitFactory()
    assigned(home_affairs, agent, plan, unit, **done(plan, 12_500_000))
    assigned(home_affairs, agent, plan, elsewhere, **done(plan, 1_000_000))
    assigned(home_affairs, idle, plan, unit)
    url = reverse("assessments:helping", args=[plan.year])
    shown = page(client, home_affairs, url)
    assert "13.500.000" in shown and f"Chưa ghi việc giúp đỡ nào: {idle.agency}." in shown
    of_ward = page(client, officer, url)
    assert "12.500.000" in of_ward and "13.500.000" not in of_ward and str(elsewhere) not in of_ward
    assert "1.000.000" not in page(client, home_affairs, f"{url}?xa={unit.ward.code}")
    quiet = page(client, home_affairs, f"{url}?viec=chua")
    assert "Tặng thùng rác" not in quiet and f"giúp đỡ {unit}</span>" in quiet


def test_an_empty_year(client: Client, home_affairs: User, plan: Plan, officer: User) -> None:
    url = reverse("assessments:helping", args=[plan.year])
    assert "Phân công cơ quan rồi chọn" in page(client, home_affairs, url)
    assert "Khi thành phố phân công" in page(client, officer, url)


def test_finance_finds_no_dead_links(client: Client, home_affairs: User, agent: User, plan: Plan, unit: Unit) -> None:
    row = assigned(home_affairs, agent, plan, unit)
    who, own = factories.FinancePlanningFactory(), reverse("assessments:unit", args=[unit.pk])
    assert own not in page(client, who, reverse("assessments:helping", args=[plan.year]))
    assert own not in page(client, who, reverse("assessments:helping_detail", args=[row.pk]))
    assert own in page(client, agent, reverse("assessments:helping", args=[plan.year]))


def test_no_unit_ticked_loses_nothing(client: Client, home_affairs: User, agent: User, plan: Plan) -> None:
    client.force_login(home_affairs)
    typed = {"agency": agent.agency_id, "focus": "Vệ sinh môi trường"}
    shown = client.post(reverse("assessments:helping_assign", args=[plan.year]), typed).content.decode()
    assert "Chọn ít nhất một tổ dân phố, bản." in shown and "Vệ sinh môi trường" in shown
    assert not Helping.objects.exists()


@pytest.mark.parametrize("worth", ["-1", "12,5", "5 triệu", "1.50", "9" * 20])
def test_a_worth_that_is_none(
    client: Client, home_affairs: User, agent: User, plan: Plan, unit: Unit, worth: str
) -> None:
    row = assigned(home_affairs, agent, plan, unit)
    client.force_login(agent)
    typed = {"done_on": f"{plan.year}-02-03", "content": "Việc đã gõ", "worth": worth}
    response = client.post(reverse("assessments:helping_deed", args=[row.pk]), typed)
    shown = response.content.decode()
    assert response.status_code == 422 and "Việc đã gõ" in shown and f'value="{worth}"' in shown
    assert not HelpingDeed.objects.exists()


def test_a_worth_as_people_write_it(client: Client, home_affairs: User, agent: User, plan: Plan, unit: Unit) -> None:
    row = assigned(home_affairs, agent, plan, unit)
    client.force_login(agent)
    for worth, stored in (("12.500.000", 12_500_000), ("12500000", 12_500_000), ("", None), ("0", 0)):
        typed = {"done_on": f"{plan.year}-02-03", "content": "Việc", "worth": worth}
        client.post(reverse("assessments:helping_deed", args=[row.pk]), typed)
        assert HelpingDeed.objects.latest("pk").worth == stored


def test_the_unit_page_tells_who_helps(
    client: Client, home_affairs: User, agent: User, plan: Plan, unit: Unit, officer: User
) -> None:
    url = reverse("assessments:unit", args=[unit.pk])
    assert "Cơ quan giúp đỡ" not in page(client, officer, url)
    assigned(home_affairs, agent, plan, unit, **done(plan, 7_000))
    shown = page(client, officer, url)
    assert str(agent.agency) in shown and "trị giá 7.000 đồng" in shown


def test_lists_cost_the_same_for_many(
    client: Client, home_affairs: User, agent: User, plan: Plan, unit: Unit, officer: User
) -> None:
    client.force_login(officer)
    urls = [reverse("assessments:helping", args=[plan.year]), reverse("assessments:unit", args=[unit.pk])]
    costs = []
    for number in range(3):
        helper = agent if not number else factories.AgencyOfficerFactory()
        assigned(home_affairs, helper, plan, unit, **done(plan, 5))
        costs.append([cost(client, url) for url in urls])
    assert costs[0] == costs[2]
    assert max(costs[0]) <= MOST["other"]
