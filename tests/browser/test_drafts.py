"""Long forms: what was typed outlives a session that ended while somebody was writing."""

import re

from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from assessments.models import Assessment
from assessments.workflow import State
from tests import factories
from tests.browser.screens import NewPage, sign_in_on_screen


def test_minutes_typed_before_the_session_ended_come_back(
    new_page: NewPage, assessment: Assessment, leader: User
) -> None:
    factories.in_state(assessment, State.COUNCIL)
    address = reverse("assessments:move", args=[assessment.pk, "gui-thanh-pho"])
    page = new_page(leader)
    page.goto(address)
    page.get_by_label("Địa điểm").fill("Nhà văn hóa")
    page.get_by_label("Thành phần dự họp").fill("Chủ tịch hội đồng\nThư ký")
    Session.objects.all().delete()
    page.get_by_role("button", name="Thông qua và gửi thành phố").click()
    expect(page.get_by_text("Việc vừa bấm chưa được thực hiện")).to_be_visible()
    sign_in_on_screen(page, leader, factories.PASSWORD)
    expect(page).to_have_url(re.compile(re.escape(address)))
    expect(page.get_by_text("Đã điền lại nội dung nhập dở")).to_be_visible()
    expect(page.get_by_label("Địa điểm")).to_have_value("Nhà văn hóa")
    expect(page.get_by_label("Thành phần dự họp")).to_have_value("Chủ tịch hội đồng\nThư ký")


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
