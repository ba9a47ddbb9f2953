"""Saving by itself: what a person typed is never lost, never written twice, never over somebody else's."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Request, Route, expect

from accounts.models import User
from assessments.models import Assessment, Event, Figure, Verdict
from tests import factories
from tests.assessments.roads import answer_all
from tests.browser.screens import NewPage, Sheet, sign_in_on_screen

SAVES = re.compile(r"/muc/")
LONG = "Ngày mười lăm hằng tháng ra quân dọn vệ sinh, phát quang ngõ xóm; có biên bản, ảnh chụp và danh sách kèm theo. "


def answers_recorded(assessment: Assessment, key: str) -> int:
    return Event.objects.filter(assessment=assessment, kind=Event.Kind.ANSWERED, entry__key=key).count()


def reopen(sheet: Sheet) -> None:
    """Close the tab and open the page in a new one of the same browser."""
    context = sheet.page.context
    sheet.page.close()
    sheet.page = context.new_page()
    context.set_offline(False)
    sheet.open()


# ---- Every change, and nothing but changes ----


def test_every_change_saves_itself_and_says_so(sheet: Sheet) -> None:
    sheet.verdict("tc-1.1", "Đạt").click()
    sheet.expect_saved("tc-1.1")
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu").fill("4")
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-mau").fill("5")
    expect(sheet.entry("tc-1.1").locator(".figure-result")).to_have_text("80 %")
    sheet.note("tc-1.1").fill("Một người đang học")
    sheet.expect_saved("tc-1.1")

    stored = sheet.stored("tc-1.1")
    assert stored is not None
    assert (stored.stated, stored.value, stored.note) == ("met", "not_met", "Một người đang học")
    assert Figure.objects.values_list("numerator", "denominator").get(verdict=stored) == (4, 5)
    expect(sheet.entry("tc-1.1").locator(".why")).to_contain_text("80 %, yêu cầu 100 %, nên không đạt")
    expect(sheet.result).to_contain_text("1/83 mục đã đánh giá")
    expect(sheet.result).to_contain_text("chưa đạt: 1.1")


def test_opening_and_looking_writes_nothing(
    sheet: Sheet, assessment: Assessment, officer: User, home_affairs: User, new_page: NewPage
) -> None:
    answer_all(officer, assessment)
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method != "GET":
            sent.append(request.url)

    def facts() -> tuple[object, ...]:
        rows = Verdict.objects.filter(assessment=assessment).order_by("pk")
        return Event.objects.count(), list(rows.values_list("pk", "stated", "value", "note", "version", "updated_at"))

    before = facts()
    sheet.page.on("request", note)
    sheet.open()
    sheet.note("tc-1.1").focus()
    for _ in range(6):
        sheet.page.keyboard.press("Tab")
    sheet.page.evaluate("document.activeElement.blur()")
    sheet.page.reload(wait_until="networkidle")
    factories.in_state(assessment, "appraisal")
    appraising = new_page(home_affairs)
    appraising.on("request", note)
    appraising.goto(f"/ho-so/{assessment.pk}/tham-dinh/", wait_until="networkidle")
    assert sent == []
    assert facts() == before


def test_fast_typing_loses_no_keystroke_while_saves_are_under_way(sheet: Sheet, assessment: Assessment) -> None:
    page, text = sheet.page, (LONG * 3).strip()
    sheet.note("tc-2.1").focus()
    # Saves of the same entry go out one after the other all the time somebody types in it.
    page.evaluate(
        """() => {
          const radio = document.querySelector('[data-key="tc-2.1"] input[name=stated]');
          radio.checked = true;
          window.saving = setInterval(() => radio.dispatchEvent(new Event("input", { bubbles: true })), 30);
        }"""
    )
    page.keyboard.type(text)
    page.evaluate("clearInterval(window.saving)")
    expect(sheet.note("tc-2.1")).to_have_value(text)
    sheet.expect_saved("tc-2.1")
    stored = sheet.stored("tc-2.1")
    assert stored is not None
    assert stored.note == text
    assert stored.version == answers_recorded(assessment, "tc-2.1") > 2, "no save was under way while typing"


def test_says_saving_as_long_as_newer_text_waits(sheet: Sheet) -> None:
    """The answer to the verdict must not call the note saved that was typed meanwhile."""
    held: list[Route] = []
    sheet.page.route(SAVES, lambda route: held.append(route))
    sheet.verdict("tc-2.1", "Đạt").click()
    sheet.note("tc-2.1").fill("gõ trong lúc lưu")
    with sheet.page.expect_request(SAVES):
        held.pop().continue_()
    expect(sheet.state("tc-2.1")).to_have_text("Đang lưu")
    held.pop().continue_()
    sheet.expect_saved("tc-2.1")


def test_bulk_waits_for_what_was_just_typed(sheet: Sheet) -> None:
    sheet.note("tc-1.2").fill("Gõ rồi bấm ngay")
    sheet.page.locator("#tieu-chuan-1").get_by_role("button", name="Đạt mọi tiêu chí của tiêu chuẩn này").click()
    expect(sheet.page.locator(".bulk-undo")).to_contain_text("4 tiêu chí của tiêu chuẩn 1")
    expect(sheet.note("tc-1.2")).to_have_value("Gõ rồi bấm ngay")
    stored = sheet.stored("tc-1.2")
    assert stored is not None
    assert (stored.note, stored.value) == ("Gõ rồi bấm ngay", "met")


def test_refused_answer_stays_and_goes_with_the_next_change(sheet: Sheet) -> None:
    sheet.verdict("nd-2.2.1", "Không áp dụng").click()
    expect(sheet.notice("nd-2.2.1")).to_contain_text("cần ghi lý do")
    assert sheet.stored("nd-2.2.1") is None
    expect(sheet.chosen("nd-2.2.1", "not_applicable")).to_have_count(1)
    sheet.note("nd-2.2.1").fill("Tổ không sản xuất nông nghiệp")
    sheet.expect_saved("nd-2.2.1")
    expect(sheet.notice("nd-2.2.1")).to_be_empty()
    stored = sheet.stored("nd-2.2.1")
    assert stored is not None
    assert stored.value == "not_applicable"


# ---- Without network, without server, without session ----


def test_offline_keeps_and_saves_when_the_network_is_back(sheet: Sheet) -> None:
    context = sheet.page.context
    context.set_offline(True)
    sheet.note("tc-1.1").fill("Ghi khi không có mạng")
    sheet.verdict("tc-1.2", "Không đạt").click()
    expect(sheet.bar).to_have_text("Chưa có mạng, đã giữ trên máy này: 2 mục.")
    assert "Ghi khi không có mạng" in sheet.kept_here()
    assert sheet.stored("tc-1.1") is None
    context.set_offline(False)
    sheet.expect_saved("tc-1.1")
    sheet.expect_saved("tc-1.2")
    expect(sheet.bar).to_be_hidden()
    assert sheet.kept_here() == "{}"
    first, second = sheet.stored("tc-1.1"), sheet.stored("tc-1.2")
    assert first is not None and second is not None
    assert (first.note, second.value) == ("Ghi khi không có mạng", "not_met")


def test_tab_closed_without_network_gives_everything_back(sheet: Sheet, assessment: Assessment) -> None:
    sheet.page.context.set_offline(True)
    sheet.verdict("tc-1.2", "Không đạt").click()
    sheet.note("tc-1.2").fill("Viết lúc mất mạng")
    expect(sheet.bar).to_contain_text("Chưa có mạng")
    reopen(sheet)
    expect(sheet.note("tc-1.2")).to_have_value("Viết lúc mất mạng")
    expect(sheet.chosen("tc-1.2", "not_met")).to_have_count(1)
    sheet.expect_saved("tc-1.2")
    assert sheet.kept_here() == "{}"
    stored = sheet.stored("tc-1.2")
    assert stored is not None
    assert (stored.note, stored.value) == ("Viết lúc mất mạng", "not_met")
    assert answers_recorded(assessment, "tc-1.2") == 1
    sheet.verdict("tc-1.3", "Đạt").click()  # and saving goes on as ever
    sheet.expect_saved("tc-1.3")


def test_leaving_right_after_the_last_key(sheet: Sheet) -> None:
    sheet.note("tc-1.2").fill("Rời trang ngay")
    sheet.page.goto("/ke-hoach/")
    sheet.open()
    expect(sheet.note("tc-1.2")).to_have_value("Rời trang ngay")
    sheet.expect_saved("tc-1.2")
    assert sheet.kept_here() == "{}"


def test_server_error_is_tried_again(sheet: Sheet) -> None:
    sheet.page.route(SAVES, lambda route: route.fulfill(status=500, body="Lỗi"), times=1)
    sheet.verdict("tc-1.1", "Đạt").click()
    expect(sheet.bar).to_have_text("Máy chủ chưa lưu được, sẽ tự thử lại: 1 mục.")
    sheet.expect_saved("tc-1.1")
    expect(sheet.bar).to_be_hidden()
    assert sheet.stored("tc-1.1") is not None


def test_session_ended_while_typing(sheet: Sheet, officer: User) -> None:
    page = sheet.page
    Session.objects.all().delete()
    sheet.verdict("tc-1.4", "Đạt").click()
    sheet.note("tc-1.4").fill("Viết khi phiên đã hết")
    expect(sheet.bar).to_contain_text("Phiên làm việc đã hết; nội dung đã giữ trên máy này")
    expect(sheet.note("tc-1.4")).to_have_value("Viết khi phiên đã hết")
    sheet.bar.get_by_role("link", name="Đăng nhập lại để lưu tiếp").click()
    sign_in_on_screen(page, officer, factories.PASSWORD)
    expect(page).to_have_url(re.compile(re.escape(sheet.path)))
    expect(sheet.note("tc-1.4")).to_have_value("Viết khi phiên đã hết")
    sheet.expect_saved("tc-1.4")
    stored = sheet.stored("tc-1.4")
    assert stored is not None
    assert (stored.note, stored.value) == ("Viết khi phiên đã hết", "met")


def lose_acknowledgement(page: Page) -> None:
    """The server handles the next save, but its answer never arrives."""

    def handle(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(SAVES, handle, times=1)


def test_lost_acknowledgement_makes_no_second_answer(sheet: Sheet, assessment: Assessment) -> None:
    lose_acknowledgement(sheet.page)
    sheet.verdict("tc-1.1", "Đạt").click()
    expect(sheet.bar).to_contain_text("Chưa có mạng")
    sheet.expect_saved("tc-1.1")
    expect(sheet.notice("tc-1.1")).to_be_empty()
    assert answers_recorded(assessment, "tc-1.1") == 1


def test_lost_acknowledgement_and_typed_on_is_no_conflict_with_oneself(sheet: Sheet, assessment: Assessment) -> None:
    lose_acknowledgement(sheet.page)
    sheet.verdict("tc-1.1", "Đạt").click()
    expect(sheet.bar).to_contain_text("Chưa có mạng")
    sheet.note("tc-1.1").fill("Viết tiếp")
    sheet.expect_saved("tc-1.1")
    expect(sheet.notice("tc-1.1")).to_be_empty()
    stored = sheet.stored("tc-1.1")
    assert stored is not None
    assert (stored.value, stored.note) == ("met", "Viết tiếp")
    assert answers_recorded(assessment, "tc-1.1") == 2


# ---- Two people on one criterion ----


@pytest.fixture
def colleague(assessment: Assessment, officer: User, sheet: Sheet, new_page: NewPage) -> Sheet:
    """A second officer of the ward with the same page open in another browser."""
    other = factories.WardOfficerFactory(ward=officer.ward, full_name="Lò Thị Hai")
    return Sheet(new_page(other), assessment).open()


def differ(sheet: Sheet, colleague: Sheet) -> None:
    """The colleague answers first, then this person otherwise, who is told."""
    colleague.verdict("tc-3.4", "Không đạt").click()
    colleague.note("tc-3.4").fill("Ý của người kia")
    colleague.expect_saved("tc-3.4")
    sheet.note("tc-3.4").fill("Ý của tôi")
    sheet.verdict("tc-3.4", "Đạt").click()
    expect(sheet.notice("tc-3.4")).to_contain_text(re.compile(r"Lò Thị Hai đã lưu lúc .*Không đạt.*Ý của người kia"))
    expect(sheet.note("tc-3.4")).to_have_value("Ý của tôi")
    stored = sheet.stored("tc-3.4")
    assert stored is not None
    assert (stored.value, stored.note) == ("not_met", "Ý của người kia")


def test_keeping_theirs(sheet: Sheet, colleague: Sheet, assessment: Assessment) -> None:
    differ(sheet, colleague)
    recorded = answers_recorded(assessment, "tc-3.4")
    sheet.notice("tc-3.4").get_by_role("button", name="Giữ của họ").click()
    expect(sheet.notice("tc-3.4")).to_be_empty()
    expect(sheet.note("tc-3.4")).to_have_value("Ý của người kia")
    expect(sheet.chosen("tc-3.4", "not_met")).to_have_count(1)
    sheet.expect_saved("tc-3.4")
    assert answers_recorded(assessment, "tc-3.4") == recorded
    assert sheet.kept_here() == "{}"
    sheet.note("tc-3.4").fill("Ý của người kia, tôi bổ sung")
    sheet.expect_saved("tc-3.4")
    stored = sheet.stored("tc-3.4")
    assert stored is not None
    assert stored.note == "Ý của người kia, tôi bổ sung"


def test_saving_mine(sheet: Sheet, colleague: Sheet) -> None:
    differ(sheet, colleague)
    sheet.notice("tc-3.4").get_by_role("button", name="Lưu của tôi").click()
    sheet.expect_saved("tc-3.4")
    expect(sheet.notice("tc-3.4")).to_be_empty()
    stored = sheet.stored("tc-3.4")
    assert stored is not None
    assert (stored.value, stored.note) == ("met", "Ý của tôi")
    colleague.note("tc-3.4").fill("Người kia sửa tiếp")
    expect(colleague.notice("tc-3.4")).to_contain_text("Ý của tôi")


def test_conflict_outlives_the_tab(sheet: Sheet, colleague: Sheet) -> None:
    """Unanswered, the question comes back with the page: neither side's words are lost."""
    differ(sheet, colleague)
    reopen(sheet)
    expect(sheet.notice("tc-3.4")).to_contain_text("Ý của người kia")
    expect(sheet.note("tc-3.4")).to_have_value("Ý của tôi")
