"""On a browser of another language the fields are ours: the day first, 24 hours, no word of another language."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from assessments.models import Assessment, CouncilMeeting, Plan
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import council_of
from tests.browser.screens import NewPage

english = pytest.mark.browser_context_args(locale="en-US")


@english
def test_a_day_typed_the_local_way_is_that_day(new_page: NewPage, assessment: Assessment, leader: User) -> None:
    factories.in_state(assessment, State.COUNCIL)
    council_of(leader)
    page = new_page(leader)
    page.goto(reverse("assessments:council_new", args=[assessment.plan.year]))
    day = page.get_by_label("Ngày họp")
    expect(day).to_have_attribute("placeholder", "ngày/tháng/năm")
    today = timezone.localdate()
    day.fill(f"{today:%d%m%Y}")
    page.get_by_label("Bắt đầu lúc").fill("13:30")
    page.get_by_label("Kết thúc lúc").fill("15:00")
    expect(day).to_have_value(f"{today:%d/%m/%Y}")
    page.get_by_label("Địa điểm").fill("Nhà văn hóa")
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.get_by_role("link", name="Chốt biên bản")).to_be_visible()
    meeting = CouncilMeeting.objects.get()
    assert (meeting.held_on, meeting.starts_at.hour) == (today, 13)


@english
def test_what_was_mistyped_stays(new_page: NewPage, assessment: Assessment, leader: User) -> None:
    factories.in_state(assessment, State.COUNCIL)
    council_of(leader)
    page = new_page(leader)
    page.goto(reverse("assessments:council_new", args=[assessment.plan.year]))
    page.get_by_label("Ngày họp").fill("31/02/2025")
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.get_by_text("Ngày họp không hợp lệ. Nhập theo dạng ngày/tháng/năm.")).to_be_visible()
    expect(page.get_by_label("Ngày họp")).to_have_value("31/02/2025")


@english
def test_a_file_is_chosen_in_our_words(new_page: NewPage, home_affairs: User, plan: Plan, tmp_path: Path) -> None:
    page = new_page(home_affairs)
    page.goto(reverse("assessments:plan", args=[plan.year]))
    expect(page.get_by_text("Chưa chọn tệp nào")).to_be_visible()
    page.get_by_role("button", name="Đính kèm tệp").click()
    message = page.locator("#id_file").evaluate("field => field.validationMessage")
    assert message == "Chọn tệp rồi gửi lại."
    paper = tmp_path / "ke-hoach.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    with page.expect_file_chooser() as chooser:
        page.get_by_text("Chọn tệp", exact=True).click()
    chooser.value.set_files(paper)
    expect(page.get_by_text("ke-hoach.pdf")).to_be_visible()


def test_a_vietnamese_browser_keeps_its_own_fields(new_page: NewPage, assessment: Assessment, leader: User) -> None:
    factories.in_state(assessment, State.COUNCIL)
    council_of(leader)
    page = new_page(leader)
    page.goto(reverse("assessments:council_new", args=[assessment.plan.year]))
    expect(page.get_by_label("Ngày họp")).to_have_attribute("type", "date")
