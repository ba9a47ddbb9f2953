"""Papers on the way of a decision: home affairs draws one up, a ward's leader prints, a citizen checks a code."""

from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Submission
from assessments.models.certificate import Certificate
from tests.browser.city import City
from tests.browser.screens import NewPage


def _downloaded(page: Page, name: str) -> tuple[str, bytes]:
    """The file behind a link: its name's end and its first bytes."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    return waiting.value.suggested_filename.rpartition(".")[2], Path(waiting.value.path()).read_bytes()[:4]


def _first_page(page: Page) -> None:
    """The first picture of the preview is there."""
    expect(page.locator("#paper-pages img").first).to_be_visible(timeout=20_000)


def test_home_affairs_draws_up_the_decision(city: City, new_page: NewPage) -> None:
    page = new_page(city.people.home_affairs)
    page.goto(reverse("assessments:decision_list", args=[city.plan.year]))
    page.get_by_text("In văn bản").click()
    page.get_by_role("link", name="Dự thảo quyết định công nhận", exact=True).click()
    _first_page(page)
    expect(page.locator("#paper-facts")).to_contain_text("Dự thảo")
    assert _downloaded(page, "Tải Word") == ("docx", b"PK\x03\x04")
    assert _downloaded(page, "Tải Excel") == ("xlsx", b"PK\x03\x04")


def test_a_ward_leader_prints_the_submission(city: City, new_page: NewPage) -> None:
    page = new_page(city.people.leader)
    sent = Submission.objects.latest("pk")
    page.goto(reverse("assessments:submission", args=[sent.pk]))
    page.get_by_text("In văn bản").click()
    page.get_by_role("link", name="Tờ trình đề nghị công nhận", exact=True).click()
    _first_page(page)
    given = page.request.get(page.get_by_role("link", name="Tải PDF để in").get_attribute("href") or "")
    assert (given.headers["content-type"], given.body()[:5]) == ("application/pdf", b"%PDF-")


def test_a_citizen_checks_a_certificate(city: City, new_page: NewPage) -> None:
    page = new_page(None)
    certificate = Certificate.objects.latest("pk")
    page.goto(reverse("reports:certificate_ask"))
    page.get_by_label("Mã in trên giấy công nhận").fill(certificate.code.lower())
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text("Giấy công nhận có trong sổ và đang có hiệu lực.")).to_be_visible()
    expect(page.locator("main")).to_contain_text(city.by_state["recognised"].unit.name)
    page.goto(reverse("reports:certificate_check", args=["2" * 20]))
    expect(page.get_by_text("Không có giấy công nhận nào mang mã này.")).to_be_visible()
