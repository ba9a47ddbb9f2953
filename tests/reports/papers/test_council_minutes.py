"""Minutes and receipts on paper: complete, in the decree's form, a draft marked as one."""

from datetime import date, time
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from assessments import council, moving
from assessments.models import Assessment, CouncilMeeting, CouncilMember, Plan, Submission
from assessments.workflow import State
from reports.papers import council_minutes
from tests import factories
from tests.assessments.roads import People, answer_all, approve_and_submit, council_of, meet, walk
from tests.assessments.test_council_members import add as add_member
from tests.queries import cost
from tests.reports import data
from tests.reports.addresses import file_url
from tests.reports.conftest import squeezed

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=file:///etc/passwd><b>đậm</b> &amp; {{ settings.SECRET_KEY }}"


@pytest.fixture(autouse=True)
def authority(db: None) -> None:
    data.city_authority()


@pytest.fixture
def two(people: People, assessment: Assessment, plan: Plan) -> list[Assessment]:
    """One that qualifies, one that does not."""
    second = factories.open_assessment(plan=plan, officer=people.officer)
    walk(people, assessment, State.COUNCIL)
    return [assessment, walk(people, second, State.COUNCIL, bad=["tc-1.1"])]


def text(user: User, meeting: CouncilMeeting) -> str:
    return squeezed("".join(pages(user, file_url("bien-ban-hoi-dong", meeting.pk))))


def pages(user: User, url: str) -> list[str]:
    client = Client()
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200 and response["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(BytesIO(response.content)).pages]


def prepared(people: People, *units: Assessment, **changes: Any) -> CouncilMeeting:
    given = {"held_on": date(2026, 2, 5), "starts_at": time(8, 5), "ends_at": time(10, 30)} | changes
    return meet(people.officer, *units, present=7, **given)


def concluded(people: People, *units: Assessment, **changes: Any) -> CouncilMeeting:
    yes, no = council.Resolution(True, 6, "Duy trì."), council.Resolution(False, 2, "Xem lại 1.1.")
    return council.conclude_meeting(
        user=people.leader,
        meeting_id=prepared(people, *units, **changes).pk,
        resolutions={unit.pk: yes if position == 0 else no for position, unit in enumerate(units)},
        conclusion="Nhất trí đề nghị.\nGiao cán bộ hoàn thiện.",
    )


def test_everything_stands_on_it(people: People, two: list[Assessment]) -> None:
    meeting = concluded(people, *two, guests="Bí thư chi bộ")
    printed, ward = text(people.leader, meeting), people.leader.ward
    assert ward is not None
    chair, secretary, *_, absent = council_of(people.leader)
    for line in (
        f"UBND PHƯỜNG {ward.name.upper()}",
        "HỘI ĐỒNG THẨM ĐỊNH, TỰ ĐÁNH GIÁ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BIÊN BẢN",
        f"Về việc họp xét kết quả tự đánh giá tổ dân phố, bản tự quản, phát triển toàn diện năm {meeting.plan.year}",
        "Thời gian bắt đầu: 08 giờ 05 phút, ngày 05 tháng 02 năm 2026.",
        "Địa điểm: Trụ sở UBND phường.",
        "có mặt 7/9 thành viên hội đồng",
        f"{absent.full_name}, {absent.job_title} (Ủy viên; lý do: không nêu)",
        "Đại biểu mời dự: Bí thư chi bộ",
        f"Chủ trì (chủ tọa): {chair.full_name}, Chủ tịch hội đồng.",
        f"Thư ký (người ghi biên bản): {secretary.full_name}.",
        f"{two[0].unit}Đạt mớiĐủ điều kiện, đã đánh giá 83/83 mục.6/7Thông qua",
        "Chưa đủ điều kiện, đã đánh giá 83/83 mục. Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.1).",
        "2/7Trả lại cán bộ",
        f"Ý kiến của hội đồng về {two[1].unit}: Xem lại 1.1.",
        "Kết quả: thông qua 01 hồ sơ, trả lại 01 hồ sơ",
        "Kết luận: Nhất trí đề nghị. Giao cán bộ hoàn thiện.",
        "Cuộc họp kết thúc vào 10 giờ 30 phút, ngày 05 tháng 02 năm 2026./.",
        "THƯ KÝ",
        "CHỦ TỌA",
        "Nơi nhận:",
    ):
        assert squeezed(line) in printed, line
    assert "DỰTHẢO" not in printed


def test_a_draft_says_so_and_leaves_dots(people: People, two: list[Assessment]) -> None:
    printed = text(people.officer, prepared(people, *two, starts_at=None, ends_at=None))
    assert "DỰTHẢO" in printed
    assert squeezed("Thời gian bắt đầu: …… giờ …… phút, ngày 05 tháng 02 năm 2026.") in printed
    assert squeezed("Cuộc họp kết thúc vào …… giờ …… phút") in printed
    assert squeezed("Kết luận: ………") in printed and "Kếtquả:thôngqua" not in printed


def test_a_deputy_presides_when_the_chair_is_away(people: People, two: list[Assessment]) -> None:
    members = council_of(people.leader)
    CouncilMember.objects.filter(pk=members[2].pk).update(role="deputy")
    meeting = council.save_meeting(
        user=people.leader,
        plan_id=two[0].plan.pk,
        meeting=CouncilMeeting(held_on=date(2026, 2, 5), place="UBND"),
        attendance=[council.Present(m.pk, m.role not in ("chair", "secretary"), "Đi họp") for m in members],
        assessment_ids=[two[0].pk],
    )
    made = council_minutes.read(people.leader, (meeting.pk,))
    assert made.chair is not None and made.chair.role == "deputy" and made.secretary is None
    printed = text(people.leader, meeting)
    assert squeezed(f"Chủ trì (chủ tọa): {members[2].full_name}, Phó Chủ tịch hội đồng.") in printed
    assert squeezed("Thư ký (người ghi biên bản): ……") in printed and squeezed("lý do: Đi họp") in printed


def test_old_minutes_do_not_change(people: People, two: list[Assessment]) -> None:
    """Neither with the list of members nor with the answers."""
    meeting = concluded(people, *two)
    before = text(people.leader, meeting)
    chair = council_of(people.leader)[0]
    add_member(people.officer, "Tên khác", "chair", member_id=chair.pk)
    answer_all(people.officer, two[1])
    moving.council_return(user=people.leader, assessment_id=two[0].pk, reason="Thiếu.")
    assert text(people.leader, meeting) == before


def test_hostile_text_is_printed_as_it_was_typed(people: People, two: list[Assessment]) -> None:
    meeting = prepared(people, *two, place=HOSTILE, guests=HOSTILE, conclusion=HOSTILE)
    assert text(people.leader, meeting).count(squeezed(HOSTILE)) == 3


def test_who_gets_it(people: People, two: list[Assessment], client: Client) -> None:
    open_one = prepared(people, *two)
    url = file_url("bien-ban-hoi-dong", open_one.pk)
    assert url == f"/van-ban/bien-ban-hoi-dong/{open_one.pk}/tep.pdf"
    outsiders = [
        factories.WardLeaderFactory(),
        factories.UnitHeadFactory(unit=two[0].unit),
        factories.AgencyOfficerFactory(),
        factories.AdministratorFactory(),
    ]
    for user in (*outsiders, people.home_affairs):
        client.force_login(user)
        assert client.get(url).status_code == 404
    council.conclude_meeting(
        user=people.leader,
        meeting_id=open_one.pk,
        resolutions={unit.pk: council.Resolution(True, 7) for unit in two},
    )
    for user in (people.home_affairs, people.city_leader, people.officer):
        client.force_login(user)
        response = client.get(url)
        assert response.status_code == 200 and response["Cache-Control"] == "private, no-cache"
        assert 'filename="bien-ban-hoi-dong-' in response["Content-Disposition"]
    for user in outsiders:
        client.force_login(user)
        assert client.get(url).status_code == 404
    assert client.post(url).status_code == 405


def test_the_same_queries_for_one_unit_and_two(people: People, two: list[Assessment], client: Client) -> None:
    client.force_login(people.leader)
    costs = [cost(client, file_url("bien-ban-hoi-dong", prepared(people, *units).pk)) for units in (two[:1], two)]
    assert costs[0] == costs[1] <= 10


class TestReceipt:
    def printed(self, people: People, sent: Submission) -> str:
        return squeezed("".join(pages(people.leader, file_url("phieu-gui", sent.pk))))

    def test_everything_stands_on_it(self, people: People, two: list[Assessment], plan: Plan) -> None:
        factories.MilestoneFactory(plan=plan, before=date(2025, 10, 15))
        sent = approve_and_submit(people.leader, *two)
        printed, ward = self.printed(people, sent), people.leader.ward
        assert ward is not None
        for line in (
            "UBND THÀNH PHỐ LAI CHÂU",
            "PHIẾU GỬI HỒ SƠ",
            f"năm {plan.year}, lần gửi 1",
            "Kính gửi: Phòng Nội vụ.",
            f"{ward.authority_name} gửi 02 hồ sơ",
            f"người gửi: {people.leader.full_name}",
            f"1{two[0].unit}Đạt mới",
            "Nộp muộn, hạn trước 15/10/2025",
            "Chờ tiếp nhận",
            "NGƯỜI NHẬN",
            "NGƯỜI GỬI",
        ):
            assert squeezed(line) in printed, line

    def test_the_receiver_is_blank_until_all_is_accepted(self, people: People, two: list[Assessment]) -> None:
        sent = approve_and_submit(people.leader, *two)
        name = squeezed(people.home_affairs.full_name)
        moving.accept(user=people.home_affairs, assessment_id=two[0].pk)
        assert name not in self.printed(people, sent)
        moving.accept(user=people.home_affairs, assessment_id=two[1].pk)
        assert self.printed(people, sent).count(name) == 1

    def test_what_was_withdrawn_is_marked(self, people: People, two: list[Assessment]) -> None:
        sent = approve_and_submit(people.leader, *two)
        moving.withdraw(user=people.leader, assessment_id=two[0].pk)
        assert self.printed(people, sent).count("Đãrútlúc") == 1
