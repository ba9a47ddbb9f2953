"""Corrections and signed papers on the screen, and what stands wherever a result is shown."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments.models import Assessment, Attachment, Decision, Plan
from assessments.workflow import State
from tests import files
from tests.assessments.appraising import RECOGNISED, REFUSED, correct, decided, dossier
from tests.assessments.roads import People, record
from tests.assessments.views.world import World, has_error, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]


@pytest.fixture
def made(people: People, plan: Plan) -> Assessment:
    return dossier(people, plan, State.PROPOSED)


@pytest.fixture
def earlier(people: People, made: Assessment) -> Decision:
    return decided(people, made)


@pytest.fixture
def office(client: Client, home_affairs: User) -> Client:
    client.force_login(home_affairs)
    return client


def address(decision: Decision, name: str = "decision") -> str:
    return reverse(f"assessments:{name}", args=[decision.pk])


def paper(*assessments: Assessment, result: str = REFUSED, text: str = "Nhập nhầm", **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "number": "20/QĐ-UBND",
        "issued_on": timezone.localdate(),
        "title": "Đính chính",
        "signer_title": "CHỦ TỊCH",
        "assessment": [a.pk for a in assessments],
    }
    given |= {f"result-{a.pk}": result for a in assessments} | {f"correction-{a.pk}": text for a in assessments}
    return given | changes


class TestCorrect:
    def test_the_whole_way(self, office: Client, people: People, earlier: Decision, made: Assessment) -> None:
        url = address(earlier, "correction_new")
        assert url in office.get(address(earlier)).content.decode()
        page = office.get(url).content.decode()
        assert f'name="result-{made.pk}" value="not_recognised"' in page
        page = office.post(url, paper(made), follow=True).content.decode()
        assert "Đã ghi Quyết định số 20/QĐ-UBND" in page and "Đính chính: Nhập nhầm" in page
        later = Decision.objects.get(number="20/QĐ-UBND")
        assert address(later, "correction_edit") in page
        office.force_login(people.city_leader)
        office.post(address(later, "decision_confirm"), {"version": later.version})
        page = office.get(address(earlier)).content.decode()
        assert "Đã được đính chính bởi" in page and "Được đính chính bởi" in page
        later.refresh_from_db()
        assert later.confirmed_at

    def test_edited(self, office: Client, people: People, earlier: Decision, made: Assessment) -> None:
        later = correct(people, earlier, {made: REFUSED}, confirm=False)
        assert office.get(address(later, "decision_edit")).url == address(later, "correction_edit")
        page = office.get(address(later, "correction_edit")).content.decode()
        assert "Nhập nhầm kết quả ở khâu tổng hợp</textarea>" in page and f'value="{made.pk}" checked' in page
        response = office.post(address(later, "correction_edit"), paper(made, text="Sửa lại", version=1))
        assert response.url == address(later) and later.lines.get().correction == "Sửa lại"
        page = office.post(address(later, "correction_edit"), paper(made, version=1)).content.decode()
        assert "Người khác vừa sửa" in page

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"text": ""}, "chưa ghi nội dung, lý do đính chính"),
            ({"text": "x" * 2001}, "tối đa 2000"),
            ({"result": RECOGNISED}, "không khác kết quả đang có hiệu lực"),
            ({"result": "<b>"}, "không hợp lệ"),
            ({"number": ""}, "Chưa nhập"),
            ({"number": "12/QĐ-UBND"}, "cùng số"),
            ({"issued_on": "2020-01-01"}, "không được trước ngày"),
            ({"assessment": []}, "Chọn ít nhất một"),
        ],
    )
    def test_what_was_typed_stays(
        self, office: Client, earlier: Decision, made: Assessment, changes: dict[str, Any], sentence: str
    ) -> None:
        data = paper(made, **{"title": "Về <việc>"} | changes)
        page = office.post(address(earlier, "correction_new"), data).content.decode()
        assert sentence in page and has_error(page) and "Về &lt;việc&gt;" in page
        assert Decision.objects.count() == 1

    def test_other_units(self, office: Client, people: People, plan: Plan, earlier: Decision) -> None:
        other = dossier(people, plan, State.PROPOSED)
        assert office.post(address(earlier, "correction_new"), paper(other)).status_code == 404
        page = office.post(address(earlier, "correction_new"), paper(other) | {"assessment": ["x", "9" * 12]})
        assert "Chọn ít nhất một" in page.content.decode()

    def test_not_of_open_ones(self, office: Client, people: People, made: Assessment) -> None:
        open_one = record(people, made)
        assert office.get(address(open_one, "correction_new")).status_code == 404
        assert office.get(address(open_one, "correction_edit")).status_code == 404
        assert "Đính chính</a>" not in office.get(address(open_one)).content.decode()

    def test_what_is_taken_is_not_offered(
        self, office: Client, people: People, earlier: Decision, made: Assessment
    ) -> None:
        later = correct(people, earlier, {made: REFUSED}, confirm=False)
        page = office.get(address(earlier, "correction_new")).content.decode()
        assert "chưa được xác nhận" in page and 'name="assessment"' not in page
        page = office.post(address(earlier, "correction_new"), paper(made, number="21/QĐ-UBND")).content.decode()
        assert "đang nằm trong Quyết định số 20/QĐ-UBND" in page
        assert later.lines.count() == 1

    @pytest.mark.parametrize("role", ["of", "lf", "hd", "ag", "dm", "cl", "fp", "ad"])
    def test_nobody_else(self, client: Client, world: World, role: str) -> None:
        client.force_login(world[role])
        for name in ("correction_new", "correction_edit"):
            url = address(world.decision, name)
            assert client.get(url).status_code == client.post(url, paper()).status_code == 404


class TestPapers:
    def send(self, client: Client, decision: Decision, *content: Any) -> str:
        data = {"file": content[0]} if content else {}
        return main(client.post(address(decision, "decision_attach"), data, follow=True).content.decode())

    def test_attached_and_kept(self, office: Client, earlier: Decision) -> None:
        page = self.send(office, earlier, files.upload("Quyết định <ký>.pdf", files.pdf()))
        assert "Đã đính kèm “Quyết định _ký_.pdf”." in page
        page = self.send(office, earlier, files.upload("lần hai.pdf", files.pdf()))
        assert "Tệp này đã có" in page and Attachment.objects.count() == 1

    def test_refused(self, office: Client, earlier: Decision) -> None:
        assert "Chọn tệp PDF" in self.send(office, earlier)
        assert "không phải PDF" in self.send(office, earlier, files.upload("a.jpg", files.jpg()))
        assert not Attachment.objects.exists()
        assert office.get(address(earlier, "decision_attach")).status_code == 405
        assert office.post(reverse("assessments:decision_attach", args=[999_999])).status_code == 404

    def test_dropping_is_not_offered_any_more(self, office: Client, people: People, made: Assessment) -> None:
        open_one = record(people, made)
        assert "Bỏ quyết định này" in office.get(address(open_one)).content.decode()
        page = self.send(office, open_one, files.upload("a.pdf", files.pdf()))
        assert "Bỏ quyết định này" not in page
        assert "bản ký đính kèm" in office.post(address(open_one, "decision_drop"), follow=True).content.decode()

    @pytest.mark.parametrize("role", ["of", "lf", "hd", "ag", "dm", "fp", "ad"])
    def test_nobody_else(self, client: Client, world: World, role: str) -> None:
        client.force_login(world[role])
        url = address(world.decision, "decision_attach")
        assert client.post(url, {"file": files.upload("a.pdf", files.pdf())}).status_code == 404


class TestStands:
    def test_everywhere(self, office: Client, people: People, plan: Plan, earlier: Decision, made: Assessment) -> None:
        places = [
            reverse("assessments:list", args=[plan.year]),
            reverse("assessments:unit", args=[made.unit.pk]),
            reverse("assessments:detail", args=[made.pk]),
            reverse("assessments:compare", args=[made.pk]),
        ]
        for url in places:
            assert "Đã công nhận" in main(office.get(url).content.decode()), url
        correct(people, earlier, {made: REFUSED})
        for url in places:
            page = main(office.get(url).content.decode()).replace("Đã công nhận</option>", "")
            assert "Đã công nhận" not in page and "Không công nhận" in page, url
        filtered = office.get(f"{places[0]}?trang_thai=recognised").content.decode()
        assert "Không có hồ sơ nào khớp bộ lọc." in filtered
        unit = office.get(places[1]).content.decode()
        assert unit.index("20/QĐ-UBND") < unit.index("12/QĐ-UBND"), "the one that stands first"

    def test_same_queries_for_three_lines(self, office: Client, people: People, plan: Plan) -> None:
        def cost(units: int, number: str) -> list[int]:
            chosen = [dossier(people, plan, State.PROPOSED) for _ in range(units)]
            made = decided(people, *chosen, number=number)
            correct(people, made, {chosen[0]: REFUSED}, number=f"8{number}", confirm=False)
            costs = []
            for name in ("decision", "correction_new"):
                office.get(address(made, name))
                with CaptureQueriesContext(connection) as queries:
                    office.get(address(made, name))
                costs.append(len(queries))
            return costs

        assert cost(1, "1/QĐ") == cost(3, "3/QĐ")

    def test_the_maintained_that_fails_loses(self, office: Client, people: People, plan: Plan) -> None:
        lost = dossier(people, plan, State.PROPOSED, aim="maintain", bad=["tc-1.1"])
        kept = dossier(people, plan, State.PROPOSED, aim="maintain")
        form = office.get(reverse("assessments:decision_new", args=[plan.year])).content.decode()
        assert "Không giữ được danh hiệu đã được công nhận" in form and "Tiếp tục công nhận (duy trì)" in form
        page = office.get(address(record(people, lost, kept))).content.decode()
        assert "Tiếp tục công nhận (duy trì) (1)" in page and "Không công nhận (1)" in page
        assert "Không giữ được danh hiệu đã được công nhận." in page
