"""Propose, check, decide, confirm, print the list."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Commendation, Plan
from assessments.workflow import State
from tests.assessments.appraising import decided, dossier
from tests.assessments.roads import People
from tests.browser.screens import NewPage


def test_from_the_proposal_to_the_printed_list(new_page: NewPage, people: People, plan: Plan) -> None:
    good, open_still = dossier(people, plan, State.PROPOSED), dossier(people, plan, State.DRAFT)
    decided(people, good)
    address = reverse("assessments:commendations", args=[plan.year])

    ward = new_page(people.leader)
    for unit in (good.unit, open_still.unit):
        ward.goto(address)
        ward.get_by_role("link", name="Lập đề nghị khen thưởng").click()
        ward.get_by_label("Tổ dân phố, bản").select_option(str(unit.pk))
        ward.get_by_role("button", name="Lưu đề nghị").click()
        expect(ward.get_by_text("Chưa nhập thành tích.")).to_be_visible()
        ward.get_by_label("Thành tích").fill("Giữ vững nền nếp tự quản.")
        ward.get_by_role("button", name="Lưu đề nghị").click()
        expect(ward.get_by_text("chưa gửi.")).to_be_visible()
    ward.goto(address)
    ward.get_by_label("Đánh dấu tất cả").check()
    ward.get_by_role("button", name="Gửi các đề nghị đã đánh dấu").click()
    expect(ward.get_by_text("Đã gửi 2 đề nghị khen thưởng")).to_be_visible()

    office = new_page(people.home_affairs)
    office.goto(address)
    expect(office.get_by_text(f"✓ Được công nhận năm {plan.year}")).to_be_visible()
    office.get_by_label("Đánh dấu tất cả").check()
    office.get_by_role("button", name="Chấp nhận", exact=True).click()
    expect(office.get_by_text("Kết quả chưa đủ để khen thưởng")).to_be_visible()
    office.get_by_label("Lý do").fill("Thành tích đột xuất")
    office.get_by_role("button", name="Chấp nhận", exact=True).click()
    expect(office.get_by_text("Đã chấp nhận 2 đề nghị")).to_be_visible()

    office.get_by_role("link", name="Ghi quyết định khen thưởng").click()
    office.get_by_label("Số, ký hiệu").fill("99/QĐ-UBND")
    office.get_by_label("Ngày ban hành").fill(timezone.localdate().isoformat())
    office.get_by_label("Chức vụ người ký").fill("CHỦ TỊCH")
    office.get_by_role("button", name="Ghi quyết định").click()
    expect(office.get_by_text("Chờ lãnh đạo thành phố xác nhận")).to_be_visible()

    _confirm_and_print(new_page, people, ward)


def _confirm_and_print(new_page: NewPage, people: People, ward: Page) -> None:
    leader = new_page(people.city_leader)
    leader.goto("/")
    leader.get_by_role("link", name="Xem và xác nhận").first.click()
    leader.get_by_label("Tôi đã xem danh sách").check()
    leader.get_by_role("button", name="Xác nhận quyết định").click()
    expect(leader.get_by_text("Đã xác nhận Quyết định số 99/QĐ-UBND")).to_be_visible()
    assert set(Commendation.objects.values_list("state", flat=True)) == {"awarded"}

    ward.goto(leader.url)
    ward.get_by_role("link", name="Quyết định khen thưởng", exact=True).click()
    answer = ward.request.get(str(ward.locator('a[href$="tep.pdf"]').first.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
