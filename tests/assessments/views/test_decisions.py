"""Decisions on the screen: recorded, corrected, confirmed, taken back, read by everybody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import recognition
from assessments.models import Assessment, Decision
from assessments.workflow import State
from localities.models import Authority
from tests import factories
from tests.assessments.views.world import World, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

NEW, LIST = (reverse(f"assessments:{name}", args=[2025]) for name in ("decision_new", "decision_list"))


def address(world: World, name: str = "") -> str:
    return reverse(f"assessments:decision{name}", args=[world.decision.pk])


def paper(world: World, **changes: Any) -> dict[str, Any]:
    given = {
        "number": "77/QĐ-UBND",
        "issued_on": timezone.localdate(),
        "title": "Công nhận",
        "signer_title": "CHỦ TỊCH",
    }
    return given | {"assessment": [world.waiting.pk]} | changes


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.force_login(world["ha"])
    return client


@pytest.fixture
def head_of_city(world: World) -> Client:
    client = Client()
    client.force_login(world["cl"])
    return client


class TestRecord:
    def test_form_offers_what_waits(self, office: Client, world: World) -> None:
        Authority.objects.create(
            name="UBND", place_name="Lai Châu", home_affairs_name="Phòng Nội vụ", home_affairs_symbol="PNV",
            signer_authority="TM. UBND", signer_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH",
        )  # fmt: skip
        page = office.get(NEW).content.decode()
        assert f'name="assessment" value="{world.waiting.pk}" checked' in page
        assert "KT. CHỦ TỊCH" in page and "PHÓ CHỦ TỊCH" in page
        assert page.count('name="assessment"') == 1, "what stands in another decision is not offered"

    def test_records(self, office: Client, world: World) -> None:
        response = office.post(NEW, paper(world), follow=True)
        page = response.content.decode()
        assert "Đã ghi Quyết định số 77/QĐ-UBND" in page and "Chờ lãnh đạo thành phố xác nhận" in page
        made = Decision.objects.get(number="77/QĐ-UBND")
        assert (made.recorded_by, made.lines.get().assessment) == (world["ha"], world.waiting)
        assert Assessment.objects.get(pk=world.waiting.pk).state == State.PROPOSED

    def test_what_was_typed_stays(self, office: Client, world: World) -> None:
        page = office.post(NEW, paper(world, number="12/QĐ-UBND", title="Về <việc>")).content.decode()
        assert "đã có quyết định cùng số" in page and "Về &lt;việc&gt;" in page

    def test_nothing_waits(self, office: Client, world: World) -> None:
        office.post(NEW, paper(world))
        assert "Chưa có hồ sơ đã trình nào chờ quyết định." in office.get(NEW).content.decode()

    @pytest.mark.parametrize("role", ["of", "lf", "hd", "ag", "dm", "cl", "fp", "ad"])
    def test_nobody_else(self, client: Client, world: World, role: str) -> None:
        client.force_login(world[role])
        for url in (NEW, address(world, "_edit")):
            assert client.get(url).status_code == client.post(url, paper(world)).status_code == 404
        assert Decision.objects.count() == 1


class TestCorrect:
    def test_corrects(self, office: Client, world: World) -> None:
        page = office.get(address(world, "_edit")).content.decode()
        assert 'value="12/QĐ-UBND"' in page and 'name="version" value="1"' in page
        response = office.post(address(world, "_edit"), paper(world, number="13/QĐ-UBND", version=1))
        assert response.url == address(world)
        world.decision.refresh_from_db()
        assert (world.decision.number, world.decision.version) == ("13/QĐ-UBND", 2)
        assert world.decision.lines.get().assessment == world.waiting

    def test_a_colleague_was_faster(self, office: Client, world: World) -> None:
        office.post(address(world, "_edit"), paper(world, number="13/QĐ-UBND", version=1))
        page = office.post(address(world, "_edit"), paper(world, number="14/QĐ-UBND", version=1)).content.decode()
        assert "Người khác vừa sửa quyết định này" in page and 'value="14/QĐ-UBND"' in page

    def test_takes_back(self, office: Client, world: World) -> None:
        page = office.post(address(world, "_drop"), follow=True).content.decode()
        assert "Đã bỏ quyết định chưa xác nhận." in page and not Decision.objects.exists()
        assert office.post(address(world, "_drop")).status_code == 404

    def test_not_after_the_confirmation(self, office: Client, world: World) -> None:
        recognition.confirm_decision(user=world["cl"], decision_id=world.decision.pk)
        assert office.get(address(world, "_edit")).status_code == 404
        assert office.post(address(world, "_edit"), paper(world)).status_code == 404
        page = office.post(address(world, "_drop"), follow=True).content.decode()
        assert "Quyết định đã được xác nhận nên không sửa được" in page
        assert "Bỏ quyết định này" not in page and ">Sửa<" not in page


class TestConfirm:
    def test_confirms(self, head_of_city: Client, world: World) -> None:
        page = head_of_city.get(address(world)).content.decode()
        assert "Xác nhận quyết định</button>" in page and ">Sửa<" not in page
        for _ in range(2):  # the second press changes nothing
            response = head_of_city.post(address(world, "_confirm"), {"version": 1}, follow=True)
            assert "Đã xác nhận Quyết định số 12/QĐ-UBND" in response.content.decode()
        assert "Xác nhận quyết định</button>" not in response.content.decode()
        assert world.decision.lines.get().assessment.state == State.NOT_RECOGNISED

    def test_the_office_changed_it_meanwhile(self, head_of_city: Client, world: World) -> None:
        Decision.objects.filter(pk=world.decision.pk).update(version=2)
        page = head_of_city.post(address(world, "_confirm"), {"version": 1}, follow=True).content.decode()
        assert "vừa sửa quyết định này" in page
        world.decision.refresh_from_db()
        assert world.decision.confirmed_at is None

    def test_not_the_office(self, office: Client, world: World) -> None:
        assert office.post(address(world, "_confirm"), {"version": 1}).status_code == 404
        world.decision.refresh_from_db()
        assert world.decision.confirmed_at is None

    @pytest.mark.parametrize("role", ["of", "lf", "hd", "ag", "dm", "fp", "ad"])
    def test_strangers_find_nothing(self, client: Client, world: World, role: str) -> None:
        client.force_login(world[role])
        assert client.get(address(world)).status_code == 404
        for name in ("_confirm", "_drop"):
            assert client.post(address(world, name)).status_code == 404, name


class TestRead:
    @pytest.mark.parametrize("role", ["of", "lf", "hd", "ag", "dm", "fp"])
    def test_confirmed_ones_are_public(self, client: Client, world: World, role: str) -> None:
        client.force_login(world[role])
        page = main(client.get(LIST).content.decode())
        assert "12/QĐ-UBND" not in page
        assert "Chưa có quyết định nào năm 2025." in page
        recognition.confirm_decision(user=world["cl"], decision_id=world.decision.pk)
        assert address(world) in client.get(LIST).content.decode()
        page = client.get(address(world)).content.decode()
        assert "Không công nhận (1)" in page and "Tổ 3" in page

    def test_text_is_text(self, office: Client, world: World) -> None:
        Decision.objects.filter(pk=world.decision.pk).update(title="<script>alert(1)</script>", signer_name="<b>A</b>")
        for url in (LIST, address(world), address(world, "_edit")):
            page = office.get(url).content.decode()
            assert "<script>alert" not in page and "<b>A</b>" not in page

    def test_bad_places(self, office: Client, world: World) -> None:
        nobody = factories.PlanFactory(year=2030)
        assert office.get(reverse("assessments:decision_list", args=[nobody.year])).status_code == 200
        assert office.get(reverse("assessments:decision", args=[999_999])).status_code == 404
        for name in ("_confirm", "_drop", ""):
            response = office.get(address(world, name)) if name else office.post(address(world))
            assert response.status_code == 405


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"issued_on": "2019-01-01"}, "Ngày ban hành không được trước ngày của kế hoạch"),
        ({"number": "không số"}, "Số, ký hiệu cần có số"),
    ],
)
def test_a_decision_that_cannot_be(office: Client, world: World, data: dict[str, str], sentence: str) -> None:
    before = Decision.objects.count()
    page = office.post(NEW, paper(world, **data)).content.decode()
    assert sentence in page and Decision.objects.count() == before
