"""From many conclusions to the decision with its paper, its confirmation, and its correction."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Attachment, Layer, Plan
from assessments.queries.standing import standing_lines
from assessments.workflow import State
from tests import files
from tests.assessments.appraising import dossier
from tests.assessments.roads import People, answer_all
from tests.browser.screens import NewPage


@pytest.fixture
def three(people: People, plan: Plan) -> list[Assessment]:
    """Two that are completely appraised, and one of which nothing is."""
    found = [dossier(people, plan, State.APPRAISAL, bad=bad) for bad in ([], ["tc-1.1"], [])]
    answer_all(people.home_affairs, found[0], layer=Layer.AGENCY)
    answer_all(people.home_affairs, found[1], layer=Layer.AGENCY, bad=["tc-1.1"])
    return found


def tick(page: Page, *assessments: Assessment) -> None:
    for assessment in assessments:
        page.get_by_role("checkbox", name=re.compile(rf"^Chọn {assessment.unit},")).check()


def fill_paper(page: Page, number: str) -> None:
    page.get_by_label("Số, ký hiệu").fill(number)
    page.get_by_label("Ngày ban hành").fill(timezone.localdate().isoformat())
    if not page.get_by_label("Chức vụ người ký").input_value():
        page.get_by_label("Chức vụ người ký").fill("CHỦ TỊCH")


def confirm(page: Page) -> None:
    page.get_by_label("Tôi đã xem danh sách").check()
    page.get_by_role("button", name="Xác nhận quyết định").click()
    expect(page.get_by_text("Đã xác nhận Quyết định số")).to_be_visible()


def conclude_and_propose(page: Page, good: Assessment, other: Assessment, open_one: Assessment) -> None:
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="Kết luận").click()
    page.get_by_label("Chọn cả trang").check()
    page.get_by_role("button", name="Kết luận thẩm định").click()
    expect(page.get_by_text("2/3 hồ sơ đã kết luận.")).to_be_visible()
    refused = page.get_by_role("region", name="Hồ sơ chưa thực hiện được")
    expect(refused).to_contain_text("còn 83 mục chưa có kết quả thẩm định")
    expect(refused.get_by_role("link", name=str(open_one.unit))).to_be_visible()
    tick(page, good, other)
    page.get_by_role("button", name="Trình UBND thành phố").click()
    expect(page.get_by_text("2/2 hồ sơ đã trình UBND thành phố.")).to_be_visible()


def record_with_paper(page: Page, plan: Plan) -> str:
    """The new decision's address."""
    page.goto(reverse("assessments:decision_new", args=[plan.year]))
    fill_paper(page, "1888/QĐ-UBND")
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Chờ lãnh đạo thành phố xác nhận")).to_be_visible()
    page.get_by_label("Bản quét hoặc bản ký số (PDF)").set_input_files(
        {"name": "quyet-dinh-1888.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    page.get_by_role("button", name="Đính kèm bản ký").click()
    expect(page.get_by_text("Đã đính kèm “quyet-dinh-1888.pdf”.")).to_be_visible()
    return page.url


def correct(page: Page, unit: str) -> None:
    """The text is forgotten first: the page comes back with everything else typed."""
    page.get_by_role("link", name="Đính chính", exact=True).click()
    fill_paper(page, "1999/QĐ-UBND")
    page.get_by_label(unit, exact=True).check()
    page.get_by_role("button", name="Ghi quyết định đính chính").click()
    expect(page.get_by_text("chưa ghi nội dung, lý do đính chính").first).to_be_visible()
    expect(page.get_by_label(unit, exact=True)).to_be_checked()
    page.get_by_label(f"Nội dung đính chính {unit}").fill("Nhập nhầm kết quả")
    page.get_by_role("button", name="Ghi quyết định đính chính").click()
    expect(page.get_by_text("Đính chính: Nhập nhầm kết quả")).to_be_visible()


def test_from_many_conclusions_to_a_correction(
    new_page: NewPage, people: People, plan: Plan, three: list[Assessment]
) -> None:
    good, other, open_one = three
    office, leader = new_page(people.home_affairs), new_page(people.city_leader)
    conclude_and_propose(office, good, other, open_one)
    address = record_with_paper(office, plan)
    assert Attachment.objects.get().decision is not None

    leader.goto(address)
    confirm(leader)
    expect(leader.get_by_role("heading", name="Công nhận mới (1)")).to_be_visible()
    expect(leader.get_by_role("heading", name="Không công nhận (1)")).to_be_visible()
    expect(leader.get_by_text("Mã băm nhật ký:").first).to_be_visible()
    answer = leader.request.get(
        str(leader.locator('a[href^="/van-ban/danh-sach-quyet-dinh/"][href$="tep.pdf"]').first.get_attribute("href"))
    )
    assert answer.headers["content-type"] == "application/pdf"

    office.goto(address)
    correct(office, str(good.unit))
    leader.goto(office.url)
    confirm(leader)
    assert standing_lines([good.pk])[good.pk].decision.number == "1999/QĐ-UBND"
    leader.goto(address)
    expect(leader.get_by_text("Đã được đính chính bởi")).to_be_visible()


def test_without_script_the_list_works_too(
    new_page: NewPage, people: People, plan: Plan, three: list[Assessment]
) -> None:
    page = new_page(people.home_affairs, java_script_enabled=False)
    page.goto(reverse("assessments:appraisal_list", args=[plan.year]))
    expect(page.get_by_label("Chọn cả trang")).to_be_hidden()
    tick(page, three[0])
    page.get_by_role("button", name="Kết luận thẩm định").click()
    expect(page.get_by_text("1/1 hồ sơ đã kết luận.")).to_be_visible()
