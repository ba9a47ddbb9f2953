"""Defects that a review found on the screens, each as the case that showed it."""

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from assessments.models import Assessment, Visit
from assessments.workflow import State
from tests import factories
from tests.assessments import visits
from tests.assessments.roads import People, walk
from tests.browser.conftest import NewPage
from tests.browser.screens import sign_in_on_screen


def test_minutes_sent_after_the_session_ended_are_still_there(
    people: People, assessment: Assessment, live_server: LiveServer, new_page: NewPage
) -> None:
    """The form was sent and not taken; the page that comes after signing in is the same as after saving."""
    walk(people, assessment, State.APPRAISAL)
    member: User = factories.DelegationMemberFactory()
    visit: Visit = visits.visit_to(people.home_affairs, assessment, member)
    page = new_page(member)
    page.goto(f"{live_server.url}{reverse('assessments:visit_minutes', args=[visit.pk])}")
    findings = page.get_by_label("Nội dung làm việc, nhận xét")
    findings.fill("Đã đi thực địa\ncác tuyến đường")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Lưu biên bản").click()
    sign_in_on_screen(page, member, factories.PASSWORD)
    expect(findings).to_have_value("Đã đi thực địa\ncác tuyến đường")
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.get_by_text("Đã lưu biên bản.")).to_be_visible()
    visit.refresh_from_db()
    assert visit.findings == "Đã đi thực địa\ncác tuyến đường"
    expect(page.locator("[data-minutes-notice]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-minutes-notice]")).to_be_hidden()
