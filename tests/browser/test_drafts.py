"""Long forms: what was typed outlives a session that ended while somebody was writing."""

import re

from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from assessments.models import Assessment
from assessments.workflow import State
from tests import factories
from tests.assessments.roads import council_of
from tests.browser.screens import NewPage, sign_in_on_screen


def test_minutes_typed_before_the_session_ended_come_back(
    new_page: NewPage, assessment: Assessment, leader: User
) -> None:
    factories.in_state(assessment, State.COUNCIL)
    absent = council_of(leader)[-1]
    address = reverse("assessments:council_new", args=[assessment.plan.year])
    page = new_page(leader)
    page.goto(address)
    page.get_by_label("Địa điểm").fill("Nhà văn hóa")
    page.get_by_label("Đại biểu mời dự").fill("Bí thư chi bộ\nTrưởng ban công tác mặt trận")
    page.get_by_role("checkbox", name=absent.full_name).uncheck()
    page.get_by_label(f"Lý do vắng của {absent.full_name}").fill("Đi công tác")
    Session.objects.all().delete()
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.get_by_text("Việc vừa bấm chưa được thực hiện")).to_be_visible()
    sign_in_on_screen(page, leader, factories.PASSWORD)
    expect(page).to_have_url(re.compile(re.escape(address)))
    expect(page.get_by_text("Đã điền lại nội dung nhập dở")).to_be_visible()
    expect(page.get_by_label("Địa điểm")).to_have_value("Nhà văn hóa")
    expect(page.get_by_label("Đại biểu mời dự")).to_have_value("Bí thư chi bộ\nTrưởng ban công tác mặt trận")
    expect(page.get_by_role("checkbox", name=absent.full_name)).not_to_be_checked()
    expect(page.get_by_label(f"Lý do vắng của {absent.full_name}")).to_have_value("Đi công tác")


def test_a_form_that_was_taken_is_forgotten(new_page: NewPage, assessment: Assessment, leader: User) -> None:
    factories.in_state(assessment, State.COUNCIL)
    address = reverse("assessments:move", args=[assessment.pk, "tra-lai-can-bo"])
    page = new_page(leader)
    page.goto(address)
    page.get_by_label("Lý do").fill("Thiếu minh chứng 2.2")
    page.get_by_role("button", name="Trả lại cán bộ").click()
    expect(page.get_by_text("Đã trả lại cán bộ.")).to_be_visible()
    factories.in_state(assessment, State.COUNCIL)
    page.goto(address)
    expect(page.get_by_label("Lý do")).to_have_value("")
