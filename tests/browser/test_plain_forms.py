"""Without scripts everything works as plain forms, and nothing that was typed is lost."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from assessments.models import Assessment, CouncilItem, Decision, Evidence, Verdict
from assessments.workflow import State
from tests import factories, files
from tests.assessments.roads import People, council_of, walk
from tests.browser.screens import NewPage, Sheet
from tests.reports.data import city_authority


@pytest.fixture
def plain_page(new_page: NewPage) -> NewPage:
    def plain_page(user: User) -> Page:
        return new_page(user, java_script_enabled=False)

    return plain_page


@pytest.fixture
def sheet(assessment: Assessment, officer: User, plain_page: NewPage) -> Sheet:
    return Sheet(plain_page(officer), assessment).open()


@pytest.fixture
def colleague(assessment: Assessment, officer: User, sheet: Sheet, plain_page: NewPage) -> Sheet:
    other = factories.WardOfficerFactory(ward=officer.ward, full_name="Lò Thị Hai")
    return Sheet(plain_page(other), assessment).open()


def save(sheet: Sheet, key: str) -> None:
    sheet.entry(key).get_by_role("button", name=f"Lưu mục {key.split('-')[1]}").click()


def answer(sheet: Sheet, key: str, verdict: str, note: str) -> None:
    sheet.verdict(key, verdict).click()
    sheet.note(key).fill(note)
    save(sheet, key)


def test_saving_one_answer(sheet: Sheet) -> None:
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu").fill("4")
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-mau").fill("5")
    answer(sheet, "tc-1.1", "Đạt", "Không cần tới tập lệnh")
    expect(sheet.page.get_by_text("Đã lưu mục 1.1.")).to_be_visible()
    expect(sheet.note("tc-1.1")).to_have_value("Không cần tới tập lệnh")
    expect(sheet.entry("tc-1.1")).to_contain_text("80 %, yêu cầu 100 %, nên không đạt")
    expect(sheet.page).to_have_url(re.compile(re.escape(f"{sheet.path}#tc-1-1")))
    stored = sheet.stored("tc-1.1")
    assert stored is not None
    assert (stored.stated, stored.value, stored.note) == ("met", "not_met", "Không cần tới tập lệnh")


def test_mistake_keeps_what_was_typed(sheet: Sheet) -> None:
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu").fill("6")
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-mau").fill("5")
    answer(sheet, "tc-1.1", "Đạt", "Số gõ nhầm")
    expect(sheet.notice("tc-1.1")).to_contain_text("(6) lớn hơn")
    expect(sheet.note("tc-1.1")).to_have_value("Số gõ nhầm")
    expect(sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu")).to_have_value("6")
    expect(sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-mau")).to_have_value("5")
    expect(sheet.chosen("tc-1.1", "met")).to_have_count(1)
    assert not Verdict.objects.exclude(stated="").exists()
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu").fill("5")
    save(sheet, "tc-1.1")
    expect(sheet.page.get_by_text("Đã lưu mục 1.1.")).to_be_visible()


def test_conflict_shows_both_and_saves_mine(sheet: Sheet, colleague: Sheet) -> None:
    answer(colleague, "tc-3.4", "Không đạt", "Ý của người kia")
    answer(sheet, "tc-3.4", "Đạt", "Ý của tôi")
    expect(sheet.notice("tc-3.4")).to_contain_text(re.compile("Lò Thị Hai đã lưu lúc .*Không đạt.*Ý của người kia"))
    expect(sheet.note("tc-3.4")).to_have_value("Ý của tôi")
    expect(sheet.chosen("tc-3.4", "met")).to_have_count(1)
    stored = sheet.stored("tc-3.4")
    assert stored is not None
    assert stored.note == "Ý của người kia"
    save(sheet, "tc-3.4")
    expect(sheet.page.get_by_text("Đã lưu mục 3.4.")).to_be_visible()
    stored.refresh_from_db()
    assert (stored.note, stored.value) == ("Ý của tôi", "met")


def test_conflict_can_keep_theirs(sheet: Sheet, colleague: Sheet) -> None:
    answer(colleague, "tc-3.4", "Không đạt", "Ý của người kia")
    answer(sheet, "tc-3.4", "Đạt", "Ý của tôi")
    sheet.notice("tc-3.4").get_by_role("link", name="tải lại trang").click()
    expect(sheet.notice("tc-3.4")).to_be_empty()
    expect(sheet.note("tc-3.4")).to_have_value("Ý của người kia")
    expect(sheet.chosen("tc-3.4", "not_met")).to_have_count(1)


def test_mistake_does_not_hide_a_conflict(sheet: Sheet, colleague: Sheet) -> None:
    """Correcting a number must not overwrite what somebody saved meanwhile without showing it."""
    answer(colleague, "tc-1.1", "Không đạt", "Ý của người kia")
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu").fill("nhiều")
    answer(sheet, "tc-1.1", "Đạt", "Ý của tôi")
    expect(sheet.notice("tc-1.1")).to_contain_text("không phải là số nguyên")
    sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu").fill("")
    save(sheet, "tc-1.1")
    expect(sheet.notice("tc-1.1")).to_contain_text("Ý của người kia")
    stored = sheet.stored("tc-1.1")
    assert stored is not None
    assert stored.note == "Ý của người kia"


def test_evidence(sheet: Sheet) -> None:
    content = files.pdf()
    evidence = sheet.entry("tc-3.4").locator(".evidence")
    evidence.get_by_text("+ Minh chứng").click()
    evidence.locator("input[type=file]").set_input_files(
        [
            {"name": "biên bản.pdf", "mimeType": "application/pdf", "buffer": content},
            {"name": "virus.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 khong phai PDF"},
        ]
    )
    evidence.get_by_label("hoặc tên, số ký hiệu văn bản").fill("Báo cáo số 15/BC")
    evidence.get_by_role("button", name="Thêm").click()
    expect(sheet.page.locator(".messages")).to_contain_text("virus.pdf")
    expect(evidence).to_contain_text("Báo cáo số 15/BC")
    link = evidence.get_by_role("link", name="biên bản.pdf")
    assert sheet.page.request.get(str(link.get_attribute("href"))).body() == content
    evidence.get_by_role("button", name="Gỡ biên bản.pdf").click()
    expect(link).to_have_count(0)
    assert Evidence.objects.filter(removed_at=None).count() == 1


def test_bulk_and_undo(sheet: Sheet) -> None:
    answer(sheet, "tc-1.2", "Không đạt", "Giữ lại")
    sheet.page.locator("#tieu-chuan-1").get_by_role("button", name="Đạt mọi tiêu chí của tiêu chuẩn này").click()
    expect(sheet.page.locator("#sheet-nav")).to_contain_text(re.compile(r"1\s+4/4\s+✓ đủ"))
    sheet.page.get_by_role("button", name="Hoàn tác").click()
    expect(sheet.page.get_by_text("Đã hoàn tác.")).to_be_visible()
    expect(sheet.chosen("tc-1.2", "not_met")).to_have_count(1)
    expect(sheet.note("tc-1.2")).to_have_value("Giữ lại")
    expect(sheet.entry("tc-1.1").locator("input:checked")).to_have_count(0)


def test_council_approves(people: People, assessment: Assessment, plain_page: NewPage) -> None:
    walk(people, assessment, State.COUNCIL)
    absent = council_of(people.leader)[-2:]
    page = plain_page(people.leader)
    page.goto(f"/ho-so/{assessment.pk}/")
    page.get_by_role("link", name="Họp hội đồng").click()
    page.get_by_label("Địa điểm").fill("Trụ sở UBND phường")
    for member in absent:
        page.get_by_role("checkbox", name=member.full_name).uncheck()
    page.get_by_label("Bắt đầu lúc").fill("09:00")
    page.get_by_label("Kết thúc lúc").fill("08:00")
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.get_by_text("Giờ kết thúc đứng trước giờ bắt đầu.")).to_be_visible()
    expect(page.get_by_role("checkbox", name=absent[0].full_name)).not_to_be_checked()
    page.get_by_label("Kết thúc lúc").fill("10:00")
    page.get_by_role("button", name="Lưu biên bản").click()
    page.get_by_role("link", name="Chốt biên bản").click()
    votes = page.get_by_label("Số phiếu tán thành")
    expect(votes).to_have_value("")  # nobody's votes are invented
    page.get_by_role("radio", name="Thông qua").check()
    votes.fill("8")
    page.get_by_label("Ý kiến của hội đồng").fill("Nhất trí")
    page.get_by_role("button", name="Chốt biên bản").click()
    expect(page.get_by_text(f"{assessment.unit}: Số phiếu tán thành không được lớn hơn số có mặt")).to_be_visible()
    expect(page.get_by_label("Ý kiến của hội đồng")).to_have_value("Nhất trí")
    page.get_by_label("Số phiếu tán thành").fill("7")
    page.get_by_role("button", name="Chốt biên bản").click()
    expect(page.get_by_text("Đã chốt biên bản họp hội đồng.")).to_be_visible()
    assert CouncilItem.objects.get().votes_for == 7
    page.get_by_role("link", name="Gửi thành phố").click()
    page.get_by_role("button", name="Gửi 1 hồ sơ").click()
    expect(page.get_by_text("Đã gửi thành phố.")).to_be_visible()
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED


def test_appraisal_and_decision(people: People, assessment: Assessment, plain_page: NewPage) -> None:
    city_authority()
    walk(people, assessment, State.APPRAISAL)
    page = plain_page(people.home_affairs)
    sheet = Sheet(page, assessment, layer="agency").open()
    page.get_by_role("button", name="Xác nhận theo tự đánh giá").click()
    answer(sheet, "tc-3.5", "Không đạt", "")
    expect(sheet.notice("tc-3.5")).to_contain_text("cần ghi lý do")
    expect(sheet.entry("tc-3.5")).to_contain_text("Tự đánh giá: Đạt")
    answer(sheet, "tc-3.5", "Không đạt", "Còn một cơ sở xả thải")
    expect(page.get_by_text("Đã lưu mục 3.5.")).to_be_visible()
    for name in ("Kết luận thẩm định", "Trình UBND thành phố"):
        page.locator("#sheet-result").get_by_role("link", name=name).click()
        page.get_by_role("button", name=name).click()

    page.goto("/")
    page.get_by_role("link", name="Ghi quyết định").click()
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Chưa nhập số, ký hiệu.")).to_be_visible()
    page.get_by_label("Số, ký hiệu").fill("77/QĐ-UBND")
    page.get_by_label("Ngày ban hành").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Chờ lãnh đạo thành phố xác nhận")).to_be_visible()

    page = plain_page(people.city_leader)
    page.goto("/")
    page.get_by_role("link", name="Xem và xác nhận").click()
    page.get_by_label("Tôi đã xem danh sách").check()
    page.get_by_role("button", name="Xác nhận quyết định").click()
    expect(page.get_by_text("Đã xác nhận Quyết định số 77/QĐ-UBND")).to_be_visible()
    assessment.refresh_from_db()
    assert assessment.state == State.RECOGNISED
    assert Decision.objects.get().confirmed_by == people.city_leader
