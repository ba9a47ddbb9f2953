"""The record's pages: who reads them, filters, whether it is intact, heads taken away and brought back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import moving
from assessments.exporting import parse
from assessments.models import Assessment, Event, Plan
from assessments.verifying import verify
from assessments.views.record import PAGE
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import People, answer_all, save, walk
from tests.assessments.test_verifying import rewrite, tamper
from tests.assessments.views.world import World
from tests.queries import cost

pytestmark = pytest.mark.django_db


def url(assessment: Assessment, query: str = "") -> str:
    return reverse("assessments:record", args=[assessment.pk]) + query


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def reader(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def city(client: Client, home_affairs: User) -> Client:
    client.force_login(home_affairs)
    return client


class TestWhoReads:
    def test_whoever_sees_the_dossier(self, client: Client, world: World) -> None:
        for role, person in world.people.items():
            client.force_login(person)
            expected = 200 if role in ("of", "lf", "hd", "ha", "cl") else 404
            assert client.get(url(world.assessment)).status_code == expected, role

    @pytest.mark.parametrize("name", ["plan_record", "record_heads", "record_check"])
    def test_the_plan_s_record_is_the_city_s(self, client: Client, world: World, name: str) -> None:
        address = reverse(f"assessments:{name}", args=[world.plan.year])
        for role, person in world.people.items():
            client.force_login(person)
            response = client.post(address) if name == "record_check" else client.get(address)
            assert response.status_code == (200 if role in ("ha", "cl") else 404), role
        client.logout()
        assert client.get(address).status_code == 302

    def test_methods_and_what_is_not_there(self, city: Client, assessment: Assessment) -> None:
        year = assessment.plan.year
        assert city.post(url(assessment)).status_code == 405
        assert city.get(reverse("assessments:record", args=[999999])).status_code == 404
        assert city.get(reverse("assessments:plan_record", args=[1999])).status_code == 404
        assert city.get(reverse("assessments:record_heads", args=[1999])).status_code == 404
        assert city.get(reverse("assessments:record_check", args=[year])).status_code == 405

    def test_linked_from_sheet_and_plan(self, city: Client, assessment: Assessment) -> None:
        assert url(assessment) in text(city, reverse("assessments:detail", args=[assessment.pk]))
        plan_page = text(city, reverse("assessments:plan", args=[assessment.plan.year]))
        assert reverse("assessments:plan_record", args=[assessment.plan.year]) in plan_page


class TestPage:
    def test_tells_the_road_newest_first(self, reader: Client, people: People, assessment: Assessment) -> None:
        walk(people, assessment, State.SUBMITTED)
        due = timezone.localdate() + timedelta(days=9)
        moving.return_to_ward(
            user=people.home_affairs, assessment_id=assessment.pk, reason="Thiếu <b>biên bản</b>", new_due=due
        )
        shown = text(reader, url(assessment))
        assert (
            shown.index("Trả lại xã, phường")
            < shown.index("Hội đồng xã, phường thông qua")
            < shown.index("Đăng ký tham gia")
        )
        assert "Thiếu &lt;b&gt;biên bản" in shown and f"trước ngày {due:%d/%m/%Y}" in shown
        assert people.home_affairs.full_name in shown and "Xem 83 mục" in shown
        oldest = text(reader, url(assessment, "?thu_tu=cu"))
        assert oldest.index("Đăng ký tham gia") < oldest.index("Trả lại xã, phường")

    def test_intact_with_its_head(self, reader: Client, assessment: Assessment) -> None:
        head = assessment.events.get().hash
        shown = text(reader, url(assessment))
        assert "Nhật ký nguyên vẹn" in shown and "1 sự kiện" in shown
        assert f'title="{head}"' in shown and f">{head[:16]}<" in shown

    def test_tampering_is_said_at_once(self, reader: Client, people: People, assessment: Assessment) -> None:
        save(people.officer, assessment, "tc-1.2", "met")
        tamper("UPDATE assessments_event SET reason = 'x' WHERE sequence = 2")
        shown = text(reader, url(assessment))
        assert "Nhật ký có chỗ sai lệch" in shown and "Sự kiện số 2: nội dung không khớp" in shown

    def test_filters(self, reader: Client, people: People, assessment: Assessment) -> None:
        save(people.officer, assessment, "tc-1.2", "met")
        save(people.officer, assessment, "tc-2.1", "not_met")
        answer_all(people.officer, assessment)

        def numbers(query: str) -> list[int]:
            days = reader.get(url(assessment, query)).context["days"]
            return [line.event.sequence for day in days for line in day.lines]

        assert numbers("") == [4, 3, 2, 1]
        assert numbers("?viec=answered") == [3, 2]
        assert numbers("?muc=tc-2.1") == [4, 3]
        assert numbers("?ben=self&thu_tu=cu") == [2, 3, 4]
        assert numbers(f"?nguoi={people.officer.pk}") == [4, 3, 2, 1]
        assert numbers("?viec=moved") == []
        assert "Không có sự kiện nào khớp bộ lọc" in text(reader, url(assessment, "?viec=moved"))

    @pytest.mark.parametrize(
        "query",
        [
            "?viec=rumour", "?muc=tc-99.9", "?nguoi=999999", "?nguoi=abc", "?nguoi=%00", "?ben=effective", "?thu_tu=x",
            "?trang=99999", "?trang=x", "?muc=%27;--", "?viec=" + "x" * 3000,
        ],
    )  # fmt: skip
    def test_odd_filters_filter_nothing(self, reader: Client, assessment: Assessment, query: str) -> None:
        assert "Đăng ký tham gia" in text(reader, url(assessment, query))

    def test_a_person_of_another_chain_is_no_choice(
        self, reader: Client, assessment: Assessment, stranger: User
    ) -> None:
        assert stranger.full_name not in text(reader, url(assessment))
        assert "Đăng ký tham gia" in text(reader, url(assessment, f"?nguoi={stranger.pk}"))

    def test_a_hundred_a_page_in_as_many_queries(self, reader: Client, people: People, assessment: Assessment) -> None:
        save(people.officer, assessment, "tc-1.2", "met")
        one = cost(reader, url(assessment))
        other = factories.WardLeaderFactory(ward=people.officer.ward)
        Event.objects.bulk_create(
            Event(
                assessment=assessment,
                kind=kind,
                actor=person,
                entry_id=assessment.plan.criteria_set.entries.first().pk,  # type: ignore[union-attr]
                data={"key": "tc-1.1", "after": {"stated": "met"}},
            )
            for _ in range(60)
            for kind, person in (("answered", other), ("evidence_added", people.officer))
        )
        assert cost(reader, url(assessment)) == one <= 13
        shown = text(reader, url(assessment))
        assert f"Trang 1/{-(-122 // PAGE)}" in shown and shown.count('class="record-line"') == PAGE
        assert text(reader, url(assessment, "?trang=2&viec=")).count('class="record-line"') == 22


def csv(city: Client, plan: Plan) -> bytes:
    response = city.get(reverse("assessments:record_heads", args=[plan.year]))
    assert response["Content-Type"].startswith("text/csv") and "attachment" in response["Content-Disposition"]
    return response.content


class TestHeads:
    def check(self, city: Client, plan: Plan, content: bytes | None = None) -> Any:
        data = {} if content is None else {"file": SimpleUploadedFile("ma-bam.csv", content)}
        return city.post(reverse("assessments:record_check", args=[plan.year]), data)

    def test_taken_away_and_brought_back(self, city: Client, assessment: Assessment) -> None:
        content = csv(city, assessment.plan)
        assert content.startswith(b"\xef\xbb\xbf")
        assert parse(content).rows[0].hash == assessment.events.get().hash
        response = self.check(city, assessment.plan, content)
        assert "Nguyên vẹn" in response.content.decode() and "Cả 1 mã băm" in response.content.decode()

    def test_a_rewritten_chain_is_found_with_the_file_only(
        self, city: Client, people: People, assessment: Assessment
    ) -> None:
        save(people.officer, assessment, "tc-1.2", "met")
        content = csv(city, assessment.plan)
        tamper("UPDATE assessments_event SET reason = 'x' WHERE sequence = 2")
        rewrite(assessment)
        assert verify().intact
        without = self.check(city, assessment.plan).content.decode()
        assert "Nguyên vẹn" in without and "Chưa đối chiếu" in without
        shown = self.check(city, assessment.plan, content).content.decode()
        assert "Có 1 chỗ sai lệch" in shown and "sự kiện số 2" in shown and "Tổ 5" in shown

    def test_another_year_s_file_proves_nothing(self, city: Client, assessment: Assessment) -> None:
        other = factories.PlanFactory()
        content = csv(city, assessment.plan)
        assert "Tệp không có mã băm nào của năm" in self.check(city, other, content).content.decode()

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n", b"%PDF-1.7", b"\x00" * 10])
    def test_other_files(self, city: Client, assessment: Assessment, content: bytes) -> None:
        response = self.check(city, assessment.plan, content)
        assert response.status_code == 422 and "invalid-feedback" in response.content.decode()

    def test_empty_and_too_large_files(self, city: Client, assessment: Assessment, settings: Any) -> None:
        assert "không có nội dung" in self.check(city, assessment.plan, b"").content.decode()
        settings.UPLOAD_MAX_BYTES = 1000
        response = self.check(city, assessment.plan, b"x" * 5000)
        assert response.status_code == 422 and "Tệp lớn hơn" in response.content.decode()

    def test_a_file_field_that_is_no_file(self, city: Client, assessment: Assessment) -> None:
        address = reverse("assessments:record_check", args=[assessment.plan.year])
        assert city.post(address, {"file": "chữ"}).status_code == 200

    def test_the_plan_s_own_chain(self, city: Client, plan: Plan, home_affairs: User) -> None:
        page = reverse("assessments:plan_record", args=[plan.year])
        assert "Chưa có sự kiện nào được ghi" in text(city, page)
        Event.objects.create(
            plan=plan, kind="assigned", actor=home_affairs,
            data={"changes": [{"key": "tc-1.1", "before": [], "after": [home_affairs.agency_id]}]},
        )  # fmt: skip
        shown = text(city, page)
        assert "Phân công thẩm định" in shown and str(home_affairs.agency) in shown and "Tiêu chí 1.1" in shown
        assert "Chưa có" not in text(city, page + "?viec=assigned")
        one = cost(city, page)
        for _ in range(3):
            Event.objects.create(plan=plan, kind="delegation", actor=home_affairs, data={"name": "Đoàn"})
        assert cost(city, page) == one
