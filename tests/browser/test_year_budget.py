"""The road of the money: the ward asks, finance appraises, the city decides; three amounts stay side by side."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import BudgetDecision, BudgetEstimate, Plan
from tests import factories
from tests.assessments.roads import People
from tests.assessments.year.budget import City
from tests.browser.screens import NewPage

LINES = (("Tuyên truyền", "bộ", "2", "3.000.000"), ("Vệ sinh môi trường", "đợt", "4", "1.000.000"))


def test_from_the_wards_lines_to_three_amounts(new_page: NewPage, people: People, plan: Plan) -> None:
    officer, leader, finance, city = (
        new_page(user)
        for user in (people.officer, people.leader, factories.FinancePlanningFactory(), people.city_leader)
    )
    listed = reverse("assessments:budget", args=[plan.year])
    write(officer, listed)
    leader.on("dialog", lambda dialog: dialog.accept())
    leader.goto(listed)
    leader.get_by_role("button", name="Gửi dự toán").click()
    expect(leader.get_by_text("Đã gửi dự toán tới cơ quan tài chính, kế hoạch.")).to_be_visible()
    appraise(finance, listed, str(people.officer.ward))
    decide(finance, listed)
    officer.goto(listed)
    expect(officer.get_by_text("9.500.000")).to_have_count(0)  # until the city has confirmed

    city.goto(reverse("assessments:budget_decision", args=[BudgetDecision.objects.get().pk]))
    city.get_by_label("Tôi đã xem các dự toán").check()
    city.get_by_role("button", name="Xác nhận quyết định").click()
    expect(city.get_by_text("Đã xác nhận").first).to_be_visible()
    assert BudgetEstimate.objects.get().state == "approved"

    officer.goto(listed)
    amounts = officer.locator(".three dd")
    expect(amounts).to_contain_text(["10.000.000 đồng", "10.500.000 đồng", "9.500.000 đồng"])
    first, second = (officer.get_by_role("row", name=line[0]) for line in LINES)
    expect(first.locator("td.num")).to_contain_text(["2 bộ", "3.000.000", "6.000.000", "5.500.000", "4.500.000"])
    expect(second.locator("td.num")).to_contain_text(["4 đợt", "1.000.000", "4.000.000", "5.000.000", "5.000.000"])
    expect(second).to_contain_text("Thêm một đợt sau bão")


def test_lines_change_places_by_keyboard_and_keep_what_is_typed(new_page: NewPage, people: People, plan: Plan) -> None:
    page = new_page(people.officer)
    page.goto(reverse("assessments:estimate_new", args=[plan.year]))
    lines = page.locator(".budget-line")
    for at, content in enumerate(("Một", "Hai", "Ba")):
        lines.nth(at).get_by_label("Nội dung").fill(content)
        lines.nth(at).get_by_label("Đơn vị tính").fill("bộ")
        lines.nth(at).get_by_label("Số lượng").fill("1")
        lines.nth(at).get_by_label("Đơn giá").fill(f"{at + 1}000")
    expect(page.get_by_role("button", name="Lên dòng")).to_have_count(3)  # nothing to move in empty lines
    up = lines.nth(2).get_by_role("button", name="Lên dòng 3: “Ba”")
    up.focus()
    page.keyboard.press("Enter")
    assert typed(page) == ["Một", "Ba", "Hai"]
    expect(page.get_by_role("status").filter(has_text="Đã chuyển “Ba” lên vị trí 2/3.")).to_have_count(1)
    moved = page.get_by_role("button", name="Lên dòng 2: “Ba”")
    expect(moved).to_be_focused()  # still under the finger, to go on
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # at the top already: nothing happens, and it is said
    expect(page.get_by_role("status").filter(has_text="“Ba” đã ở đầu danh sách.")).to_have_count(1)
    down = page.get_by_role("button", name="Xuống dòng 2: “Một”")
    down.click()
    expect(lines.nth(0).get_by_label("Đơn giá")).to_have_value("3000")
    assert [lines.nth(at).get_by_label("Thứ tự").input_value() for at in range(3)] == ["1", "2", "3"]

    page.reload()  # unsaved, and still there in the same order
    expect(page.get_by_text("Đã điền lại nội dung nhập dở trước đó.")).to_be_visible()
    expect(lines.nth(1).get_by_label("Nội dung")).to_have_value("Hai")
    lines.nth(1).get_by_label("Đơn giá").fill("nhiều")
    page.get_by_role("button", name="Lưu dự toán").last.click()
    expect(lines.nth(1).get_by_role("alert")).to_be_visible()  # refused, in the order that was seen
    expect(lines.nth(0).get_by_label("Nội dung")).to_have_value("Ba")
    lines.nth(1).get_by_label("Đơn giá").fill("2000")
    page.get_by_role("button", name="Lưu dự toán").last.click()
    expect(page.get_by_text("Đã lưu dự toán.")).to_be_visible()
    kept = BudgetEstimate.objects.get().lines.order_by("position")
    assert list(kept.values_list("position", "content")) == [(1, "Ba"), (2, "Hai"), (3, "Một")]


def typed(page: Page) -> list[str]:
    """The contents in the order of the page, empty lines left out."""
    fields = page.locator(".budget-line").get_by_label("Nội dung").all()
    return [text for field in fields if (text := field.input_value())]


def write(page: Page, listed: str) -> None:
    """Two lines, the second paid by two sources that at first do not add up."""
    page.goto(listed)
    page.get_by_role("link", name="Lập dự toán").click()
    for at, (content, measure, quantity, price) in enumerate(LINES):
        line = page.locator(".budget-line").nth(at)
        line.get_by_label("Nội dung").fill(content)
        line.get_by_label("Đơn vị tính").fill(measure)
        line.get_by_label("Số lượng").fill(quantity)
        line.get_by_label("Đơn giá").fill(price)
    expect(page.locator("[data-sum=asked]")).to_have_text("10.000.000")
    second = page.locator(".budget-line").nth(1)
    second.get_by_label("Ngân sách nhà nước").fill("3.000.000")
    page.get_by_role("button", name="Lưu dự toán").last.click()
    expect(second.get_by_role("alert")).to_be_visible()
    expect(second.get_by_label("Đơn giá")).to_have_value("1.000.000")
    second.get_by_label("Xã hội hóa").fill("1.000.000")
    page.get_by_role("button", name="Lưu dự toán").last.click()
    expect(page.get_by_text("Đã lưu dự toán.")).to_be_visible()
    expect(page.get_by_role("row", name=LINES[1][0])).to_contain_text("Xã hội hóa: 1.000.000")


def appraise(page: Page, listed: str, ward: str) -> None:
    """One line lower, one higher: that one needs a reason, and what was typed stays."""
    page.goto(listed)
    page.get_by_role("link", name=f"Thẩm định {ward}").click()
    page.get_by_label("Số thẩm định dòng 1").fill("5.500.000")
    page.get_by_label("Số thẩm định dòng 2").fill("5.000.000")
    page.get_by_role("button", name="Hoàn thành thẩm định").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Số thẩm định dòng 1")).to_have_value("5.500.000")
    page.get_by_label("Ý kiến dòng 2").fill("Thêm một đợt sau bão")
    page.get_by_role("button", name="Hoàn thành thẩm định").click()
    expect(page.get_by_text(f"Đã thẩm định xong dự toán của {ward}.")).to_be_visible()


def decide(page: Page, listed: str) -> None:
    """The decision follows the appraisal; one line gets less, with a reason."""
    page.goto(listed)
    page.get_by_role("link", name="Lập quyết định phê duyệt").click()
    page.get_by_label("Số, ký hiệu").fill("77/QĐ-UBND")
    page.get_by_label("Ngày ban hành").fill(timezone.localdate().isoformat())
    page.get_by_label("Chức vụ người ký").fill("CHỦ TỊCH")
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Lãnh đạo thành phố xác nhận để có hiệu lực.")).to_be_visible()
    page.get_by_role("link", name="Sửa số phê duyệt").click()
    page.get_by_label("Số phê duyệt dòng 1").fill("4.500.000")
    page.get_by_role("button", name="Lưu số phê duyệt").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Ý kiến dòng 1").fill("Theo khả năng cân đối ngân sách")
    page.get_by_role("button", name="Lưu số phê duyệt").click()
    expect(page.get_by_text("Đã lưu số phê duyệt")).to_be_visible()


def test_what_another_saved_meanwhile_is_not_overwritten(new_page: NewPage) -> None:
    city = City(factories.PlanFactory())
    estimate = city.sent()
    address = reverse("assessments:estimate_appraise", args=[estimate.pk])
    first, second = new_page(city.finance), new_page(city.finance)
    first.goto(address)
    asked = first.get_by_label("Số thẩm định dòng 1")
    asked.fill("1.000")
    first.get_by_role("button", name="Lưu số thẩm định").click()
    expect(first.get_by_text("Đã lưu số thẩm định.")).to_be_visible()
    expect(first.get_by_text("Đã điền lại")).to_have_count(0)
    asked.fill("2.000")  # and goes away without saving
    second.goto(address)
    second.get_by_label("Số thẩm định dòng 1").fill("3.000")
    second.get_by_role("button", name="Lưu số thẩm định").click()
    expect(second.get_by_text("Đã lưu số thẩm định.")).to_be_visible()
    first.goto(address)
    expect(first.get_by_text("đã được sửa sau khi bạn nhập")).to_be_visible()
    first.get_by_role("button", name="Lưu số thẩm định").click()
    expect(first.get_by_text("Người khác vừa sửa nội dung này")).to_be_visible()
    assert estimate.lines.order_by("position").values_list("appraised", flat=True)[0] == 3000
    first.goto(address)
    first.get_by_role("button", name="Bỏ phần nhập dở, xem bản mới").click()
    expect(asked).to_have_value("3.000")
