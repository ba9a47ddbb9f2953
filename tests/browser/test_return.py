"""The city returns a dossier; the ward mends it, its council meets again, and it is sent again."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.models import Assessment, Layer, Submission
from assessments.workflow import State
from tests.assessments.roads import People, answer_all, walk
from tests.browser.screens import NewPage, Sheet

REASON = "Mục 2.1 chưa có số liệu của quý III."
MENDED = "Đã bổ sung số liệu quý III."


def test_return_and_resubmission(people: People, assessment: Assessment, new_page: NewPage) -> None:
    walk(people, assessment, State.APPRAISAL)
    answer_all(people.home_affairs, assessment, layer=Layer.AGENCY)
    give_back(people, assessment, new_page)
    mend(people, assessment, new_page)
    send_again(people, assessment, new_page)
    assert Submission.objects.count() == 2, "each sending has its own receipt"
    page = new_page(people.home_affairs)
    page.goto(reverse("assessments:appraise", args=[assessment.pk]))
    assert Assessment.objects.get(pk=assessment.pk).state == State.SUBMITTED
    # What was appraised before stands, and says that the ward has changed it since.
    expect(page.locator("#tc-2-1")).to_contain_text("Xã, phường đã sửa mục này sau khi thẩm định")
    expect(page.locator("#tc-2-2")).not_to_contain_text("Xã, phường đã sửa mục này")


def give_back(people: People, assessment: Assessment, new_page: NewPage) -> None:
    page = new_page(people.home_affairs)
    page.goto(reverse("assessments:appraise", args=[assessment.pk]))
    page.get_by_role("link", name="Trả lại xã, phường").click()
    page.get_by_label("Lý do").fill(REASON)
    page.get_by_label("Hạn nộp lại").fill((timezone.localdate() + timedelta(days=9)).isoformat())
    page.get_by_role("button", name="Trả lại xã, phường").click()
    expect(page.get_by_text("Đã trả lại xã, phường.")).to_be_visible()


def mend(people: People, assessment: Assessment, new_page: NewPage) -> None:
    """The officer is told, finds the reason, and changes what it speaks of."""
    page = new_page(people.officer)
    page.goto("/")
    page.get_by_role("link", name="Thông báo").click()
    page.get_by_role("link", name="Thành phố trả lại hồ sơ").first.click()
    expect(page.locator("#noi-dung")).to_contain_text("Được trả lại")
    expect(page.locator("#noi-dung")).to_contain_text(REASON)
    sheet = Sheet(page, assessment)
    sheet.note("tc-2.1").fill(MENDED)
    sheet.expect_saved("tc-2.1")
    page.get_by_role("link", name="Gửi hội đồng").click()
    page.get_by_role("button", name="Gửi hội đồng").click()
    expect(page.get_by_text("Đã gửi hội đồng xã, phường.")).to_be_visible()


def send_again(people: People, assessment: Assessment, new_page: NewPage) -> None:
    """The earlier approval no longer counts: the council meets anew."""
    page = new_page(people.leader)
    page.goto(reverse("assessments:submissions", args=[assessment.plan.year]))
    expect(page.locator("#noi-dung")).to_contain_text("Chưa được hội đồng thông qua")
    page.get_by_role("link", name="Ghi biên bản họp").first.click()
    page.get_by_label("Địa điểm").fill("Trụ sở UBND phường")
    page.get_by_role("button", name="Lưu biên bản").click()
    page.get_by_role("link", name="Chốt biên bản").click()
    page.get_by_role("radio", name="Thông qua").check()
    page.get_by_label("Số phiếu tán thành").fill("9")
    page.get_by_role("button", name="Chốt biên bản").click()
    expect(page.get_by_text("Đã chốt biên bản họp hội đồng.")).to_be_visible()
    page.get_by_role("link", name="Gửi thành phố").click()
    page.get_by_role("button", name="Gửi 1 hồ sơ").click()
    expect(page.get_by_role("heading", name="Phiếu gửi hồ sơ, lần 2")).to_be_visible()
