"""Plans, the list with its filters, and registering."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Plan, Registration
from assessments.workflow import State
from localities.models import Unit
from tests import factories
from tests.assessments.views.world import World, has_error, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

LIST, REGISTER = reverse("assessments:list", args=[2025]), reverse("assessments:register", args=[2025])


def names(response: Any) -> list[str]:
    return [row.registration.unit.name for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("of", ["Tổ 1"]), ("lf", ["Tổ 1"]), ("hd", ["Tổ 1"]), ("oo", ["Tổ 3", "Tổ 4"]), ("oh", ["Tổ 3"]),
        ("ag", ["Tổ 3", "Tổ 4"]), ("ha", ["Tổ 1", "Tổ 3", "Tổ 4"]), ("cl", ["Tổ 1", "Tổ 3", "Tổ 4"]),
        ("dm", []), ("fp", []), ("ad", []),
    ],
)  # fmt: skip
def test_everybody_sees_their_own(client: Client, world: World, role: str, seen: list[str]) -> None:
    client.force_login(world[role])
    response = client.get(LIST)
    assert sorted(names(response)) == seen
    page = main(response.content.decode())
    assert ("Đăng ký tổ dân phố, bản" in page) == (role in ("of", "oo"))
    for name in {"Tổ 1", "Tổ 3", "Tổ 4"} - set(seen):
        assert f">{name}<" not in page


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("trang_thai=draft", ["Tổ 1"]),
        ("trang_thai=proposed", ["Tổ 3", "Tổ 4"]),
        ("dang_ky=maintain", []),
        ("dang_ky=pilot", ["Tổ 4"]),
        ("ket_qua=chua", ["Tổ 3", "Tổ 4"]),
        ("ket_qua=dat", ["Tổ 1"]),
        ("tim=tổ+3", ["Tổ 3"]),
        ("tim=%25", []),
        ("xa={ward}", ["Tổ 1"]),
        ("xa={ward}&trang_thai=proposed", []),
    ],
)
def test_filters(client: Client, world: World, query: str, seen: list[str]) -> None:
    Registration.objects.filter(assessment=world.waiting).update(pilot=True)
    client.force_login(world["ha"])
    response = client.get(f"{LIST}?{query.format(ward=world.ward.pk)}")
    assert sorted(names(response)) == seen
    page = response.content.decode()
    assert "Bỏ lọc" in page and ("Không có hồ sơ nào khớp bộ lọc." in page) == (not seen)


def test_an_unknown_filter_says_so_and_filters_nothing(client: Client, world: World) -> None:
    client.force_login(world["ha"])
    response = client.get(f"{LIST}?trang_thai=la&xa=999")
    assert len(names(response)) == 3 and has_error(response.content.decode())


def test_a_ward_cannot_filter_by_another(client: Client, world: World) -> None:
    client.force_login(world["of"])
    response = client.get(f"{LIST}?xa={world.waiting.unit.ward_id}")
    assert names(response) == ["Tổ 1"] and has_error(response.content.decode())


def test_late_on_the_day_itself(client: Client, world: World, time_machine: Any) -> None:
    for day, late in (("2025-10-14", False), ("2025-10-15", True)):
        time_machine.move_to(f"{day} 12:00:00+07:00", tick=False)
        client.force_login(world["of"])
        page = client.get(LIST).content.decode()
        assert ("Quá hạn 15/10/2025" in page) == late
        assert len(names(client.get(f"{LIST}?ket_qua=qua_han"))) == late


def test_years_nobody_planned(client: Client, world: World) -> None:
    client.force_login(world["of"])
    for name in ("plan", "list", "register", "decision_list"):
        assert client.get(reverse(f"assessments:{name}", args=[2019])).status_code == 404


def test_plans(client: Client, world: World) -> None:
    client.force_login(world["fp"])
    page = client.get(reverse("assessments:plan_list")).content.decode()
    assert page.index(">2025<") < page.index(">2024<")
    page = client.get(reverse("assessments:plan", args=[2025])).content.decode()
    assert world.plan.number in page and "trước ngày 15/10/2025" in page


class TestRegister:
    def post(self, client: Client, unit: Unit, **more: Any) -> Any:
        return client.post(REGISTER, {"do": "register", "unit": unit.pk, f"aim-{unit.pk}": "new", **more}, follow=True)

    def test_page_offers_what_is_left(self, signed_in: Client, world: World) -> None:
        page = signed_in.get(REGISTER).content.decode()
        assert f'name="unit" value="{world.free_unit.pk}"' in page and f'value="{world.unit.pk}"' not in page
        assert f'href="/ho-so/{world.assessment.pk}/"' in page

    def test_registers(self, signed_in: Client, world: World) -> None:
        response = self.post(signed_in, world.free_unit, **{f"pilot-{world.free_unit.pk}": "1"})
        assert "Đã đăng ký 1 tổ dân phố, bản." in response.content.decode()
        made = Assessment.objects.get(registration__unit=world.free_unit)
        assert (made.state, made.registration.aim, made.registration.pilot) == (State.DRAFT, "new", True)
        assert made.registration.registered_by == world["of"]

    def test_not_in_a_closed_year(self, signed_in: Client, world: World) -> None:
        Plan.objects.filter(pk=world.plan.pk).update(status=Plan.Status.CLOSED)
        said = self.post(signed_in, world.free_unit).content.decode()
        assert "đã kết thúc nên không thay đổi được nữa" in said and "không đăng ký thêm được" in said
        assert 'value="register"' not in said
        assert not Assessment.objects.filter(registration__unit=world.free_unit).exists()
        listed = signed_in.get(reverse("assessments:list", args=[world.plan.year])).content.decode()
        assert REGISTER not in listed

    def test_colleague(self, client: Client, world: World) -> None:
        client.force_login(factories.WardOfficerFactory(ward=world.ward))
        assert "Đã đăng ký 1" in self.post(client, world.free_unit).content.decode()

    def test_stranger_and_readers(self, client: Client, world: World) -> None:
        for role in ("oo", "lf", "hd", "ha", "cl", "ad"):
            client.force_login(world[role])
            assert self.post(client, world.free_unit).status_code == 404
        assert not Assessment.objects.filter(registration__unit=world.free_unit).exists()

    def test_new_unit(self, signed_in: Client, world: World) -> None:
        data = {"do": "unit", "name": "  Bản\u00a0Mới ", "kind": "village"}
        response = signed_in.post(REGISTER, data, follow=True)
        assert "Đăng ký ở danh sách bên dưới." in response.content.decode()
        made = Unit.objects.latest("pk")
        assert (made.ward, made.kind, made.demonstration) == (world.ward, "village", False)
        again = signed_in.post(REGISTER, data)
        assert again.status_code == 200 and "đã có tổ dân phố, bản cùng tên" in again.content.decode()

    def test_nothing_chosen(self, signed_in: Client) -> None:
        response = signed_in.post(REGISTER, {"do": "register"})
        assert response.status_code == 200 and "Chưa chọn tổ dân phố, bản nào" in response.content.decode()
