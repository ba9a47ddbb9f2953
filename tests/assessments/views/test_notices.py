"""The page of notices: the own ones and nobody else's, the way on, reading, and mail or none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.models import Assessment, Notice
from tests import factories
from tests.assessments.views.world import World
from tests.queries import cost

pytestmark = pytest.mark.django_db


def add(person: User, text: str = "Việc đang chờ", **facts: Any) -> Notice:
    return Notice.objects.create(**{"recipient": person, "kind": "waiting", "text": text, "url": "/ke-hoach/"} | facts)


@pytest.fixture
def reader(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


def page(client: Client, query: str = "") -> str:
    response = client.get(reverse("assessments:notices") + query)
    assert response.status_code == 200
    return response.content.decode()


class TestList:
    def test_empty(self, reader: Client) -> None:
        shown = page(reader)
        assert "Chưa có thông báo nào" in shown and "bell-count" not in shown

    def test_own_ones_only_unread_first(self, reader: Client, officer: User, leader: User) -> None:
        add(officer, "Đã xem rồi", read_at=timezone.now())
        add(officer, "Chưa xem", kind="returned")
        add(leader, "Của lãnh đạo")
        shown = page(reader)
        assert shown.index("Chưa xem") < shown.index("Đã xem rồi") and "Của lãnh đạo" not in shown
        assert "Hồ sơ được trả lại" in shown and "1 thông báo chưa đọc" in shown

    def test_pages(self, reader: Client, officer: User) -> None:
        for number in range(51):
            add(officer, f"Việc {number:02}.")
        assert "Trang 1/2" in page(reader) and "Việc 00." in page(reader, "?trang=2")
        for odd in ("?trang=99", "?trang=abc", "?trang=-1", "?trang=%00"):
            page(reader, odd)

    def test_text_is_text(self, reader: Client, officer: User) -> None:
        add(officer, "<script>alert(1)</script>")
        assert "<script>alert" not in page(reader)

    def test_same_queries_for_many(self, reader: Client, officer: User) -> None:
        add(officer)
        one = cost(reader, reverse("assessments:notices"))
        for _ in range(3):
            add(officer, kind="returned")
            add(officer, read_at=timezone.now())
        assert cost(reader, reverse("assessments:notices")) == one <= 8


class TestBell:
    def test_number_on_every_page(self, reader: Client, officer: User) -> None:
        add(officer)
        add(officer)
        shown = reader.get(reverse("assessments:plan_list")).content.decode()
        assert '<span class="bell-count">2<' in shown

    def test_signed_out_pages_ask_nothing(self, client: Client, django_assert_num_queries: Any) -> None:
        response = client.get(reverse("accounts:sign_in"))
        assert "bell" not in response.content.decode()

    def test_fragments_do_not_count(
        self, reader: Client, assessment: Assessment, django_assert_max_num_queries: Any
    ) -> None:
        url = reverse("assessments:save", args=[assessment.pk, "tc-1.2"])
        with django_assert_max_num_queries(200) as captured:
            response = reader.post(
                url, {"layer": "self", "stated": "met", "version": 0, "note": ""}, headers={"HX-Request": "true"}
            )
        assert response.status_code == 200
        assert not [q for q in captured.captured_queries if "assessments_notice" in q["sql"]]


class TestGo:
    def test_marks_and_goes_on(self, reader: Client, officer: User) -> None:
        notice = add(officer)
        response = reader.get(reverse("assessments:notice", args=[notice.pk]))
        assert (response.status_code, response["Location"]) == (302, "/ke-hoach/")
        notice.refresh_from_db()
        first = notice.read_at
        assert first
        reader.get(reverse("assessments:notice", args=[notice.pk]))
        notice.refresh_from_db()
        assert notice.read_at == first

    def test_another_s_does_not_exist(self, reader: Client, leader: User) -> None:
        notice = add(leader)
        assert reader.get(reverse("assessments:notice", args=[notice.pk])).status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_a_look_ahead_marks_nothing(self, reader: Client, officer: User) -> None:
        notice = add(officer)
        assert reader.head(reverse("assessments:notice", args=[notice.pk])).status_code == 302
        notice.refresh_from_db()
        assert notice.read_at is None

    @pytest.mark.parametrize(
        "url",
        ["https://example.com/", "//example.com/", "javascript:alert(1)", "/\\example.com", "", "ho-so/1/", "///x.vn"],
    )
    def test_only_to_own_addresses(self, reader: Client, officer: User, url: str) -> None:
        notice = add(officer, url=url)
        response = reader.get(reverse("assessments:notice", args=[notice.pk]))
        assert response["Location"] == reverse("assessments:notices")

    def test_a_dossier_that_left_the_person_s_sight(self, client: Client, assessment: Assessment) -> None:
        """Returned to the ward, a dossier is no longer the agency's to see: a sentence, not a 404."""
        agency = factories.AgencyOfficerFactory()
        notice = add(agency, assessment=assessment, url=reverse("assessments:appraise", args=[assessment.pk]))
        client.force_login(agency)
        response = client.get(reverse("assessments:notice", args=[notice.pk]), follow=True)
        assert "không còn ở chỗ bạn" in response.content.decode()

    def test_bad_numbers_and_methods(self, reader: Client) -> None:
        assert reader.get("/thong-bao/999999999999999999/").status_code == 404
        assert reader.get("/thong-bao/abc/").status_code == 404
        assert reader.post("/thong-bao/1/").status_code == 405
        assert reader.post("/thong-bao/").status_code == 405
        assert reader.get("/thong-bao/da-doc/").status_code == 405
        assert reader.get("/thong-bao/nhan-thu/").status_code == 405


class TestReadAll:
    def test_all_that_was_shown(self, reader: Client, officer: User, leader: User) -> None:
        shown, foreign = add(officer), add(leader)
        since = add(officer)
        response = reader.post(reverse("assessments:notices_read"), {"toi": shown.pk}, follow=True)
        assert "Đã đánh dấu đã đọc 1 thông báo" in response.content.decode()
        unread = set(Notice.objects.filter(read_at__isnull=True).values_list("pk", flat=True))
        assert unread == {since.pk, foreign.pk}

    @pytest.mark.parametrize("until", ["", "abc", "-1", "9" * 40, "\x00", "１２"])
    def test_odd_numbers(self, reader: Client, officer: User, until: str) -> None:
        add(officer)
        assert reader.post(reverse("assessments:notices_read"), {"toi": until}).status_code == 302

    def test_twice(self, reader: Client, officer: User) -> None:
        add(officer)
        reader.post(reverse("assessments:notices_read"))
        response = reader.post(reverse("assessments:notices_read"), follow=True)
        assert "Không có thông báo chưa đọc" in response.content.decode()


def test_mail_or_none(reader: Client, officer: User, leader: User) -> None:
    User.objects.filter(pk=officer.pk).update(email="can.bo@example.vn")
    assert "can.bo@example.vn" in page(reader)
    for sent, wants in (("0", False), ("1", True), ("x", False), ("", False)):
        reader.post(reverse("assessments:notices_mail"), {"nhan": sent})
        officer.refresh_from_db()
        assert officer.wants_mail is wants
    leader.refresh_from_db()
    assert leader.wants_mail
    User.objects.filter(pk=officer.pk).update(email="")
    assert "chưa có địa chỉ thư" in page(reader)


def test_everybody_has_the_page(client: Client, world: World) -> None:
    for person in world.people.values():
        client.force_login(person)
        assert page(client)
