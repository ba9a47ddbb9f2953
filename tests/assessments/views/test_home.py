"""The first page says in one sentence what waits for this person, and leads there."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import moving
from assessments.models import Assessment, Plan
from assessments.workflow import State
from tests import factories
from tests.assessments.views.world import ROLES, World, main
from tests.assessments.year.handing_in import hand_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

HOME = reverse("assessments:home")
SENTENCES = {
    "of": "Còn 1 tổ dân phố, bản chưa gửi, hạn gần nhất: trước ngày 15/10/2025.",
    "hd": "Còn 1 tổ dân phố, bản chưa gửi, hạn gần nhất: trước ngày 15/10/2025.",
    "lf": "Không có hồ sơ nào chờ bạn. Còn 1 hồ sơ cán bộ đang tự đánh giá.",
    "oo": "Mọi hồ sơ năm 2025 đã gửi đi. Không có việc nào chờ bạn.",
    "ol": "Không có hồ sơ nào chờ bạn.",
    "oh": "Mọi hồ sơ năm 2025 đã gửi đi. Không có việc nào chờ bạn.",
    "ag": "Không có hồ sơ nào chờ cơ quan bạn thẩm định.",
    "dm": "Chưa có đoàn thẩm định nào được giao cho tài khoản này.",
    "ha": "0 hồ sơ chờ xử lý, 1 hồ sơ chờ ghi quyết định.",
    "cl": "1 quyết định chờ xác nhận.",
    "fp": "Chưa có dự toán năm 2025 nào chờ xử lý.",
    "ad": "Tài khoản này quản lý tài khoản và danh mục trong trang quản trị.",
}


def page(client: Client, who: Any) -> str:
    client.force_login(who)
    response = client.get(HOME)
    assert response.status_code == 200
    return main(response.content.decode())


@pytest.mark.parametrize("role", ROLES)
def test_sentence(client: Client, world: World, role: str) -> None:
    assert SENTENCES[role] in page(client, world[role])


def test_what_waits_leads_there(client: Client, world: World) -> None:
    move = reverse("assessments:move", args=[world.assessment.pk, "gui-hoi-dong"])
    assert f'href="{move}"' in page(client, world["of"])
    assert f'href="{reverse("assessments:detail", args=[world.assessment.pk])}"' in page(client, world["hd"])
    assert f'href="{reverse("assessments:decision_new", args=[2025])}"' in page(client, world["ha"])
    assert f'href="{reverse("assessments:decision", args=[world.decision.pk])}"' in page(client, world["cl"])
    factories.in_state(world.assessment, State.COUNCIL)
    found = page(client, world["lf"])
    assert "1 hồ sơ chờ hội đồng xã, phường thông qua." in found
    assert f'href="{reverse("assessments:detail", args=[world.assessment.pk])}"' in found
    factories.in_state(world.assessment, State.SUBMITTED)
    found = page(client, world["ha"])
    assert f'href="{reverse("assessments:appraise", args=[world.assessment.pk])}"' in found


@pytest.mark.parametrize(
    ("state", "duty", "officer_word", "leader_word"),
    [
        ("", "budget", "Lập dự toán", "Lập dự toán"),
        ("draft", "budget", "Lập tiếp dự toán", "Xem và gửi"),
        ("returned", "budget", "Sửa dự toán", "Sửa dự toán"),
        ("", "ward_plan", "Lập kế hoạch", "Lập kế hoạch"),
        ("draft", "ward_plan", "Soạn tiếp kế hoạch", "Xem và gửi"),
        ("returned", "ward_plan", "Sửa kế hoạch", "Sửa kế hoạch"),
        ("", "half_year_report", "Lập báo cáo", "Lập báo cáo"),
        ("draft", "half_year_report", "Soạn tiếp báo cáo", "Xem và gửi"),
        ("returned", "half_year_report", "Sửa báo cáo", "Sửa báo cáo"),
        ("returned", "yearly_report", "Sửa báo cáo", "Sửa báo cáo"),
    ],
)
def test_the_button_of_what_is_owed_is_named_by_its_state(
    client: Client, officer: Any, leader: Any, plan: Plan, state: str, duty: str, officer_word: str, leader_word: str
) -> None:
    factories.MilestoneFactory(plan=plan, duty=duty)
    if state:
        hand_in(duty, plan, officer, state=state)
    for who, word in ((officer, officer_word), (leader, leader_word)):
        button = re.search(
            r'<a class="btn[^>]*>([^<]*)<span class="visually-hidden"> [^<]* năm 2025<', page(client, who)
        )
        assert button and button[1] == word


def test_a_return_comes_with_its_reason(client: Client, world: World) -> None:
    factories.in_state(world.assessment, State.COUNCIL)
    moving.council_return(user=world["lf"], assessment_id=world.assessment.pk, reason="Thiếu biên bản <họp>")
    assert "Được trả lại: Thiếu biên bản &lt;họp&gt;" in page(client, world["of"])


@pytest.mark.parametrize("role", ["oo", "ol", "oh", "dm", "fp", "ad"])
def test_nobody_sees_another_wards_work(client: Client, world: World, role: str) -> None:
    found = page(client, world[role])
    assert world.unit.name not in found and f"/ho-so/{world.assessment.pk}/" not in found


def test_a_ward_without_registrations(client: Client, plan: Plan) -> None:
    found = page(client, factories.WardOfficerFactory())
    assert "Chưa có tổ dân phố, bản nào đăng ký năm 2025." in found
    assert f'href="{reverse("assessments:register", args=[2025])}"' in found


@pytest.mark.parametrize("maker", ["WardOfficer", "HomeAffairs", "CityLeader", "Administrator"])
def test_before_the_first_plan(client: Client, maker: str) -> None:
    assert "Chưa có kế hoạch năm nào" in page(client, getattr(factories, f"{maker}Factory")())


def test_twelve_lines_and_the_rest(client: Client, officer: Any, plan: Plan) -> None:
    for _ in range(14):
        factories.open_assessment(plan=plan, officer=officer)
    found = page(client, officer)
    assert found.count("<li>") == 12 and "Còn 3 việc nữa" in found
    assert Assessment.objects.count() == 14
