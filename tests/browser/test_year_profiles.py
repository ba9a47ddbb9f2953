"""The ward fills its whole table; the assessment's denominator follows, and a known number is only offered."""

from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Figure, Plan
from localities.models import UnitYear
from tests import factories
from tests.assessments.roads import People
from tests.browser.screens import NewPage


def test_the_table_is_filled_and_the_denominator_follows(new_page: NewPage, people: People, plan: Plan) -> None:
    units = [factories.UnitFactory(ward=people.officer.ward, name=f"Tổ {number}") for number in (1, 2, 3)]
    assessment = factories.open_assessment(unit=units[0], plan=plan, officer=people.officer)
    factories.UnitYearFactory(unit=units[1], year=plan.year - 1, households=66, persons=200)
    page = new_page(people.officer)
    page.goto("/")
    page.get_by_role("link", name="Nhập số liệu").click()
    page.get_by_label("Tổng số hộ của Tổ 1").fill("1.100")
    page.get_by_label("Số hộ kinh doanh của Tổ 1").fill("40")
    page.get_by_label("Tổng số hộ của Tổ 3").fill("ba mươi")
    page.get_by_role("button", name="Lưu số liệu").click()
    expect(page.get_by_text("Đã lưu số liệu của 1 tổ dân phố, bản; 1 dòng chưa lưu được")).to_be_visible()
    expect(page.get_by_label("Tổng số hộ của Tổ 3")).to_have_value("ba mươi")
    assert UnitYear.objects.get(unit=units[0], year=plan.year).households == 1100
    page.get_by_label("Tổng số hộ của Tổ 3").fill("30")
    page.get_by_role("button", name="Lưu số liệu").click()
    expect(page.get_by_text("của 1 tổ dân phố, bản.")).to_be_visible()

    page.get_by_role("link", name="Lấy số năm trước vào ô trống").click()
    expect(page.get_by_label("Tổng số hộ của Tổ 2")).to_have_value("66")
    assert not UnitYear.objects.filter(unit=units[1], year=plan.year).exists()
    page.get_by_role("button", name="Lưu số liệu").click()
    expect(page.get_by_text("của 1 tổ dân phố, bản.")).to_be_visible()
    assert UnitYear.objects.get(unit=units[1], year=plan.year).persons == 200

    page.goto(reverse("assessments:detail", args=[assessment.pk]))
    entry = page.locator("#tc-1-3")
    expect(entry.get_by_text("/ 1100 Tổng số hộ")).to_be_visible()
    expect(entry.get_by_role("link", name=f"Số liệu năm {plan.year}")).to_be_visible()
    shops = page.locator("#tc-2-6")
    expect(shops.get_by_label("Tổng số hộ kinh doanh cố định")).to_have_value("40")
    expect(shops.get_by_text("chưa lưu")).to_be_visible()
    assert not Figure.objects.exists()
