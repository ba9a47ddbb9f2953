"""The council's pages: who sees what, what leads where, what comes back with a sentence."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import File
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import council
from assessments.models import Assessment, Attachment, CouncilMeeting, CouncilMember, Event
from assessments.workflow import State
from tests import factories, files
from tests.assessments.roads import answer_all, approve, council_of, meet
from tests.assessments.views.world import ROLES, World, fingerprint, has_error, has_form, main
from tests.queries import cost, same_for_three

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_broke")]

MEMBERS = reverse("assessments:council_members")
LIST = reverse("assessments:council", args=[2025])
NEW = reverse("assessments:council_new", args=[2025])
WARD = ("of", "lf")
CITY = ("ha", "cl")


def address(name: str, meeting: CouncilMeeting) -> str:
    return reverse(f"assessments:council_{name}", args=[meeting.pk])


@pytest.fixture
def waiting(world: World) -> World:
    """The ward's unit waits for the council."""
    factories.in_state(world.assessment, State.COUNCIL)
    council_of(world["lf"])
    return world


def page(client: Client, who: User, url: str, status: int = 200) -> str:
    client.force_login(who)
    response = client.get(url)
    assert response.status_code == status, url
    return main(response.content.decode())


def filled(world: World, **changes: Any) -> dict[str, Any]:
    members = [member.pk for member in council_of(world["lf"])]
    given = {"held_on": timezone.localdate(), "place": "Trụ sở", "present": members}
    return given | {"assessment": [world.assessment.pk]} | changes


def resolved(world: World, meeting: CouncilMeeting, **changes: Any) -> dict[str, Any]:
    given = {"outcome": "approved", "votes_for": 9, "opinion": ""} | changes
    body = {f"item-{world.assessment.pk}-{name}": value for name, value in given.items()}
    return body | {"version": CouncilMeeting.objects.get(pk=meeting.pk).version, "conclusion": "Nhất trí."}


class TestScope:
    @pytest.mark.parametrize("role", ROLES)
    def test_members_and_new_are_the_wards_own(self, client: Client, waiting: World, role: str) -> None:
        own = role in ("of", "lf", "oo", "ol")
        for url in (MEMBERS, NEW):
            client.force_login(waiting[role])
            response = client.get(url)
            assert response.status_code == (200 if own else 404)
            before = fingerprint()
            if not own:
                assert client.post(url, {"full_name": "A"}).status_code == 404
                assert fingerprint() == before

    @pytest.mark.parametrize("role", ROLES)
    def test_an_open_meeting_is_the_wards_own(self, client: Client, waiting: World, role: str) -> None:
        meeting = meet(waiting["of"], waiting.assessment)
        client.force_login(waiting[role])
        before = fingerprint()
        for name in ("meeting", "edit"):
            assert client.get(address(name, meeting)).status_code == (200 if role in WARD else 404)
        expected = {"lf": 200, "of": 302}.get(role, 404)
        assert client.get(address("conclude", meeting)).status_code == expected
        assert client.post(address("conclude", meeting), {}).status_code == expected
        if role not in WARD:
            assert client.post(address("edit", meeting), filled(waiting)).status_code == 404
            assert client.post(address("drop", meeting), {"version": 1}).status_code == 404
            assert client.post(address("attach", meeting), {}).status_code == 404
        assert fingerprint() == before

    @pytest.mark.parametrize("role", ROLES)
    def test_a_concluded_meeting_is_read_by_ward_and_city(self, client: Client, waiting: World, role: str) -> None:
        meeting = approve(waiting["lf"], waiting.assessment)
        client.force_login(waiting[role])
        reads = role in (*WARD, *CITY)
        before = fingerprint()
        response = client.get(address("meeting", meeting))
        assert response.status_code == (200 if reads else 404)
        if reads:
            assert has_form(response.content.decode()) == (role in WARD), "the signed paper's form"
        for name in ("drop", "attach"):
            answer = client.post(address(name, meeting), {"version": 1}, follow=True)
            assert answer.status_code == (200 if reads else 404)
            assert not reads or has_error(answer.content.decode())
        assert fingerprint() == before

    @pytest.mark.parametrize("role", ROLES)
    def test_list(self, client: Client, waiting: World, role: str) -> None:
        meeting = approve(waiting["lf"], waiting.assessment)
        client.force_login(waiting[role])
        response = client.get(LIST)
        reads = role in (*WARD, *CITY, "oo", "ol")
        assert response.status_code == (200 if reads else 404)
        if reads:
            shown = f'href="{address("meeting", meeting)}"' in response.content.decode()
            assert shown == (role in (*WARD, *CITY))

    def test_the_city_does_not_see_what_is_being_prepared(self, client: Client, waiting: World) -> None:
        meet(waiting["lf"], waiting.assessment)
        assert "Chưa có cuộc họp nào năm 2025." in page(client, waiting["ha"], LIST)
        assert "Dự thảo" in page(client, waiting["of"], LIST)

    def test_unknown(self, client: Client, waiting: World) -> None:
        client.force_login(waiting["lf"])
        for url in (
            "/hoi-dong/999999/",
            "/hoi-dong/999999/sua/",
            "/hoi-dong/999999/ket-luan/",
            "/ke-hoach/1999/hoi-dong/",
            "/hoi-dong/thanh-vien/999999/",
        ):
            assert client.get(url).status_code == 404
        for url in ("/hoi-dong/999999/bo/", "/hoi-dong/999999/ban-ky/", "/hoi-dong/thanh-vien/999999/len/"):
            assert client.post(url).status_code == 404
            assert client.get(url).status_code == 405


class TestMembers:
    def test_empty_list_says_what_to_do(self, client: Client, world: World) -> None:
        found = page(client, world["of"], MEMBERS)
        assert "chưa có thành viên hội đồng nào" in found and "chưa có Chủ tịch hội đồng" in found

    def test_added_and_refused(self, client: Client, world: World) -> None:
        client.force_login(world["of"])
        given = {"full_name": "Chủ tịch <UBND>", "job_title": "UBND phường", "role": "chair"}
        answer = client.post(MEMBERS, given, follow=True)
        assert "Đã thêm Chủ tịch &lt;UBND&gt;." in answer.content.decode()
        before = fingerprint()
        for wrong, sentence in (
            ({"full_name": "Người khác"}, "Hội đồng chỉ có một Chủ tịch, hiện là Chủ tịch &lt;UBND&gt;"),
            ({"full_name": ""}, "Chưa nhập họ và tên."),
            ({"full_name": "a" * 151, "role": "member"}, "150"),
            ({"full_name": "B", "role": "king"}, "chọn một giá trị trong danh sách"),
            ({"full_name": "B\x00", "role": "member", "job_title": ""}, "Chưa nhập chức vụ"),
        ):
            found = main(client.post(MEMBERS, given | wrong).content.decode())
            assert has_error(f"<main{found}") and sentence in found, wrong
        assert fingerprint() == before

    def test_edited_and_stale(self, client: Client, waiting: World) -> None:
        member = CouncilMember.objects.get(role="secretary")
        url = reverse("assessments:council_member", args=[member.pk])
        found = page(client, waiting["of"], url)
        shown = "|".join([member.full_name, member.job_title, member.role, "True"])
        assert f'value="{shown}"' in found
        given = {"full_name": "Công chức Văn phòng", "job_title": member.job_title, "role": "secretary"}
        assert client.post(url, given | {"shown": shown}).status_code == 302
        answer = client.post(url, given | {"shown": shown, "full_name": "Ý khác"}).content.decode()
        assert "Người khác vừa sửa thành viên này" in answer and 'value="Ý khác"' in answer
        member.refresh_from_db()
        assert member.full_name == "Công chức Văn phòng"

    def test_steps(self, client: Client, waiting: World) -> None:
        client.force_login(waiting["of"])
        last = council_of(waiting["lf"])[-1]

        def do(step: str) -> str:
            url = reverse("assessments:council_member_do", args=[last.pk, step])
            answer = client.post(url, follow=True)
            return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)

        do("len")
        assert council_of(waiting["lf"])[-2].pk == last.pk
        assert "thôi tham gia hội đồng" in do("thoi")
        assert last.pk not in [member.pk for member in council_of(waiting["lf"])]
        assert "Đã thôi tham gia" in page(client, waiting["of"], MEMBERS)
        assert "tham gia lại hội đồng" in do("lai")
        assert do("xoa") == "404"
        client.force_login(waiting["oo"])
        assert do("thoi") == "404"


class TestMeeting:
    def test_new_offers_what_waits(self, client: Client, waiting: World) -> None:
        other = factories.open_assessment(unit=waiting.free_unit, plan=waiting.plan, officer=waiting["of"])
        factories.in_state(other, State.COUNCIL)

        def ticked(url: str) -> set[int]:
            found = page(client, waiting["of"], url)
            return {a.pk for a in (waiting.assessment, other) if f'name="assessment" value="{a.pk}" checked' in found}

        assert ticked(NEW) == {waiting.assessment.pk, other.pk}
        assert ticked(f"{NEW}?ho-so={other.pk}") == {other.pk}
        assert ticked(f"{NEW}?ho-so=abc") == {waiting.assessment.pk, other.pk}
        assert ticked(f"{NEW}?ho-so={waiting.waiting.pk}") == {waiting.assessment.pk, other.pk}
        meet(waiting["lf"], other)
        assert ticked(NEW) == {waiting.assessment.pk}
        approve(waiting["lf"], waiting.assessment)
        found = page(client, waiting["of"], NEW)
        assert f'name="assessment" value="{waiting.assessment.pk}"' not in found, "approved already"

    def test_the_self_result_with_what_is_missing(self, client: Client, waiting: World) -> None:
        bad = ["tc-1.2", "tc-2.1", "tc-2.2"]
        factories.in_state(waiting.assessment, State.DRAFT)
        answer_all(waiting["of"], waiting.assessment, bad=bad)
        factories.in_state(waiting.assessment, State.COUNCIL)
        found = page(client, waiting["of"], NEW)
        assert "✕ Chưa đủ điều kiện" in found and "83/83 mục" in found
        assert "Tiêu chuẩn 2: đạt 6/8, cần 7, thiếu 1 (chưa đạt: 2.1, 2.2)." in found
        factories.in_state(waiting.assessment, State.DRAFT)
        answer_all(waiting["of"], waiting.assessment)
        factories.in_state(waiting.assessment, State.COUNCIL)
        assert "✓ Đủ điều kiện" in page(client, waiting["of"], NEW)

    def test_without_members_or_units(self, client: Client, world: World) -> None:
        assert "Lập danh sách thành viên" in page(client, world["of"], NEW)
        council_of(world["lf"])
        assert "Không có hồ sơ nào chờ hội đồng." in page(client, world["of"], NEW)

    def test_saved_changed_concluded(self, client: Client, waiting: World) -> None:
        client.force_login(waiting["of"])
        absent = council_of(waiting["lf"])[-1]
        present = [member.pk for member in council_of(waiting["lf"])[:-1]]
        body = filled(waiting, present=present, **{f"reason-{absent.pk}": "Đi <công tác>"})
        answer = client.post(NEW, body)
        meeting = CouncilMeeting.objects.get()
        assert answer.status_code == 302 and answer.url == address("meeting", meeting)
        found = page(client, waiting["of"], address("meeting", meeting))
        assert "8/9 thành viên" in found and "Đi &lt;công tác&gt;" in found and "Chốt biên bản" not in found
        found = page(client, waiting["of"], address("edit", meeting))
        assert f'value="{absent.pk}" checked' not in found and "Đi &lt;công tác&gt;" in found
        assert client.post(address("edit", meeting), filled(waiting, version=1)).status_code == 302
        found = page(client, waiting["lf"], address("meeting", meeting))
        assert "9/9 thành viên" in found and "Chốt biên bản" in found
        found = page(client, waiting["lf"], address("conclude", meeting))
        assert 'value="approved"' in found and " checked" not in found, "nothing is resolved beforehand"
        answer = client.post(address("conclude", meeting), resolved(waiting, meeting), follow=True)
        found = main(answer.content.decode())
        assert "Đã chốt biên bản họp hội đồng." in found and "✓ Thông qua" in found and "Nhất trí." in found
        assert reverse("assessments:submissions", args=[2025]) in found

    def test_a_refusal_keeps_everything_and_names_the_unit(self, client: Client, waiting: World) -> None:
        meeting = meet(waiting["of"], waiting.assessment)
        client.force_login(waiting["lf"])
        body = resolved(waiting, meeting, outcome="returned", opinion="", votes_for=3)
        found = main(client.post(address("conclude", meeting), body).content.decode())
        assert f"{waiting.unit}: Cần ghi rõ lý do." in found and "Nhất trí." in found and 'value="3"' in found
        assert "checked" in found.partition('value="returned"')[2].partition(">")[0]

    def test_returned(self, client: Client, waiting: World) -> None:
        meeting = meet(waiting["of"], waiting.assessment)
        client.force_login(waiting["lf"])
        body = resolved(waiting, meeting, outcome="returned", opinion="Thiếu <biên bản>", votes_for="")
        client.post(address("conclude", meeting), body)
        found = page(client, waiting["of"], reverse("assessments:detail", args=[waiting.assessment.pk]))
        assert "Thiếu &lt;biên bản&gt;" in found
        waiting.assessment.refresh_from_db()
        assert waiting.assessment.state == State.DRAFT

    def test_twice(self, client: Client, waiting: World) -> None:
        client.force_login(waiting["lf"])
        for _ in range(2):
            assert client.post(NEW, filled(waiting)).status_code == 302
        meeting = CouncilMeeting.objects.get()
        body = resolved(waiting, meeting)
        for _ in range(2):
            assert client.post(address("conclude", meeting), body).status_code == 302
        assert Event.objects.filter(action="approve").count() == 1
        assert client.get(address("conclude", meeting)).status_code == 302
        answer = client.get(address("edit", meeting), follow=True)
        assert "đã chốt nên không sửa được" in answer.content.decode()

    def test_dropped(self, client: Client, waiting: World) -> None:
        meeting = meet(waiting["of"], waiting.assessment)
        client.force_login(waiting["lf"])
        for version in ("", "abc", "7"):
            answer = client.post(address("drop", meeting), {"version": version}, follow=True)
            assert "Người khác vừa sửa biên bản này" in answer.content.decode()
        answer = client.post(address("drop", meeting), {"version": 1}, follow=True)
        assert "Đã bỏ biên bản chưa chốt" in answer.content.decode() and not CouncilMeeting.objects.exists()


class TestSignedMinutes:
    def send(self, client: Client, meeting: CouncilMeeting, file: File | None) -> str:
        body = {"file": file} if file else {}
        return client.post(address("attach", meeting), body, follow=True).content.decode()

    def test_kept_and_read_by_whom_it_concerns(self, client: Client, waiting: World) -> None:
        meeting = approve(waiting["lf"], waiting.assessment)
        client.force_login(waiting["of"])
        content = files.pdf()
        assert "Đã đính kèm “biên bản.pdf”." in self.send(client, meeting, files.upload("biên bản.pdf", content))
        again = self.send(client, meeting, files.upload("lại.pdf", content))
        assert "Tệp này đã có với tên “biên bản.pdf”." in again
        paper = Attachment.objects.get()
        url = reverse("assessments:attachment", args=[paper.pk])
        assert url == f"/van-ban-ky/{paper.pk}/" and f'href="{url}"' in again
        for role in ROLES:
            client.force_login(waiting[role])
            response = client.get(url)
            assert response.status_code == (200 if role in (*WARD, *CITY) else 404), role
            if response.status_code == 200:
                b"".join(response.streaming_content)  # type: ignore[attr-defined]  reading to the end closes the file
            assert client.post(url).status_code == 405
        client.force_login(waiting["ha"])
        response = client.get(url)
        assert b"".join(response.streaming_content) == content  # type: ignore[attr-defined]
        assert response["Content-Type"] == "application/pdf" and response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store" and "sandbox" in response["Content-Security-Policy"]
        assert "bi%C3%AAn" in response["Content-Disposition"]
        assert client.get("/van-ban-ky/999999/").status_code == 404

    def test_refused(self, client: Client, waiting: World, settings: Any) -> None:
        meeting = meet(waiting["of"], waiting.assessment)
        client.force_login(waiting["of"])
        assert "Chốt biên bản trước" in self.send(client, meeting, files.upload("a.pdf", files.pdf()))
        meeting = approve(waiting["lf"], waiting.assessment)
        assert "Chọn tệp PDF" in self.send(client, meeting, None)
        assert "không phải PDF" in self.send(client, meeting, files.upload("a.pdf", files.jpg()))
        settings.UPLOAD_MAX_BYTES = 100
        assert "lớn hơn" in self.send(client, meeting, files.upload("a.pdf", files.pdf()))
        assert not Attachment.objects.exists()


class TestQueries:
    """One row or three: the same queries."""

    @pytest.fixture
    def adding(self, waiting: World) -> Callable[[], Assessment]:
        def add() -> Assessment:
            unit = factories.UnitFactory(ward=waiting.ward)
            factories.UnitHeadFactory(unit=unit)
            made = factories.open_assessment(unit=unit, plan=waiting.plan, officer=waiting["of"])
            answer_all(waiting["of"], made)
            return factories.in_state(made, State.COUNCIL)

        return add

    @pytest.mark.parametrize("role", ["of", "ha"])
    def test_list(self, client: Client, waiting: World, adding: Callable[[], Assessment], role: str) -> None:
        def add() -> None:
            council.drop_meeting(user=waiting["lf"], meeting_id=meet(waiting["lf"], adding()).pk)
            factories.in_state(waiting.assessment, State.COUNCIL)
            meeting = meet(waiting["lf"], waiting.assessment, place=f"Nơi {CouncilMeeting.objects.count()}")
            council.conclude_meeting(
                user=waiting["lf"],
                meeting_id=meeting.pk,
                resolutions={waiting.assessment.pk: council.Resolution(False, None, "Thiếu")},
            )

        same_for_three(client, waiting[role], LIST, add, 10)

    def test_forms(self, client: Client, waiting: World, adding: Callable[[], Assessment]) -> None:
        same_for_three(client, waiting["of"], NEW, adding, 12)
        same_for_three(
            client,
            waiting["of"],
            MEMBERS,
            lambda: CouncilMember.objects.create(ward=waiting.ward, full_name="A", job_title="B", role="member"),
            8,
        )

    @pytest.mark.parametrize("name", ["meeting", "edit", "conclude"])
    def test_one_meeting(self, client: Client, waiting: World, adding: Callable[[], Assessment], name: str) -> None:
        client.force_login(waiting["lf"])
        costs = [
            cost(client, address(name, meet(waiting["lf"], *[adding() for _ in range(number)]))) for number in (1, 3)
        ]
        assert costs[0] == costs[1] <= 16

    def test_first_pages(self, client: Client, waiting: World, adding: Callable[[], Assessment]) -> None:
        def add() -> None:
            adding()
            meet(waiting["lf"], adding())
            approve(waiting["lf"], adding())
            factories.in_state(adding(), State.DRAFT)

        for role in ("lf", "of", "hd"):
            same_for_three(client, waiting[role], "/", add, 20)
        same_for_three(client, waiting["of"], reverse("assessments:list", args=[2025]), add, 11)
