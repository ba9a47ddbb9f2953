"""The unit's page and its yearly figures."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import recognition
from assessments.models import Figure, Plan
from assessments.workflow import State
from localities.models import UnitYear
from tests import factories
from tests.assessments.roads import counted, save
from tests.assessments.views.world import World, has_error, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]


def address(world: World, year: int = 2025) -> str:
    return reverse("assessments:unit_year", args=[world.unit.pk, year])


def post(client: Client, world: World, version: int = 0, **data: Any) -> Any:
    return client.post(address(world), {"version": version, "households": 130, "persons": 500, **data})


class TestPage:
    def test_every_year_and_every_decision(self, client: Client, world: World) -> None:
        client.force_login(world["ha"])
        page = client.get(reverse("assessments:unit", args=[world.unit.pk])).content.decode()
        assert page.index("Năm 2025") < page.index("Năm 2024") and "120 hộ, 480 nhân khẩu" in page
        unit = world.decision.lines.get().assessment.unit
        url = reverse("assessments:unit", args=[unit.pk])
        assert "12/QĐ-UBND" not in client.get(url).content.decode(), "nobody confirmed it yet"
        recognition.confirm_decision(user=world["cl"], decision_id=world.decision.pk)
        page = client.get(url).content.decode()
        assert "Quyết định số 12/QĐ-UBND" in page and "Không công nhận" in page

    def test_agencies_open_no_drafts(self, client: Client, world: World) -> None:
        client.force_login(world["ag"])
        page = client.get(reverse("assessments:unit", args=[world.unit.pk])).content.decode()
        assert "Mở hồ sơ" not in page

    def test_strangers(self, client: Client, world: World) -> None:
        for role in ("oo", "ol", "oh", "dm", "fp", "ad"):
            client.force_login(world[role])
            assert client.get(reverse("assessments:unit", args=[world.unit.pk])).status_code == 404

    def test_only_the_ward_edits(self, client: Client, world: World) -> None:
        for role, edits in {"of": True, "hd": True, "lf": False, "ha": False, "cl": False}.items():
            client.force_login(world[role])
            page = main(client.get(reverse("assessments:unit", args=[world.unit.pk])).content.decode())
            assert (f"{address(world)}?next=" in page) == edits

    def test_not_registered_yet(self, signed_in: Client, world: World) -> None:
        page = signed_in.get(reverse("assessments:unit", args=[world.free_unit.pk])).content.decode()
        assert "Chưa có hồ sơ năm nào" in page


class TestYear:
    def test_saves_and_returns_where_one_came_from(self, signed_in: Client, world: World) -> None:
        response = post(signed_in, world, next=f"/to-dan-pho/{world.unit.pk}/")
        assert response.url == f"/to-dan-pho/{world.unit.pk}/"
        assert "Đã lưu số liệu năm 2025 của Tổ 1." in signed_in.get(response.url).content.decode()
        year = UnitYear.objects.get(unit=world.unit, year=2025)
        assert (year.households, year.persons, year.version) == (130, 500, 1)

    def test_the_head_too(self, client: Client, world: World) -> None:
        client.force_login(world["hd"])
        assert post(client, world).url == f"/ho-so/{world.assessment.pk}/"

    def test_the_same_again(self, signed_in: Client, world: World) -> None:
        for _ in range(2):
            assert post(signed_in, world).status_code == 302
        assert UnitYear.objects.get(unit=world.unit, year=2025).version == 1

    def test_answers_follow(self, signed_in: Client, world: World) -> None:
        save(world["of"], world.assessment, "tc-4.4", counted("met", ho_nep_song_van_minh=110), 1)
        post(signed_in, world)
        assert Figure.objects.get(indicator__key="ho-nep-song-van-minh").denominator == 130
        response = post(signed_in, world, version=1, households=100)
        assert response.status_code == 200
        assert "Mục 4.4 đã ghi 110 hộ, lớn hơn tổng số hộ mới (100)" in response.content.decode()

    def test_somebody_was_faster(self, signed_in: Client, client: Client, world: World) -> None:
        post(signed_in, world)
        response = post(signed_in, world, households=99)
        page = response.content.decode()
        assert "Người khác vừa sửa số liệu năm" in page and "Số đang lưu: 130." in page
        assert 'value="99"' in page, "what was typed stays"
        assert post(signed_in, world, version=1, households=99).status_code == 302

    def test_after_sending(self, signed_in: Client, world: World) -> None:
        factories.in_state(world.assessment, State.COUNCIL)
        response = post(signed_in, world)
        assert has_error(response.content.decode()) and "đã gửi đi" in response.content.decode()
        assert UnitYear.objects.get(unit=world.unit, year=2025).households == 120

    def test_history_here_and_in_the_plans_record(self, signed_in: Client, world: World) -> None:
        post(signed_in, world)
        for name, argument in (("unit", world.unit.pk), ("profiles", 2025)):
            page = main(signed_in.get(reverse(f"assessments:{name}", args=[argument])).content.decode())
            assert f"Số liệu năm 2025 của {world.unit}" in page and "Tổng số hộ: 120 → 130" in page
        signed_in.force_login(world["ha"])
        record = signed_in.get(reverse("assessments:plan_record", args=[2025])).content.decode()
        assert f"Số liệu năm 2025 của {world.unit}" in record
        signed_in.force_login(world["oo"])
        page = signed_in.get(reverse("assessments:profiles", args=[2025])).content.decode()
        assert "Số liệu năm 2025 của" not in page, "another ward's figures"

    def test_a_closed_year(self, signed_in: Client, world: World) -> None:
        Plan.objects.filter(pk=world.plan.pk).update(status=Plan.Status.CLOSED)
        assert signed_in.get(address(world)).headers["Location"] == reverse("assessments:unit", args=[world.unit.pk])
        page = post(signed_in, world).content.decode()
        assert has_error(page) and "đã kết thúc" in page and 'value="130"' in page
        assert address(world) not in signed_in.get(reverse("assessments:unit", args=[world.unit.pk])).content.decode()
        assert UnitYear.objects.get(unit=world.unit, year=2025).households == 120

    def test_bad_places(self, signed_in: Client, world: World) -> None:
        assert signed_in.get(address(world, 2019)).status_code == 404
        foreign = reverse("assessments:unit_year", args=[world.waiting.unit.pk, 2025])
        assert signed_in.get(foreign).status_code == signed_in.post(foreign, {"version": 0}).status_code == 404

    def test_next_is_text(self, signed_in: Client, world: World) -> None:
        page = signed_in.get(address(world), {"next": '"><script>alert(1)</script>'}).content.decode()
        assert "<script>alert(1)" not in page
