"""Pages of guidance: the list with its filters, the form that loses nothing, and beside the criteria."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.models import Assessment, Guidance, Plan
from assessments.year import guidance
from tests import factories
from tests.assessments import visits
from tests.assessments.agencies import assign, in_appraisal
from tests.assessments.views.year_parts import draft, entry_ids, publish
from tests.queries import MOST, cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> User:
    made: User = factories.AgencyOfficerFactory()
    return made


def page(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_list_by_agency_with_filters(client: Client, agent: User, plan: Plan, officer: User) -> None:
    publish(agent, plan, "Hướng dẫn họp dân", ("tc-1.1",))
    publish(agent, plan, "Hướng dẫn hộ nghèo", ("tc-2.1",))
    draft(agent, plan, "Bản nháp của cơ quan")
    url = reverse("assessments:guidance", args=[plan.year])
    shown = page(client, officer, url)
    assert "Hướng dẫn họp dân" in shown and "Hướng dẫn hộ nghèo" in shown
    assert "Bản nháp của cơ quan" not in shown and "Soạn hướng dẫn</a>" not in shown
    narrowed = page(client, officer, f"{url}?tieu-chi=tc-2.1")
    assert "Hướng dẫn hộ nghèo" in narrowed and "Hướng dẫn họp dân" not in narrowed
    assert "Không có hướng dẫn nào như vậy" in page(client, officer, f"{url}?trang-thai=withdrawn")
    mine = page(client, agent, f"{url}?trang-thai=draft")
    assert "Bản nháp của cơ quan" in mine and "Hướng dẫn họp dân" not in mine


def test_an_empty_year_says_what_to_do(client: Client, agent: User, plan: Plan, officer: User) -> None:
    url = reverse("assessments:guidance", args=[plan.year])
    assert "chọn tiêu chí rồi công bố" in page(client, agent, url)
    assert "Khi cơ quan công bố" in page(client, officer, url)


def test_nothing_typed_is_lost(client: Client, agent: User, plan: Plan) -> None:
    [ticked] = entry_ids(plan, "tc-3.1")
    client.force_login(agent)
    typed = {"agency": agent.agency_id, "text": "Chữ đã gõ", "valid_from": "2025-02-30", "entries": ticked}
    response = client.post(reverse("assessments:guidance_new", args=[plan.year]), typed)
    shown = response.content.decode()
    assert "Chữ đã gõ" in shown and "Ngày không hợp lệ" in shown
    assert f'value="{ticked}" checked' in shown
    assert not Guidance.objects.exists()


def test_a_stale_form_keeps_the_text_and_says_why(client: Client, agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    client.force_login(agent)
    typed = {"title": "Tên khác", "text": "Chữ của tôi", "valid_from": "2025-01-05", "version": made.version + 1}
    shown = client.post(reverse("assessments:guidance_edit", args=[made.pk]), typed).content.decode()
    assert "Chữ của tôi" in shown and "Người khác vừa sửa" in shown
    made.refresh_from_db()
    assert made.title != "Tên khác"


def test_beside_its_criteria_only(
    client: Client, agent: User, plan: Plan, officer: User, assessment: Assessment
) -> None:
    made = publish(agent, plan, "Hướng dẫn họp dân", ("tc-1.1", "tc-1.2"))
    shown = page(client, officer, reverse("assessments:detail", args=[assessment.pk]))
    assert shown.count(f"Hướng dẫn của {agent.agency}:") == 2
    assert 'target="_blank" rel="noopener">Mở trang laichau.gov.vn</a>' in shown
    Guidance.objects.filter(pk=made.pk).update(text="Câu dài. " * 60)
    shown = page(client, officer, reverse("assessments:detail", args=[assessment.pk]))
    assert "<details><summary>Câu dài." in shown
    Guidance.objects.filter(pk=made.pk).update(text="Câu dài. " * 800)
    again = page(client, officer, reverse("assessments:detail", args=[assessment.pk]))
    assert len(again) < len(shown) + 2000


def test_the_assessment_asks_once_for_guidance(
    client: Client, agent: User, plan: Plan, officer: User, assessment: Assessment
) -> None:
    client.force_login(officer)
    url = reverse("assessments:detail", args=[assessment.pk])
    without = cost(client, url)
    for number in range(3):
        publish(agent, plan, f"Hướng dẫn {number}", ("tc-1.1", "tc-2.1", "th-1"))
    assert cost(client, url) <= without + 2  # the bell, and no more
    assert cost(client, url) <= MOST["sheet"]


def cell_url(dossier: Assessment, key: str) -> str:
    return reverse("assessments:grid_cell", args=[dossier.plan.year, dossier.pk, key])


def test_beside_the_cell_of_the_grid(client: Client, agent: User, plan: Plan, officer: User) -> None:
    """What counts today, of that entry alone: no drafts, nothing withdrawn, replaced or still to come."""
    assert agent.agency is not None
    assign(plan, agent.agency, "tc-1.1", "tc-1.2")
    [dossier] = in_appraisal(officer, plan)
    url = cell_url(dossier, "tc-1.2")
    assert "entry-guidance" not in page(client, agent, url)
    publish(agent, plan, "Hướng dẫn <họp> dân", ("tc-1.2",))
    publish(agent, plan, "Của mục khác", ("tc-1.1",))
    draft(agent, plan, "Bản nháp")
    over = publish(agent, plan, "Đã thôi", ("tc-1.2",))
    guidance.withdraw(user=agent, guidance_id=over.pk, reason="Trùng", version=over.version)
    old = publish(agent, plan, "Bản cũ", ("tc-1.2",))
    fresh = guidance.renew(user=agent, guidance_id=old.pk, version=old.version)
    Guidance.objects.filter(pk=fresh.pk).update(title="Bản mới", number="")
    guidance.publish(user=agent, guidance_id=fresh.pk, version=fresh.version)
    coming = publish(agent, plan, "Chưa bắt đầu", ("tc-1.2",))
    Guidance.objects.filter(pk=coming.pk).update(valid_from=timezone.localdate() + timedelta(days=1))
    shown = page(client, agent, url)
    assert shown.count(f"Hướng dẫn của {agent.agency}:") == 2
    assert "Hướng dẫn &lt;họp&gt; dân" in shown and f"áp dụng từ 05/01/{plan.year}" in shown
    assert "Bản mới" in shown and "Mở trang laichau.gov.vn" in shown
    for title in ("Của mục khác", "Bản nháp", "Đã thôi", "Bản cũ", "Chưa bắt đầu"):
        assert title not in shown


def test_the_cell_asks_once_for_guidance(client: Client, agent: User, plan: Plan, officer: User) -> None:
    assert agent.agency is not None
    assign(plan, agent.agency, "tc-1.2")
    [dossier] = in_appraisal(officer, plan)
    client.force_login(agent)
    url, costs = cell_url(dossier, "tc-1.2"), []
    for number in range(4):
        costs.append(cost(client, url))
        publish(agent, plan, f"Hướng dẫn {number}", ("tc-1.2",))
    assert len(set(costs)) == 1 and costs[0] <= MOST["cell"]


def test_beside_the_entries_of_a_visit(client: Client, agent: User, plan: Plan, officer: User) -> None:
    [dossier] = in_appraisal(officer, plan)
    member = factories.DelegationMemberFactory()
    visit = visits.visit_to(factories.HomeAffairsFactory(), dossier, member)
    publish(agent, plan, "Hướng dẫn họp dân", ("tc-1.2",))
    shown = page(client, member, reverse("assessments:visit", args=[visit.pk]))
    assert shown.count(f"Hướng dẫn của {agent.agency}:") == 1
    assert f"áp dụng từ 05/01/{plan.year}" in shown.partition('data-key="tc-1.2"')[2].partition("</article>")[0]


def test_the_list_costs_the_same_for_many(client: Client, agent: User, plan: Plan, home_affairs: User) -> None:
    client.force_login(home_affairs)
    url, costs = reverse("assessments:guidance", args=[plan.year]), []
    for number in range(3):
        publish(agent, plan, f"Hướng dẫn {number}")
        costs.append(cost(client, url))
    assert costs[0] == costs[2] <= MOST["list"] + 2


def test_withdrawing_without_a_reason_stays_on_the_page(client: Client, agent: User, plan: Plan) -> None:
    made = publish(agent, plan)
    client.force_login(agent)
    url = reverse("assessments:guidance_withdraw", args=[made.pk])
    response = client.post(url, {"reason": " ", "version": made.version})
    assert response.status_code == 422 and "Cần ghi rõ lý do." in response.content.decode()
    made.refresh_from_db()
    assert (made.state, made.valid_from) == ("published", date(plan.year, 1, 5))


def test_without_a_file(client: Client, agent: User, plan: Plan) -> None:
    made = draft(agent, plan)
    client.force_login(agent)
    response = client.post(reverse("assessments:guidance_attach", args=[made.pk]), follow=True)
    assert "Chọn tệp của hướng dẫn rồi gửi lại. Nhận PDF, " in response.content.decode()


@pytest.mark.parametrize("link", ["không phải liên kết", "https://", "ftp://laichau.gov.vn/a", "javascript:alert(1)"])
def test_a_bad_link_is_told_once(client: Client, agent: User, plan: Plan, link: str) -> None:
    client.force_login(agent)
    typed = {"agency": agent.agency_id, "title": "Hướng dẫn", "valid_from": "2025-02-03", "link": link}
    response = client.post(reverse("assessments:guidance_new", args=[plan.year]), typed)
    assert len(response.context["form"].errors["link"]) == 1
    assert response.content.decode().count("Liên kết không hợp lệ") == 1 and link in response.content.decode()
