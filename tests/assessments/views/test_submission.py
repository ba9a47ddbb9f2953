"""Sending and receipts as pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import moving
from assessments.models import Assessment, Submission
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import answer_all, approve, approve_and_submit, meet, submit
from tests.assessments.views.world import ROLES, World, fingerprint, has_error, has_form, main
from tests.queries import cost, same_for_three
from tests.reports.addresses import file_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

SEND = reverse("assessments:submissions", args=[2025])
READERS = ("of", "lf", "ha", "cl")


def page(client: Client, who: User, url: str) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == 200, url
    return main(response.content.decode())


@pytest.fixture
def waiting(world: World) -> World:
    factories.in_state(world.assessment, State.COUNCIL)
    return world


@pytest.fixture
def second(waiting: World) -> Assessment:
    """Another unit of the ward, incomplete, before the council."""
    made = factories.open_assessment(unit=waiting.free_unit, plan=waiting.plan, officer=waiting["of"])
    return factories.in_state(made, State.COUNCIL)


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_and_who_sends(client: Client, waiting: World, role: str) -> None:
    approve(waiting["lf"], waiting.assessment)
    client.force_login(waiting[role])
    response = client.get(SEND)
    reads = role in (*READERS, "oo", "ol")
    assert response.status_code == (200 if reads else 404)
    sends = f'name="assessment" value="{waiting.assessment.pk}" checked' in response.content.decode()
    assert sends == (role == "lf")
    before = fingerprint()
    answer = client.post(SEND, {"assessment": waiting.assessment.pk})
    if role == "lf":
        assert answer.status_code == 302 and answer.url == f"/gui/{Submission.objects.get().pk}/"
        return
    assert answer.status_code == (409 if role in ("of", "ha", "cl") else 404)
    assert role not in READERS or has_error(answer.content.decode())
    assert fingerprint() == before


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_a_receipt(client: Client, waiting: World, role: str) -> None:
    sent = approve_and_submit(waiting["lf"], waiting.assessment)
    client.force_login(waiting[role])
    for url in (reverse("assessments:submission", args=[sent.pk]), file_url("phieu-gui", sent.pk)):
        assert client.get(url).status_code == (200 if role in READERS else 404)
    shown = client.get(SEND).content.decode()
    assert (f'href="/gui/{sent.pk}/"' in shown) == (role in READERS)


def test_what_is_missing(client: Client, waiting: World, second: Assessment) -> None:
    found = page(client, waiting["lf"], SEND)
    assert "Chưa có hồ sơ nào đủ để gửi" in found and ">Gửi 1 hồ sơ" not in found
    assert f'href="/ke-hoach/2025/hoi-dong/moi/?ho-so={second.pk}"' in found
    assert "83 mục chưa đánh giá." in found and "Chưa nhập tổng số hộ của năm." in found
    meet(waiting["of"], second)
    assert "◆ Biên bản chưa chốt" in page(client, waiting["lf"], SEND)
    approve(waiting["lf"], waiting.assessment)
    found = page(client, waiting["lf"], SEND)
    assert "1 hồ sơ đủ để gửi" in found and ">Gửi 1 hồ sơ" in found
    assert f'value="{waiting.assessment.pk}" checked' in found and f'value="{second.pk}" disabled' in found
    assert not has_form(page(client, waiting["ha"], SEND))


def test_drafts_are_counted(client: Client, world: World) -> None:
    assert "1 hồ sơ còn đang tự đánh giá" in page(client, world["lf"], SEND)
    assert "Không có hồ sơ nào ở hội đồng." in page(client, world["lf"], SEND)


def test_sent_with_a_receipt(client: Client, waiting: World) -> None:
    approve(waiting["lf"], waiting.assessment)
    client.force_login(waiting["lf"])
    for _ in range(2):
        answer = client.post(SEND, {"assessment": waiting.assessment.pk}, follow=True)
        found = main(answer.content.decode())
        assert "Đã gửi thành phố." in found and "Phiếu gửi hồ sơ, lần 1 năm 2025" in found
    sent = Submission.objects.get()
    assert f"{timezone.localtime(sent.submitted_at):%H:%M, %d/%m/%Y}" in found
    assert str(waiting["lf"]) in found and str(waiting.unit) in found
    assert "Nộp muộn" in found and "○ Chờ tiếp nhận" in found
    assert f'href="/ho-so/{waiting.assessment.pk}/chuyen/rut/"' in found
    assert "/chuyen/rut/" not in page(client, waiting["of"], f"/gui/{sent.pk}/")
    moving.accept(user=waiting["ha"], assessment_id=waiting.assessment.pk)
    found = page(client, waiting["lf"], f"/gui/{sent.pk}/")
    assert "✓ Đã tiếp nhận" in found and "/chuyen/rut/" not in found


def test_withdrawn_is_told(client: Client, waiting: World) -> None:
    sent = approve_and_submit(waiting["lf"], waiting.assessment)
    waiting.assessment.refresh_from_db()
    client.force_login(waiting["lf"])
    url = reverse("assessments:move", args=[waiting.assessment.pk, "rut"])
    client.post(url, {"version": waiting.assessment.version})
    assert "◆ Đã rút" in page(client, waiting["ha"], f"/gui/{sent.pk}/")
    submit(waiting["lf"], waiting.assessment)
    assert "lần 2 năm 2025" in page(client, waiting["ha"], f"/gui/{Submission.objects.latest('pk').pk}/")


@pytest.mark.parametrize("chosen", [[], ["abc"], ["9" * 30], [""], ["\x00"]])
def test_nothing_chosen(client: Client, waiting: World, chosen: list[str]) -> None:
    approve(waiting["lf"], waiting.assessment)
    client.force_login(waiting["lf"])
    before = fingerprint()
    answer = client.post(SEND, {"assessment": chosen})
    assert answer.status_code == 409 and "Chọn ít nhất một" in answer.content.decode()
    assert fingerprint() == before


def test_foreign_and_incomplete(client: Client, waiting: World, second: Assessment) -> None:
    approve(waiting["lf"], waiting.assessment)
    client.force_login(waiting["lf"])
    before = fingerprint()
    for foreign in (waiting.waiting.pk, 999_999_999, 0):
        assert client.post(SEND, {"assessment": [waiting.assessment.pk, foreign]}).status_code == 404
    answer = client.post(SEND, {"assessment": [waiting.assessment.pk, second.pk]})
    assert answer.status_code == 409 and f"{second.unit}: Chưa gửi được" in answer.content.decode()
    assert fingerprint() == before


def test_a_single_one_leads_to_its_receipt(client: Client, waiting: World) -> None:
    approve(waiting["lf"], waiting.assessment)
    waiting.assessment.refresh_from_db()
    client.force_login(waiting["lf"])
    url = reverse("assessments:move", args=[waiting.assessment.pk, "gui-thanh-pho"])
    answer = client.post(url, {"version": waiting.assessment.version})
    assert answer.url == f"/gui/{Submission.objects.get().pk}/"  # type: ignore[attr-defined]


def test_unknown(client: Client, waiting: World) -> None:
    client.force_login(waiting["lf"])
    for url in ("/gui/999999/", "/gui/999999/phieu-gui.pdf", "/ke-hoach/1999/gui/"):
        assert client.get(url).status_code == 404
    sent = approve_and_submit(waiting["lf"], waiting.assessment)
    assert client.post(f"/gui/{sent.pk}/").status_code == 405


class TestQueries:
    @pytest.fixture
    def adding(self, waiting: World) -> Any:
        def add() -> Assessment:
            unit = factories.UnitFactory(ward=waiting.ward)
            made = factories.open_assessment(unit=unit, plan=waiting.plan, officer=waiting["of"])
            answer_all(waiting["of"], made)
            return factories.in_state(made, State.COUNCIL)

        return add

    @pytest.mark.parametrize("role", ["lf", "ha"])
    def test_list(self, client: Client, waiting: World, adding: Any, role: str) -> None:
        def add() -> None:
            adding()
            approve(waiting["lf"], adding())
            approve_and_submit(waiting["lf"], adding())

        same_for_three(client, waiting[role], SEND, add, 12)

    @pytest.mark.parametrize(
        "url", [lambda sent: reverse("assessments:submission", args=[sent]), lambda sent: file_url("phieu-gui", sent)]
    )
    def test_receipt(self, client: Client, waiting: World, adding: Any, url: Callable[[int], str]) -> None:
        client.force_login(waiting["lf"])
        costs = [cost(client, url(approve_and_submit(waiting["lf"], *[adding() for _ in range(n)]).pk)) for n in (1, 3)]
        assert costs[0] == costs[1] <= 12
