"""The road of the plans: the city drafts and issues next year's, a ward writes and sends its own, the city sees it."""

from datetime import date

from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Assessment, Plan, WardPlan
from tests.assessments.roads import People
from tests.browser.screens import NewPage


def test_from_the_citys_draft_to_the_wards_plan(people: People, assessment: Assessment, new_page: NewPage) -> None:
    year = assessment.plan.year + 1
    page = new_page(people.home_affairs)
    page.goto(reverse("assessments:plan_list"))
    page.get_by_role("link", name="Lập kế hoạch năm sau").click()
    page.get_by_role("button", name="Lập dự thảo").click()
    page.get_by_label("Kế hoạch của xã, phường").fill(f"{year}-11-20")
    page.get_by_role("button", name="Lưu dự thảo").click()
    expect(page.get_by_text(f"trước ngày 20/11/{year}", exact=True)).to_be_visible()
    page.get_by_role("link", name="Ban hành kế hoạch").click()
    page.get_by_label("Số, ký hiệu").fill("7/KH-UBND")
    page.get_by_label("Ngày ban hành").fill(date(year - 1, 12, 31).isoformat())
    page.get_by_role("button", name="Ban hành", exact=True).click()
    expect(page.get_by_text(f"Đã ban hành kế hoạch năm {year}")).to_be_visible()
    assert Plan.objects.get(year=year).status == "issued"

    page = new_page(people.officer)
    page.goto(reverse("assessments:ward_plans", args=[year]))
    page.get_by_role("link", name="Soạn kế hoạch").click()
    page.get_by_label("Số, ký hiệu").fill("15/KH-UBND")
    page.get_by_label("Ngày ký").fill(date(year - 1, 12, 31).isoformat())
    page.get_by_label("Mục tiêu").fill("Duy trì các tổ dân phố đã được công nhận.")
    page.get_by_label("Nội dung", exact=True).first.fill("Rà soát, kiện toàn")
    page.get_by_label("Người, bộ phận phụ trách", exact=True).first.fill("Công chức Văn phòng - Thống kê")
    page.get_by_role("button", name="Lưu kế hoạch").click()
    expect(page.get_by_role("heading", name="Nhiệm vụ (1)")).to_be_visible()

    page = new_page(people.leader)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(reverse("assessments:ward_plans", args=[year]))
    page.get_by_role("button", name="Gửi thành phố").click()
    expect(page.get_by_text(f"Đã gửi kế hoạch năm {year}")).to_be_visible()

    page = new_page(people.home_affairs)
    page.goto(reverse("assessments:ward_plans", args=[year]))
    page.get_by_role("link", name=str(people.officer.ward)).click()
    expect(page.get_by_text("15/KH-UBND").first).to_be_visible()
    assert WardPlan.objects.get().state == "submitted"
