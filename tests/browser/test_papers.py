"""Papers in the browser: the preview that comes after its page, menus by keyboard, phones, missing network."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from assessments.workflow import State
from tests import files, signing
from tests.assessments.views.world import World, build
from tests.browser.screens import NewPage


@pytest.fixture
def world(transactional_db: None) -> World:
    return build(State.APPRAISAL, with_parts=True)


def preview(world: World) -> str:
    return f"/van-ban/bien-ban-hoi-dong/{world.parts.minutes.pk}/"


def shown(page: Page) -> None:
    """The first picture has really come."""
    picture = page.locator("img.paper-page").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1000)


def test_the_pages_come_after_the_page(world: World, new_page: NewPage) -> None:
    page = new_page(world["lf"])
    held: list[Route] = []
    page.route("**/trang/", lambda route: held.append(route))
    page.goto(preview(world))
    expect(page.get_by_text("Đang dựng văn bản…")).to_be_visible()
    expect(page.get_by_role("link", name="Tải PDF để in")).to_be_visible()
    held[0].continue_()
    shown(page)
    expect(page.get_by_text("Đang dựng văn bản…")).to_be_hidden()
    expect(page.locator("#paper-facts")).to_contain_text("Bản chốt")
    expect(page.locator("#paper-facts")).to_contain_text("Số trang")
    assert page.locator("#paper-facts").count() == 1


def test_a_failure_and_a_missing_network_are_told(world: World, new_page: NewPage) -> None:
    page = new_page(world["lf"])
    page.route("**/trang/", lambda route: route.abort())
    page.goto(preview(world))
    expect(page.get_by_text("Chưa có mạng nên chưa tải được")).to_be_visible()
    page.unroute("**/trang/")
    page.route("**/trang/", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.get_by_role("link", name="Thử lại").click()
    expect(page.get_by_text("Chưa dựng được văn bản.")).to_be_visible()
    expect(page.get_by_text("Bad gateway")).to_be_hidden()
    page.unroute("**/trang/")
    told = '<p class="notice">Máy chủ chưa dựng được văn bản này</p>'
    page.route(
        "**/trang/",
        lambda route: route.fulfill(
            status=500, body=told, headers={"X-Paper-Problem": "failed", "Content-Type": "text/html; charset=utf-8"}
        ),
    )
    page.get_by_role("link", name="Thử lại").click()
    expect(page.get_by_text("Máy chủ chưa dựng được văn bản này")).to_be_visible()
    page.unroute("**/trang/")
    page.reload()
    shown(page)


def test_without_scripts(world: World, new_page: NewPage) -> None:
    page = new_page(world["lf"], java_script_enabled=False)
    page.goto(preview(world))
    page.get_by_role("link", name="Xem các trang").click()
    expect(page.locator("img.paper-page").first).to_be_visible()


def test_on_a_phone_everything_fits(world: World, new_page: NewPage) -> None:
    page = new_page(world["lf"], viewport={"width": 390, "height": 844})
    page.goto(preview(world))
    shown(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "user-scalable" not in (page.locator("meta[name=viewport]").get_attribute("content") or "")
    page.goto("/ke-hoach/2025/van-ban/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_menu_by_keyboard_and_mouse(world: World, new_page: NewPage) -> None:
    page = new_page(world["dm"])
    page.goto(f"/tham-dinh-co-so/{world.parts.visit.pk}/")
    menu, summary = page.locator("details.papers"), page.locator("details.papers summary")
    first = menu.get_by_role("link").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    expect(first).to_be_visible()
    page.locator("h1").click()
    expect(first).to_be_hidden()
    summary.click()
    box = menu.locator(".papers-list").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= page.evaluate("innerWidth")
    page.locator("details.user-menu summary").click()
    expect(first).to_be_hidden()


def test_a_signed_paper_from_the_wards_desk(world: World, new_page: NewPage) -> None:
    page = new_page(world["of"])
    page.goto(f"/gui/{world.parts.submission.pk}/")
    given = {"name": "to-trinh.pdf", "mimeType": "application/pdf", "buffer": signing.signed()}
    page.get_by_label(re.compile("Bản quét hoặc bản ký số")).set_input_files(given)  # type: ignore[arg-type]
    page.get_by_role("button", name="Đính kèm bản ký").click()
    signed = page.locator("details.signed")
    expect(signed).to_contain_text("Chữ ký số: “Chủ tịch UBND phường Tân Phong”")
    expect(page.get_by_text("Chưa đối chiếu tổ chức chứng thực.")).to_be_hidden()
    signed.locator("summary").click()
    expect(page.get_by_text("Chưa đối chiếu tổ chức chứng thực.")).to_be_visible()
    scan = {"name": "quet.pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    page.get_by_label(re.compile("Bản quét hoặc bản ký số")).set_input_files(scan)  # type: ignore[arg-type]
    page.get_by_role("button", name="Đính kèm bản ký").click()
    expect(page.get_by_text("Bản quét, không có chữ ký số.")).to_be_visible()
