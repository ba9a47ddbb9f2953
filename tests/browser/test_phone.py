"""On a phone: nothing sticks out at the side, what one presses is large enough, the result is at the foot."""

from playwright.sync_api import expect

from accounts.models import User
from assessments.models import Assessment
from tests.browser.city import City
from tests.browser.screens import NewPage, Sheet

SIZE = {"width": 390, "height": 844}
PHONE = {"viewport": SIZE, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def test_no_page_scrolls_sideways(city: City, new_page: NewPage) -> None:
    too_wide = []
    people = city.people
    for user in (people.officer, people.leader, people.home_affairs, people.city_leader, city.finance):
        page = new_page(user, viewport=SIZE)
        for path in city.pages(user):
            page.goto(path)
            page.evaluate("for (const details of document.querySelectorAll('main details')) details.open = true")
            width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            if width > window:
                too_wide.append((user.role, path, width, page.evaluate(WIDEST)))
        page.close()
    assert not too_wide, "\n".join(map(str, too_wide))


# What sticks out and is not inside something that scrolls by itself: for the message of a failing test.
WIDEST = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .filter((e) => {
    for (let p = e; p; p = p.parentElement) if (getComputedStyle(p).overflowX !== "visible") return false;
    return true;
  })
  .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 30)}`).slice(0, 3)"""


def test_assessing_on_a_phone(officer: User, assessment: Assessment, new_page: NewPage) -> None:
    sheet = Sheet(new_page(officer, **PHONE), assessment).open()
    heights = sheet.page.locator(".entry label.verdict").evaluate_all("all => all.map((e) => e.offsetHeight)")
    assert len(heights) > 160
    assert min(heights) >= 44

    body, foot = sheet.page.locator("#result-body"), sheet.page.locator("#result-summary")
    expect(foot).to_be_in_viewport()
    expect(body).to_be_hidden()
    box = foot.bounding_box()
    assert box is not None
    assert 840 <= box["y"] + box["height"] <= 845
    foot.tap()
    expect(body).to_be_visible()
    expect(body).to_contain_text("Tiêu chuẩn 1: đạt 0/4")
    foot.tap()
    expect(body).to_be_hidden()

    sheet.verdict("tc-1.1", "Đạt").tap()
    sheet.expect_saved("tc-1.1")
    expect(foot).to_contain_text("1/83 mục đã đánh giá")
    expect(body).to_be_hidden()
    foot.tap()
    sheet.page.get_by_role("link", name="Còn 82 mục chưa đánh giá").tap()
    expect(body).to_be_hidden()
    expect(sheet.entry("tc-1.2")).to_be_in_viewport()

    sheet.page.locator("#sheet-nav").get_by_role("link", name="Trường hợp").tap()
    expect(sheet.entry("th-1")).to_be_in_viewport()
    expect(sheet.page.locator("#sheet-nav")).to_be_in_viewport()
