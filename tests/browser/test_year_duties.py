"""Who is late, the letter, its number; looking back down to the units and out as a file."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Event, Milestone, Notice, Plan
from tests.assessments.roads import People, answer_all
from tests.assessments.year.handing_in import hand_in
from tests.browser.screens import NewPage
from tests.factories import MilestoneFactory, UnitFactory, open_assessment
from tests.reports.data import city_authority

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def late(people: People, plan: Plan) -> Plan:
    """The ward owes its plan; its half-year report came in time."""
    city_authority()
    for duty, before in ((Milestone.Duty.WARD_PLAN, "2025-05-20"), (Milestone.Duty.HALF_YEAR_REPORT, "2099-06-01")):
        MilestoneFactory(plan=plan, duty=duty, before=before)
    hand_in(Milestone.Duty.HALF_YEAR_REPORT, plan, people.officer)
    return plan


def test_from_who_is_late_to_the_letter_that_went_out(new_page: NewPage, people: People, late: Plan) -> None:
    ward = people.officer.ward
    page = new_page(people.home_affairs)
    page.goto("/")
    page.get_by_role("link", name="Xem và đôn đốc").click()
    row = page.get_by_role("row", name=str(ward))
    expect(row).to_contain_text("Quá hạn")
    for link in (row.get_by_role("link", name="In công văn đôn đốc"), page.locator(".actions .btn-primary")):
        given = page.request.get(link.get_attribute("href") or "")
        assert given.ok and given.body()[:5] == b"%PDF-", "one click, and the letter is there"
    assert not Event.objects.filter(action="reminded").exists(), "to print it writes nothing down"

    row.get_by_role("link", name="Ghi số công văn").click()
    expect(page.get_by_role("heading", name=f"Đôn đốc {ward}")).to_be_visible()
    page.get_by_label("Số, ký hiệu công văn").fill("51/PNV")
    page.get_by_label("Ngày công văn").fill("2025-05-19")
    page.get_by_role("button", name="Đã gửi công văn").click()
    expect(page.get_by_text("Ngày 19/05/2025 chưa có việc nào quá hạn (sớm nhất từ ngày 20/05/2025)")).to_be_visible()
    page.get_by_label("Số, ký hiệu công văn").fill("")
    page.get_by_label("Ngày công văn").fill("2025-05-25")
    page.get_by_role("button", name="Đã gửi công văn").click()
    expect(page.get_by_text("Chưa nhập số, ký hiệu công văn.")).to_be_visible()
    page.get_by_label("Số, ký hiệu công văn").fill("51/PNV")
    page.get_by_role("button", name="Đã gửi công văn").click()
    expect(page.get_by_role("row", name=str(ward))).to_contain_text("số 51/PNV ngày 25/05/2025")
    assert Event.objects.get(action="reminded").plan == late
    assert Notice.objects.filter(recipient=people.officer, text__contains="51/PNV").exists()


def test_the_calendar_goes_from_month_to_month(new_page: NewPage, people: People, late: Plan) -> None:
    page = new_page(people.officer)
    page.goto(reverse("assessments:calendar", args=[late.year]) + "?thang=2025-06")
    expect(page.get_by_text("Tháng này không có việc nào ghi ngày.")).to_be_visible()
    page.get_by_role("link", name="‹ Tháng 5/2025").click()
    expect(
        page.locator(".calendar-grid").get_by_role("link", name="Ngày cuối: Kế hoạch của xã, phường")
    ).to_be_visible()
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    expect(page.locator(".calendar-list").get_by_role("link")).to_have_text("Ngày cuối: Kế hoạch của xã, phường")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải mốc về lịch").click()
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR\r\n") and b"DTSTART;VALUE=DATE:20250519" in content


def test_from_a_failing_criterion_to_its_units_and_out_as_a_file(new_page: NewPage, people: People, late: Plan) -> None:
    for name, bad in (("Tổ 1", ["tc-2.3"]), ("Tổ 2", [])):
        unit = UnitFactory(ward=people.officer.ward, name=name)
        answer_all(people.officer, open_assessment(unit=unit, plan=late, officer=people.officer), bad=bad)
    page = new_page(people.leader)
    page.goto(reverse("assessments:looking_back", args=[late.year]))
    expect(page.get_by_role("img", name="Tiêu chí 2.3: 1/2")).to_be_visible()
    page.get_by_role("link", name="2.3", exact=True).first.click()
    expect(page.get_by_role("heading", name="1/2 nơi không đạt")).to_be_visible()
    expect(page.get_by_role("row", name="Tổ 1")).to_contain_text("Không đạt")
    page.get_by_role("link", name="In báo cáo phân tích").click()
    expect(page.locator("#paper-pages img").first).to_be_visible(timeout=20_000)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải Excel").click()
    assert Path(waiting.value.path()).read_bytes()[:2] == b"PK"
