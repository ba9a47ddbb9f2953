"""The road of a report: written, sent, given back, sent again, accepted, gathered by the city, and printed."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Plan, YearReport
from tests.assessments.roads import People
from tests.browser.screens import NewPage
from tests.reports.data import city_authority

RESULTS, PROPOSAL = "Đã họp dân và thông qua quy ước ở 5 tổ dân phố.", "Đề nghị hỗ trợ sửa nhà văn hóa."


def test_from_the_ward_to_the_citys_report(people: People, plan: Plan, new_page: NewPage) -> None:
    city_authority()
    officer, leader, home = (new_page(user) for user in (people.officer, people.leader, people.home_affairs))
    listed = reverse("assessments:year_reports", args=[plan.year])
    write(officer, listed)
    report = YearReport.objects.get()
    address = reverse("assessments:year_report", args=[report.pk])
    send(leader, address)
    home.goto(listed)
    home.get_by_role("link", name="Đã gửi, chờ tiếp nhận").click()
    expect(home.get_by_text(RESULTS, exact=True)).to_be_visible()
    home.get_by_text("Trả lại để sửa").click()
    home.get_by_role("button", name="Trả lại báo cáo").click()
    expect(home.get_by_text("Cần ghi rõ lý do.")).to_be_visible()
    home.get_by_label("Lý do").first.fill("Thiếu số hộ.")
    home.get_by_role("button", name="Trả lại báo cáo").click()
    expect(home.get_by_text("Đã trả lại báo cáo")).to_be_visible()
    mend(officer, address)
    send(leader, address)
    home.goto(address)
    home.get_by_role("button", name="Tiếp nhận báo cáo").click()
    expect(home.get_by_text("Đã tiếp nhận báo cáo.")).to_be_visible()
    compose(home, listed)
    officer.goto(listed)
    officer.get_by_role("link", name="Số 9/BC-UBND").click()
    expect(officer.locator("#noi-dung")).to_contain_text(PROPOSAL)
    officer.get_by_role("link", name="Báo cáo kỳ").click()
    expect(officer.get_by_role("img").first).to_be_visible()


def write(page: Page, listed: str) -> None:
    """Begun from the list; what is typed and not sent is there again after a reload."""
    page.goto(listed)
    page.get_by_role("button", name="Lập báo cáo 6 tháng").click()
    page.get_by_label("Kết quả thực hiện").fill(RESULTS)
    expect(page.get_by_text("Còn 19.953 ký tự")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Đã điền lại nội dung nhập dở")).to_be_visible()
    page.get_by_label("Đề xuất, kiến nghị").fill(PROPOSAL)
    page.get_by_role("button", name="Lưu và soạn tiếp").click()
    expect(page.get_by_text("Đã lưu bản nháp.")).to_be_visible()
    expect(page.get_by_text("Đã điền lại nội dung nhập dở")).to_have_count(0)
    expect(page.get_by_label("Kết quả thực hiện")).to_have_value(RESULTS)


def send(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Gửi cơ quan nội vụ").click()
    expect(page.get_by_text("Đã gửi báo cáo tới cơ quan nội vụ.")).to_be_visible()


def mend(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("Thiếu số hộ.").first).to_be_visible()
    page.get_by_role("link", name="Sửa báo cáo").click()
    page.get_by_label("Khó khăn, hạn chế").fill("120 hộ, còn 3 hộ nghèo.")
    page.get_by_role("button", name="Lưu báo cáo").last.click()
    expect(page.get_by_text("Đã lưu báo cáo.")).to_be_visible()


def compose(page: Page, listed: str) -> None:
    """Sources are put in one by one and together; what is there is not put in twice."""
    page.goto(listed)
    page.get_by_role("button", name="Lập báo cáo 6 tháng của thành phố").click()
    page.get_by_label("Số, ký hiệu").fill("9/BC-UBND")
    page.get_by_label("Ngày ký").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Đưa vào phần Kết quả thực hiện").click()
    expect(page.get_by_label("Kết quả thực hiện", exact=True)).to_have_value(f"{ward_of(page)}: {RESULTS}")
    page.locator("[name=source][value^=proposals]").check()
    page.locator("#id_proposals ~ details").get_by_role("button", name="Gộp vào báo cáo").click()
    expect(page.get_by_label("Đề xuất, kiến nghị", exact=True)).to_have_value(f"{ward_of(page)}: {PROPOSAL}")
    page.get_by_role("button", name="Lưu báo cáo").last.click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Phát hành báo cáo").click()
    expect(page.get_by_text("Đã phát hành báo cáo của thành phố.")).to_be_visible()


def ward_of(page: Page) -> str:
    return page.locator(".report-sources label b").first.text_content() or ""
