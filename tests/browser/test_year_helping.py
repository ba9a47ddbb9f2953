"""Helping agencies: home affairs names one, its people write down what they did, the ward reads it."""

from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import HelpingDeed, Plan
from localities.models import Unit
from tests import factories
from tests.assessments.roads import People
from tests.browser.screens import NewPage


def test_from_the_assignment_to_the_units_page(new_page: NewPage, people: People, plan: Plan, unit: Unit) -> None:
    agent = factories.AgencyOfficerFactory()
    other = factories.UnitFactory(ward=unit.ward)
    office = new_page(people.home_affairs)
    office.goto(reverse("assessments:helping", args=[plan.year]))
    office.get_by_role("link", name="Phân công giúp đỡ", exact=True).click()
    office.get_by_role("combobox", name="Cơ quan giúp đỡ").select_option(label=str(agent.agency))
    office.get_by_role("textbox", name="Nội dung giúp đỡ").fill("Vệ sinh môi trường")
    office.get_by_role("button", name="Phân công", exact=True).click()
    expect(office.get_by_text("Chọn ít nhất một tổ dân phố, bản.")).to_be_visible()
    expect(office.get_by_role("textbox", name="Nội dung giúp đỡ")).to_have_value("Vệ sinh môi trường")
    for one in (unit, other):
        office.get_by_label(one.name, exact=True).check()
    office.get_by_role("button", name="Phân công", exact=True).click()
    expect(office.get_by_text("giúp đỡ 2 tổ dân phố, bản.")).to_be_visible()
    expect(office.get_by_text(f"Chưa ghi việc giúp đỡ nào: {agent.agency}")).to_be_visible()

    page = new_page(agent)
    page.goto(reverse("assessments:helping", args=[plan.year]))
    page.get_by_role("link", name=f"{agent.agency} giúp đỡ {unit}").click()
    page.get_by_label("Ngày", exact=False).first.fill(f"{plan.year}-02-03")
    page.get_by_role("textbox", name="Nội dung").fill("Tặng 10 thùng đựng rác")
    page.get_by_role("textbox", name="Trị giá").fill("5 triệu")
    page.get_by_role("button", name="Ghi việc giúp đỡ").click()
    expect(page.get_by_text("“5 triệu” không phải số đồng")).to_be_visible()
    expect(page.get_by_role("textbox", name="Nội dung")).to_have_value("Tặng 10 thùng đựng rác")
    page.get_by_role("textbox", name="Trị giá").fill("5.000.000")
    page.get_by_role("button", name="Ghi việc giúp đỡ").click()
    expect(page.get_by_text("1 việc, trị giá 5.000.000 đồng")).to_be_visible()

    ward = new_page(people.officer)
    ward.goto(reverse("assessments:unit", args=[unit.pk]))
    expect(ward.get_by_text("1 việc đã làm, trị giá 5.000.000 đồng")).to_be_visible()

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Gỡ việc ngày").click()
    expect(page.get_by_text("Đã gỡ việc ghi nhầm")).to_be_visible()
    assert HelpingDeed.objects.get().removed_at is not None
    ward.reload()
    expect(ward.get_by_text("Chưa ghi việc nào")).to_be_visible()
