"""The agency's grid in a browser: keys, reasons, somebody else's answer, columns, and the time without network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.models import Agency, User
from assessments.models import Assessment, Layer, Plan, Verdict
from tests import factories
from tests.assessments.agencies import assign, in_appraisal, judge
from tests.browser.screens import NewPage

KEYS = ("tc-1.2", "tc-1.3", "th-1")


@pytest.fixture
def agency(plan: Plan) -> Agency:
    made: Agency = factories.AgencyFactory()
    assign(plan, made, *KEYS)
    return made


@pytest.fixture
def expert(agency: Agency) -> User:
    made: User = factories.AgencyOfficerFactory(agency=agency)
    return made


@pytest.fixture
def dossiers(officer: User, plan: Plan) -> list[Assessment]:
    """Three complete dossiers; the last one's 1.2 is not met."""
    return [*in_appraisal(officer, plan, 2), *in_appraisal(officer, plan, bad=("tc-1.2",))]


@pytest.fixture
def page(new_page: NewPage, expert: User, dossiers: list[Assessment], plan: Plan) -> Iterator[Page]:
    opened = new_page(expert)
    opened.goto(f"/ke-hoach/{plan.year}/tham-dinh/")
    yield opened
    # Nothing may still be on its way while the database is emptied.
    expect(opened.locator("td.w")).to_have_count(0)
    opened.wait_for_load_state("networkidle")


def cell(page: Page, dossier: Assessment, key: str) -> Locator:
    return page.locator(f'tr[data-a="{dossier.pk}"] td').nth(KEYS.index(key))


def left(page: Page, number: int) -> None:
    expect(page.locator("#left")).to_have_text(str(number))


def stored(dossier: Assessment, key: str) -> tuple[str, str] | None:
    found = Verdict.objects.filter(assessment=dossier, layer=Layer.AGENCY, entry__key=key).first()
    return (found.value, found.note) if found else None


def expect_saved(page: Page, at: Locator, words: str) -> None:
    expect(at).to_have_attribute("aria-label", words)
    expect(page.locator("td.w")).to_have_count(0)


def test_answering_by_keyboard(page: Page, dossiers: list[Assessment]) -> None:
    press, first = page.keyboard.press, dossiers[0]
    left(page, 9)
    press("ArrowDown")
    expect(cell(page, first, "tc-1.2")).to_be_focused()
    press("1")
    expect_saved(page, cell(page, first, "tc-1.2"), "Đạt, tự đánh giá đạt")
    left(page, 8)
    press("ArrowRight")
    press("ArrowRight")
    expect(cell(page, first, "th-1")).to_be_focused()
    press("1")
    expect_saved(page, cell(page, first, "th-1"), "Không xảy ra, tự đánh giá không xảy ra")
    press("ArrowRight")  # the last column stays the last
    expect(cell(page, first, "th-1")).to_be_focused()
    press("u")
    expect(cell(page, dossiers[1], "tc-1.2")).to_be_focused()
    press("3")  # not allowed for this entry
    press("ArrowDown")
    expect(cell(page, dossiers[2], "tc-1.2")).to_be_focused()
    press("?")
    expect(page.locator("#keys")).to_be_visible()
    press("Escape")
    press("n")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("u2")  # letters belong to the text
    press("Escape")
    expect(cell(page, dossiers[2], "tc-1.2")).to_be_focused()
    assert (stored(first, "tc-1.2"), stored(first, "th-1")) == (("met", ""), ("absent", ""))
    assert stored(dossiers[1], "tc-1.2") is None


def test_a_difference_needs_its_reason(page: Page, dossiers: list[Assessment]) -> None:
    first = cell(page, dossiers[0], "tc-1.2")
    first.click()
    page.keyboard.press("2")
    expect(page.locator("#reason")).to_be_focused()
    expect(page.locator("#panel-message")).to_contain_text("ghi lý do")
    assert stored(dossiers[0], "tc-1.2") is None
    # Leaving the cell forgets nothing, a reload neither.
    cell(page, dossiers[1], "tc-1.3").click()
    expect(page.locator("#save-line")).to_contain_text("1 ô chưa lưu")
    page.reload()
    expect(page.locator("#save-line")).to_contain_text("1 ô chưa lưu")
    page.get_by_role("button", name="Tới ô đó").click()
    expect(first).to_be_focused()
    page.locator("#reason").fill("Thiếu biên bản họp")
    page.keyboard.press("Control+Enter")
    expect_saved(page, first, "Không đạt, tự đánh giá đạt, khác tự đánh giá, có ghi chú")
    expect(page.locator("#save-line")).to_be_hidden()
    assert stored(dossiers[0], "tc-1.2") == ("not_met", "Thiếu biên bản họp")


def test_giving_the_unsaved_verdict_up(page: Page, dossiers: list[Assessment]) -> None:
    first = cell(page, dossiers[0], "tc-1.2")
    first.click()
    page.keyboard.press("2")
    page.get_by_role("button", name="Bỏ, giữ kết quả đã lưu").click()
    expect(first).to_have_attribute("aria-label", "Chưa thẩm định, tự đánh giá đạt")
    expect(page.locator("#save-line")).to_be_hidden()
    left(page, 9)


def test_by_mouse_with_the_panel(page: Page, dossiers: list[Assessment]) -> None:
    last = cell(page, dossiers[2], "tc-1.2")
    last.click()
    expect(page.locator("#panel-unit")).to_contain_text(str(dossiers[2].unit))
    expect(page.locator("#panel-body")).to_contain_text("Không đạt")
    page.locator("#verdicts").get_by_role("button", name="Không đạt").click()
    expect_saved(page, last, "Không đạt, tự đánh giá không đạt")
    expect(page.locator("#verdicts [aria-pressed=true]")).to_contain_text("Không đạt")
    page.locator("#reason").fill("Đồng ý với phường")
    page.get_by_role("button", name="Lưu ý kiến").click()
    expect_saved(page, last, "Không đạt, tự đánh giá không đạt, có ghi chú")
    assert stored(dossiers[2], "tc-1.2") == ("not_met", "Đồng ý với phường")


@pytest.mark.parametrize("keep", ["Giữ của họ", "Lưu của tôi"])
def test_somebody_elses_newer_answer(
    page: Page, dossiers: list[Assessment], expert: User, agency: Agency, keep: str
) -> None:
    colleague = factories.AgencyOfficerFactory(agency=agency)
    judge(colleague, dossiers[0], "tc-1.2", "not_met", "Không đủ hồ sơ")
    # The panel must not have shown it before: the answer goes out on what the page knew.
    page.route("**/tham-dinh/o/**", lambda route: route.abort() if route.request.method == "GET" else route.continue_())
    cell(page, dossiers[0], "tc-1.2").click()
    page.keyboard.press("1")
    choice = page.locator("#panel-choice")
    expect(choice).to_contain_text(f"{colleague} đã ghi “Không đạt”: “Không đủ hồ sơ”")
    assert stored(dossiers[0], "tc-1.2") == ("not_met", "Không đủ hồ sơ")
    page.unroute("**/tham-dinh/o/**")
    choice.get_by_role("button", name=keep).click()
    expect(choice).to_be_hidden()
    expect(page.locator("#save-line")).to_be_hidden()
    expect(page.locator("td.w")).to_have_count(0)
    if keep == "Giữ của họ":
        assert stored(dossiers[0], "tc-1.2") == ("not_met", "Không đủ hồ sơ")
        expect(cell(page, dossiers[0], "tc-1.2").locator("b")).to_have_text("✕")
    else:
        expect(cell(page, dossiers[0], "tc-1.2").locator("b")).to_have_text("✓")
        found = stored(dossiers[0], "tc-1.2")
        assert found is not None and found[0] == "met"


def test_a_column_and_back(page: Page, dossiers: list[Assessment]) -> None:
    page.get_by_role("button", name="1.2", exact=True).click()
    page.locator("[data-choice=met]").click()
    expect(page.locator("#column-message")).to_contain_text("1 ô khác với tự đánh giá")
    page.locator("#column-reason").fill("Đã kiểm tra thực tế")
    page.locator("[data-choice=met]").click()
    left(page, 6)
    assert [stored(d, "tc-1.2") for d in dossiers] == [("met", ""), ("met", ""), ("met", "Đã kiểm tra thực tế")]
    expect(page.locator("#undo-bar")).to_contain_text("3 hồ sơ")
    page.reload()
    page.locator("#undo-bar").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#undo-bar")).to_contain_text("Đã hoàn tác.")
    left(page, 9)
    assert [stored(d, "tc-1.2") for d in dossiers] == [("", "")] * 3


def test_a_column_follows_the_filter(page: Page, dossiers: list[Assessment]) -> None:
    page.get_by_label("Tên tổ, bản").fill(str(dossiers[1].unit).replace("Tổ", "to"))
    expect(page.locator("#shown")).to_have_text("1 hồ sơ")
    expect(cell(page, dossiers[0], "tc-1.2")).to_be_hidden()
    page.get_by_role("button", name="1.3", exact=True).click()
    page.get_by_role("button", name="Theo tự đánh giá: 1 ô").click()
    left(page, 8)
    assert [stored(d, "tc-1.3") is None for d in dossiers] == [True, False, True]
    page.get_by_label("Tên tổ, bản").fill("")
    page.get_by_label("Chỉ hiện").select_option("chua")
    expect(page.locator("tr[data-a]:visible")).to_have_count(3)
    page.get_by_label("Chỉ hiện").select_option("khac")
    expect(page.locator("#shown")).to_have_text("Không có hồ sơ nào khớp bộ lọc.")


def test_an_address_with_a_filter(page: Page, dossiers: list[Assessment], expert: User, plan: Plan) -> None:
    for key in KEYS:
        judge(expert, dossiers[0], key, "absent" if key == "th-1" else "met")
    page.goto(f"/ke-hoach/{plan.year}/tham-dinh/?loc=chua")
    expect(page.locator("#shown")).to_have_text("2 hồ sơ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    expect_saved(page, cell(page, dossiers[1], "tc-1.2"), "Đạt, tự đánh giá đạt")


def test_without_network_and_back(page: Page, dossiers: list[Assessment]) -> None:
    context: BrowserContext = page.context
    context.set_offline(True)
    cell(page, dossiers[0], "tc-1.2").click()
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("1")
    expect(page.locator("#save-line")).to_contain_text("2 ô chưa gửi")
    expect(page.locator("#panel-body")).to_contain_text("Chưa xem được chi tiết")
    assert stored(dossiers[0], "tc-1.2") is None
    context.set_offline(False)
    expect(page.locator("#save-line")).to_be_hidden()
    expect(page.locator("td.w")).to_have_count(0)
    assert [stored(d, "tc-1.2") for d in dossiers[:2]] == [("met", ""), ("met", "")]
    assert page.evaluate("localStorage.length") == 0


def test_a_server_error_keeps_the_cell_over_a_reload(page: Page, dossiers: list[Assessment]) -> None:
    def broken(route: object) -> None:
        if route.request.method == "POST":  # type: ignore[attr-defined]
            route.fulfill(status=500, body="")  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/tham-dinh/o/**", broken)
    cell(page, dossiers[0], "tc-1.2").click()
    page.keyboard.press("1")
    expect(page.locator("#save-line")).to_contain_text("1 ô chưa gửi: máy chủ chưa lưu được")
    page.unroute("**/tham-dinh/o/**")
    page.reload()
    expect_saved(page, cell(page, dossiers[0], "tc-1.2"), "Đạt, tự đánh giá đạt")
    assert stored(dossiers[0], "tc-1.2") == ("met", "")


def test_an_acknowledgement_that_got_lost(page: Page, dossiers: list[Assessment]) -> None:
    """The server stored it, nobody said so, and the person changed their mind: no quarrel with oneself."""
    lost = []

    def swallow(route: object) -> None:
        if route.request.method == "POST" and not lost:  # type: ignore[attr-defined]
            lost.append(route.fetch().status)  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/tham-dinh/o/**", swallow)
    first = cell(page, dossiers[0], "tc-1.2")
    first.click()
    page.keyboard.press("1")
    expect(page.locator("#save-line")).to_contain_text("1 ô chưa gửi")
    assert lost == [200] and stored(dossiers[0], "tc-1.2") == ("met", "")
    page.keyboard.press("2")
    page.locator("#reason").fill("Xem lại hồ sơ")
    page.keyboard.press("Control+Enter")
    expect_saved(page, first, "Không đạt, tự đánh giá đạt, khác tự đánh giá, có ghi chú")
    assert stored(dossiers[0], "tc-1.2") == ("not_met", "Xem lại hồ sơ")


def test_on_a_phone(page: Page, dossiers: list[Assessment]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    cell(page, dossiers[0], "tc-1.2").click()
    button = page.locator("#verdicts").get_by_role("button", name="✓ Đạt")
    expect(button).to_be_in_viewport()
    button.click()
    expect_saved(page, cell(page, dossiers[0], "tc-1.2"), "Đạt, tự đánh giá đạt")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Đóng khung chi tiết").click()
    expect(page.locator("#panel")).to_be_hidden()


def test_home_affairs_reads_and_writes_for_an_agency(
    new_page: NewPage, home_affairs: User, city_leader: User, dossiers: list[Assessment], agency: Agency, plan: Plan
) -> None:
    address = f"/ke-hoach/{plan.year}/tham-dinh/?co-quan={agency.code}"
    page = new_page(home_affairs)
    page.goto(address)
    cell(page, dossiers[0], "tc-1.2").click()
    page.keyboard.press("1")
    expect_saved(page, cell(page, dossiers[0], "tc-1.2"), "Đạt, tự đánh giá đạt")
    page = new_page(city_leader)
    page.goto(address)
    cell(page, dossiers[0], "tc-1.2").click()
    expect(page.locator("#panel-body")).to_contain_text(str(home_affairs))
    expect(page.locator("#cell-form")).to_have_count(0)
    page.keyboard.press("2")
    expect(cell(page, dossiers[0], "tc-1.2")).to_have_attribute("aria-label", "Đạt, tự đánh giá đạt")
