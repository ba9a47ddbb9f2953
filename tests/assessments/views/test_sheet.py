"""The assessment page and saving on it, by htmx and as plain forms."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments import self_assessment
from assessments.models import Event, Layer, Verdict
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import save as deed
from tests.assessments.views.world import World, fingerprint, has_form, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

HTMX = {"HX-Request": "true"}


def save(client: Client, world: World, key: str = "tc-2.1", *, htmx: bool = True, **data: Any) -> Any:
    url = reverse("assessments:save", args=[world.assessment.pk, key])
    return client.post(url, {"layer": "self", "version": 1, "note": "", **data}, headers=HTMX if htmx else {})


def stored(world: World, key: str = "tc-2.1", layer: str = Layer.SELF) -> Verdict:
    return Verdict.objects.get(assessment=world.assessment, entry__key=key, layer=layer)


def post(client: Client, name: str, *arguments: Any) -> str:
    """A plain form, and the page that follows."""
    return main(client.post(reverse(f"assessments:{name}", args=arguments), follow=True).content.decode())


class TestPage:
    def test_shows_everything(self, signed_in: Client, world: World) -> None:
        page = signed_in.get(reverse("assessments:detail", args=[world.assessment.pk])).content.decode()
        assert page.count('<article class="entry"') == 41 + 39 + 4
        assert "83/83" in page and "Gửi hội đồng" in page and "Điền từ năm 2024" in page
        assert f'href="/van-ban/phieu-danh-gia/{world.assessment.pk}/"' in page

    def test_editing_ends_with_sending(self, signed_in: Client, world: World) -> None:
        factories.in_state(world.assessment, State.COUNCIL)
        page = signed_in.get(reverse("assessments:detail", args=[world.assessment.pk])).content.decode()
        assert not has_form(page) and "data-editable" not in page and "Chờ hội đồng xã, phường" in page

    @pytest.mark.parametrize("role", ["lf", "ha", "cl"])
    def test_readers_have_no_buttons(self, client: Client, world: World, role: str) -> None:
        client.force_login(world[role])
        for name in ("detail", "appraise"):
            page = client.get(reverse(f"assessments:{name}", args=[world.assessment.pk])).content.decode()
            assert not has_form(page) and "/chuyen/" not in main(page)

    def test_last_year_stands_beside(self, signed_in: Client, world: World) -> None:
        earlier = world.unit.registrations.get(plan__year=2024).assessment
        deed(world["of"], earlier, "tc-3.1", self_assessment.NewAnswer("not_met", "Rác <nhiều>"))
        page = signed_in.get(reverse("assessments:detail", args=[world.assessment.pk])).content.decode()
        assert "Năm 2024: Không đạt · “Rác &lt;nhiều&gt;”" in page

    def test_reading_writes_nothing(self, signed_in: Client, world: World) -> None:
        before = fingerprint()
        signed_in.get(reverse("assessments:detail", args=[world.assessment.pk]))
        assert fingerprint() == before


class TestSave:
    def test_htmx_gets_the_changed_parts(self, signed_in: Client, world: World) -> None:
        response = save(signed_in, world, stated="met")
        page = response.content.decode()
        assert response.status_code == 200 and "<html" not in page
        for part in ('id="v-tc-2-1" value="2"', 'id="s-tc-2-1"', 'id="s-tc-4-1"', "sheet-nav", "result-summary"):
            assert part in page
        assert (stored(world).value, stored(world).updated_by) == ("met", world["of"])

    def test_plain_form_returns_to_the_entry(self, signed_in: Client, world: World) -> None:
        response = save(signed_in, world, htmx=False, stated="met")
        assert response.url == reverse("assessments:detail", args=[world.assessment.pk]) + "#tc-2-1"
        assert "Đã lưu mục 2.1." in signed_in.get(response.url).content.decode()

    def test_the_head_of_the_unit(self, client: Client, world: World) -> None:
        client.force_login(world["hd"])
        assert save(client, world, stated="met").status_code == 200

    def test_somebody_was_faster(self, signed_in: Client, world: World) -> None:
        deed(world["hd"], world.assessment, "tc-2.1", self_assessment.NewAnswer("met", "Của <tổ>"), 1)
        for htmx in (True, False):
            response = save(signed_in, world, htmx=htmx, stated="not_met", note="Của tôi")
            page = response.content.decode()
            assert response.status_code == 409 and "Người khác vừa sửa mục này." in page
            assert world["hd"].full_name in page and "Của &lt;tổ&gt;" in page
            assert ("Của tôi" in page) != htmx, "the whole page keeps what was typed"
        assert stored(world).note == "Của <tổ>"
        assert save(signed_in, world, stated="not_met", note="Của tôi", version=2).status_code == 200

    def test_closed(self, signed_in: Client, world: World) -> None:
        factories.in_state(world.assessment, State.COUNCIL)
        for htmx in (True, False):
            response = save(signed_in, world, htmx=htmx, stated="met")
            assert response.status_code == 409
        assert "không còn mở để bạn đánh giá" in save(signed_in, world, stated="met").content.decode()

    def test_figures_that_miss_say_so(self, signed_in: Client, world: World) -> None:
        response = save(signed_in, world, "tc-4.4", stated="met", **{"so-lieu-ho-nep-song-van-minh-tu": "101"})
        assert "84,16 %" in response.content.decode()
        assert (stored(world, "tc-4.4").stated, stored(world, "tc-4.4").value) == ("met", "not_met")

    def test_a_contradiction_is_flagged(self, signed_in: Client, world: World) -> None:
        page = save(signed_in, world, "th-1", stated="occurs").content.decode()
        assert "◆ Tiêu chí 1.4 được đánh giá đạt nhưng trường hợp 1 có xảy ra" in page

    def test_an_answer_taken_back(self, signed_in: Client, world: World) -> None:
        assert "82/83" in save(signed_in, world, stated="").content.decode()


class TestBulk:
    def test_a_standard_and_back(self, signed_in: Client, world: World) -> None:
        pk = world.assessment.pk
        page = post(signed_in, "mark_standard", pk, 2)
        assert "1 mục thay đổi; có thể hoàn tác" in page and stored(world).stated == "met"
        event = Event.objects.filter(kind=Event.Kind.BULK).latest("pk")
        assert f"/ho-so/{pk}/hoan-tac/{event.pk}/" in page
        assert "Đã hoàn tác." in post(signed_in, "undo", pk, event.pk) and stored(world).stated == "not_met"
        assert "đã được hoàn tác trước đó" in post(signed_in, "undo", pk, event.pk)

    def test_undo_leaves_what_changed_since(self, signed_in: Client, world: World) -> None:
        save(signed_in, world, "tc-1.2", stated="met", note="Mới", version=2)
        page = post(signed_in, "undo", world.assessment.pk, world.event.pk)
        assert "1 mục đã sửa sau đó được giữ nguyên" in page and stored(world, "tc-1.2").note == "Mới"

    def test_nothing_to_mark(self, signed_in: Client, world: World) -> None:
        assert "Không có mục nào cần thay đổi." in post(signed_in, "mark_standard", world.assessment.pk, 3)

    def test_last_year(self, signed_in: Client, world: World) -> None:
        earlier = world.unit.registrations.get(plan__year=2024).assessment
        deed(world["of"], earlier, "tc-2.1", self_assessment.NewAnswer("met", "Năm ngoái"))
        save(signed_in, world, stated="")
        page = post(signed_in, "fill_last_year", world.assessment.pk)
        assert "Đã điền từ năm trước" in page and stored(world).note == "Năm ngoái"
        assert "Chưa có kết quả năm trước" in post(signed_in, "fill_last_year", earlier.pk)

    def test_unknown_standard(self, signed_in: Client, world: World) -> None:
        assert "Không tìm thấy trang" in post(signed_in, "mark_standard", world.assessment.pk, 7)


class TestAppraisal:
    @pytest.fixture
    def office(self, client: Client, world: World) -> Client:
        factories.in_state(world.assessment, State.APPRAISAL)
        client.force_login(world["ha"])
        return client

    def test_confirms_all_and_takes_it_back(self, office: Client, world: World) -> None:
        page = post(office, "confirm_self", world.assessment.pk)
        assert "Đã xác nhận theo tự đánh giá" in page and "Kết luận thẩm định" in page
        event = Event.objects.filter(kind=Event.Kind.BULK).latest("pk")
        response = office.post(reverse("assessments:undo", args=[world.assessment.pk, event.pk]))
        assert response.url == reverse("assessments:appraise", args=[world.assessment.pk])

    def test_another_verdict_needs_a_reason(self, office: Client, world: World) -> None:
        response = save(office, world, layer="agency", version=0, stated="met")
        assert response.status_code == 422 and "khác với tự đánh giá nên cần ghi lý do" in response.content.decode()
        response = save(office, world, layer="agency", version=0, stated="met", note="Đã kiểm tra", htmx=False)
        assert response.url == reverse("assessments:appraise", args=[world.assessment.pk]) + "#tc-2-1"
        assert (stored(world).value, stored(world, layer=Layer.AGENCY).value) == ("not_met", "met")
        page = office.get(response.url).content.decode()
        assert "Khác nhau giữa các bên" in page and "Đã kiểm tra" in page

    def test_the_ward_cannot(self, office: Client, world: World) -> None:
        office.force_login(world["of"])
        assert save(office, world, layer="agency", version=0, stated="met", note="x").status_code == 409
        assert "không còn mở" in post(office, "confirm_self", world.assessment.pk)
