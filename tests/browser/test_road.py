"""The whole road on the real table of 2020, through the screens only: from registering to the recognised unit."""

import re
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import User
from assessments.models import Assessment, Plan
from localities.models import Ward
from tests import factories, files
from tests.assessments.roads import People
from tests.browser.screens import NewPage, Sheet, sign_in_on_screen
from tests.reports.data import city_authority

UNIT = "Tổ dân phố Quyết Tiến 7"
NOTE = "Ra quân ngày 15 hằng tháng, có ảnh chụp"
EXEMPT = "Tổ dân phố không sản xuất nông nghiệp"
REASON = "Kiểm tra thực địa thấy còn một cơ sở xả thải"
DECISION = "1888/QĐ-UBND"


def sign_in(page: Page, user: User) -> None:
    page.goto("/")
    sign_in_on_screen(page, user, factories.PASSWORD)


def sign_out(page: Page, user: User) -> None:
    page.get_by_text(user.full_name, exact=True).first.click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Đã đăng xuất.")).to_be_visible()


def step(page: Page, name: str, done: str) -> None:
    """The link in the result panel, then the button of the page that asks."""
    page.locator("#sheet-result").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_text(done)).to_be_visible()


def register_unit(page: Page) -> Assessment:
    page.get_by_role("link", name="Đăng ký tổ dân phố, bản").click()
    page.get_by_label("Tên tổ dân phố, bản").fill(UNIT)
    page.get_by_label("Loại").select_option(label="Tổ dân phố")
    page.get_by_role("button", name="Thêm tổ, bản").click()
    page.get_by_label(UNIT, exact=True).check()
    page.get_by_role("button", name="Đăng ký các tổ, bản đã chọn").click()
    expect(page.get_by_text("Đã đăng ký 1 tổ dân phố, bản.")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Hồ sơ").click()
    page.get_by_role("link", name=UNIT).click()
    return Assessment.objects.get()


def enter_year(page: Page) -> None:
    page.get_by_role("link", name="Số liệu năm").first.click()
    for label, number in {
        "Tổng số hộ": 200,
        "Số nhân khẩu": 812,
        "Số người trong độ tuổi lao động": 450,
        "Số hộ nghèo": 0,
        "Số hộ cận nghèo": 3,
        "Số hộ kinh doanh": 12,
    }.items():
        page.get_by_label(label).fill(str(number))
    page.get_by_role("button", name="Lưu số liệu").click()
    expect(page.get_by_text("Tổng số hộ: 200")).to_be_visible()


def assess_criteria(sheet: Sheet) -> None:
    """The 41 criteria: a standard at once, then the figures that decide."""
    for number, count in enumerate([4, 8, 7, 7, 6, 8], start=1):
        sheet.page.locator(f"#tieu-chuan-{number}").get_by_role("button", name="Đạt mọi tiêu chí").click()
        expect(sheet.page.locator(".bulk-undo")).to_contain_text(f"{count} tiêu chí của tiêu chuẩn {number}")
    expect(sheet.result).to_contain_text("40/83 mục đã đánh giá")

    shown = sheet.entry("tc-1.3").locator(".figure-result")
    sheet.figure("tc-1.3", "ho-nghiem-chinh-tu").fill("195")
    expect(shown).to_have_text("97,5 %")
    expect(sheet.entry("tc-1.3").locator(".why")).to_contain_text("97,5 %, yêu cầu ≥ 98 %, nên không đạt")
    expect(sheet.result).to_contain_text("Tiêu chuẩn 1: đạt 3/4, cần 4, thiếu 1 (chưa đạt: 1.3).")
    sheet.figure("tc-1.3", "ho-nghiem-chinh-tu").fill("196")
    expect(shown).to_have_text("98 %")
    expect(sheet.result).not_to_contain_text("Tiêu chuẩn 1:")
    sheet.figure("tc-6.3", "ho-ky-cam-ket-tu").fill("200")
    sheet.figure("tc-6.3", "ho-giu-cam-ket-tu").fill("197")
    expect(sheet.entry("tc-6.3").locator(".figure-result").last).to_have_text("98,5 %")

    sheet.note("tc-3.4").fill(NOTE)
    evidence = sheet.entry("tc-3.4").locator(".evidence")
    evidence.get_by_text("+ Minh chứng").click()
    evidence.locator("input[type=file]").set_input_files(
        [
            {"name": "biên bản ra quân.pdf", "mimeType": "application/pdf", "buffer": files.pdf()},
            {"name": "ảnh.jpg", "mimeType": "image/jpeg", "buffer": files.jpg()},
        ]
    )
    expect(evidence.get_by_role("link", name="biên bản ra quân.pdf")).to_be_visible()
    expect(evidence.get_by_role("link", name="ảnh.jpg")).to_be_visible()
    sheet.expect_saved("tc-3.4")


def assess_contents(sheet: Sheet) -> None:
    """The 39 items of self-government, from which 4.1 derives itself."""
    derived = sheet.entry("tc-4.1").locator(".entry-state")
    expect(derived).to_contain_text("Chưa thực hiện tốt: Nội dung tự quản 1: đạt 0/1")
    keys = [str(key) for key in sheet.page.locator(".entry").evaluate_all("all => all.map((e) => e.dataset.key)")]
    items = [key for key in keys if key.startswith("nd-")]
    assert len(items) == 39
    for key in items:
        if key.startswith("nd-2.2."):
            sheet.note(key).fill(EXEMPT)
            sheet.verdict(key, "Không áp dụng").click()
        else:
            sheet.verdict(key, "Đạt").click()
    expect(derived).to_contain_text("Mọi nội dung tự quản được xét đều thực hiện tốt.", timeout=30_000)
    expect(derived).to_contain_text("Đạt")
    expect(sheet.page.locator("#sheet-nav")).to_contain_text(re.compile(r"2\s+5/5\s+✓ tốt"))


def assess_cases(sheet: Sheet) -> None:
    """The four cases: the fourth decides by its figure, the first contradicts 1.4."""
    sheet.verdict("th-1", "Có xảy ra").click()
    for number in (2, 3, 4):
        sheet.verdict(f"th-{number}", "Không xảy ra").click()
    sheet.figure("th-4", "ho-vi-pham-tu").fill("20")
    expect(sheet.entry("th-4").locator(".why").first).to_contain_text("10 %, ngưỡng ≥ 10 %, nên xảy ra trường hợp này")
    expect(sheet.result).to_contain_text("Chưa đủ điều kiện")
    expect(sheet.result).to_contain_text("Thuộc trường hợp không đảm bảo số 4")
    expect(sheet.result).to_contain_text("Tiêu chí 1.4 được đánh giá đạt nhưng trường hợp 1 có xảy ra.")
    expect(sheet.entry("tc-1.4")).to_contain_text("Tiêu chí 1.4 được đánh giá đạt nhưng trường hợp 1 có xảy ra")
    sheet.verdict("th-1", "Không xảy ra").click()
    sheet.figure("th-4", "ho-vi-pham-tu").fill("19")
    expect(sheet.entry("th-4").locator(".figure-result")).to_have_text("9,5 %")
    expect(sheet.entry("tc-1.4")).not_to_contain_text("Mâu thuẫn")
    expect(sheet.result).to_contain_text("✓ Đủ điều kiện")
    expect(sheet.result).to_contain_text("83/83 mục đã đánh giá")


def make_council(page: Page) -> None:
    """The officer writes down who sits in the council."""
    page.get_by_role("navigation").get_by_role("link", name="Hồ sơ").click()
    page.get_by_role("link", name="Hội đồng", exact=True).click()
    page.get_by_role("link", name="Thành viên hội đồng").click()
    for name, job, role in (
        ("Chủ tịch UBND phường", "UBND phường", "Chủ tịch hội đồng"),
        ("Công chức Văn hóa - Xã hội", "UBND phường", "Thư ký"),
        ("Chủ tịch Ủy ban MTTQ phường", "MTTQ phường", "Ủy viên"),
    ):
        page.get_by_label("Họ và tên").fill(name)
        page.get_by_label("Chức vụ, đơn vị công tác").fill(job)
        page.get_by_label("Vai trò trong hội đồng").select_option(label=role)
        page.get_by_role("button", name="Thêm thành viên", exact=True).click()
        expect(page.get_by_text(f"Đã thêm {name}.")).to_be_visible()


def approve(page: Page) -> None:
    """The ward's leader finds it on the first page, reads, writes the minutes, concludes and submits."""
    expect(page.get_by_role("heading", name="1 hồ sơ chờ hội đồng xã, phường thông qua.")).to_be_visible()
    page.get_by_role("link", name=f"Xem hồ sơ {UNIT}").click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(page.locator(".entry-form")).to_have_count(0)
    page.get_by_role("link", name="Họp hội đồng").click()
    expect(page.get_by_label(UNIT)).to_be_checked()
    page.get_by_label("Địa điểm").fill("Trụ sở UBND phường")
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.locator(".state", has_text="Dự thảo")).to_be_visible()
    page.get_by_role("link", name="Chốt biên bản").click()
    page.get_by_role("radio", name="Thông qua").check()
    page.get_by_label("Số phiếu tán thành").fill("2")
    page.get_by_label("Kết luận của cuộc họp").fill("Nhất trí đề nghị thành phố công nhận.")
    page.get_by_role("button", name="Chốt biên bản").click()
    expect(page.get_by_text("Đã chốt biên bản họp hội đồng.")).to_be_visible()
    page.get_by_role("link", name="Gửi thành phố").click()
    page.get_by_role("button", name="Gửi 1 hồ sơ").click()
    expect(page.get_by_text("Đã gửi thành phố.")).to_be_visible()
    expect(page.get_by_role("heading", name="Phiếu gửi hồ sơ, lần 1")).to_be_visible()


def appraise(page: Page, assessment: Assessment) -> None:
    """Home affairs: accept, confirm the ward's verdicts, differ once with a reason, conclude, propose."""
    page.get_by_role("link", name=f"Tiếp nhận {UNIT}").click()
    step(page, "Tiếp nhận", "Đã tiếp nhận hồ sơ.")
    page.get_by_role("button", name="Xác nhận theo tự đánh giá").click()
    expect(page.locator(".bulk-undo")).to_contain_text("Đã xác nhận 83 mục theo tự đánh giá.")
    sheet = Sheet(page, assessment, layer="agency")
    expect(sheet.entry("tc-3.4")).to_contain_text(f"Tự đánh giá: Đạt · “{NOTE}”")
    sheet.verdict("tc-3.5", "Không đạt").click()
    expect(sheet.notice("tc-3.5")).to_contain_text("khác với tự đánh giá nên cần ghi lý do")
    sheet.note("tc-3.5").fill(REASON)
    sheet.expect_saved("tc-3.5")
    expect(sheet.result).to_contain_text("✓ Đủ điều kiện")
    step(page, "Kết luận thẩm định", "Đã kết luận thẩm định.")
    step(page, "Trình UBND thành phố", "Đã trình UBND thành phố.")


def record_decision(page: Page) -> None:
    page.get_by_role("link", name="Việc cần làm").click()
    page.get_by_role("link", name="Ghi quyết định").click()
    page.get_by_label("Số, ký hiệu").fill(DECISION)
    page.get_by_label("Ngày ban hành").fill(timezone.localdate().isoformat())
    expect(page.get_by_label(UNIT)).to_be_checked()
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Chờ lãnh đạo thành phố xác nhận")).to_be_visible()


def check_papers(page: Page) -> None:
    """The unit's page, its dossier and the ward's table, as the ward sees them in the end."""
    page.get_by_role("navigation").get_by_role("link", name="Hồ sơ").click()
    page.get_by_role("link", name=UNIT).click()
    page.locator(".crumbs").get_by_role("link", name=UNIT).click()
    expect(page.get_by_text("Đã công nhận")).to_be_visible()
    expect(page.get_by_role("link", name=f"Quyết định số {DECISION}")).to_be_visible()

    sheet = page.locator('a[href^="/van-ban/phieu-danh-gia/"][href$="tep.pdf"]').first
    answer = page.request.get(str(sheet.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    text = "".join("".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.body())).pages).split())
    for wanted in (UNIT, NOTE, EXEMPT, REASON, DECISION, "biên bản ra quân.pdf"):
        assert "".join(wanted.split()) in text, wanted

    page.get_by_role("navigation").get_by_role("link", name="Hồ sơ").click()
    table = page.locator('a[href^="/van-ban/bang-tu-danh-gia-xa-phuong/"][href$="tep.xlsx"]').first
    book = load_workbook(BytesIO(page.request.get(str(table.get_attribute("href"))).body()))
    values = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert UNIT in values


@pytest.fixture
def people(ward: Ward, home_affairs: User, city_leader: User) -> People:
    return People(
        factories.WardOfficerFactory(ward=ward, full_name="Nguyễn Văn Cán"),
        factories.WardLeaderFactory(ward=ward, full_name="Lò Thị Lãnh"),
        home_affairs,
        city_leader,
    )


def test_whole_road(people: People, plan: Plan, new_page: NewPage) -> None:
    city_authority()
    page = new_page()

    sign_in(page, people.officer)
    assessment = register_unit(page)
    enter_year(page)
    sheet = Sheet(page, assessment)
    assess_criteria(sheet)
    assess_contents(sheet)
    assess_cases(sheet)
    step(page, "Gửi hội đồng", "Đã gửi hội đồng xã, phường.")
    make_council(page)
    sign_out(page, people.officer)

    sign_in(page, people.leader)
    approve(page)
    sign_out(page, people.leader)

    sign_in(page, people.home_affairs)
    appraise(page, assessment)
    record_decision(page)
    sign_out(page, people.home_affairs)

    sign_in(page, people.city_leader)
    page.get_by_role("link", name="Xem và xác nhận").click()
    page.get_by_label("Tôi đã xem danh sách").check()
    page.get_by_role("button", name="Xác nhận quyết định").click()
    expect(page.get_by_text("Đã xác nhận Quyết định số")).to_be_visible()
    sign_out(page, people.city_leader)

    sign_in(page, people.officer)
    check_papers(page)
