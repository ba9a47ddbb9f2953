"""The whole entry by keyboard, and no key where somebody types."""

from playwright.sync_api import Locator, expect

from tests.browser.screens import Sheet


def current(sheet: Sheet) -> Locator:
    return sheet.page.locator(".entry.current")


def expect_current(sheet: Sheet, key: str) -> None:
    expect(current(sheet)).to_have_attribute("data-key", key)


def test_answering_by_keyboard(sheet: Sheet) -> None:
    press = sheet.page.keyboard.press
    press("j")
    expect_current(sheet, "tc-1.1")
    press("1")
    press("j")
    press("2")
    press("n")
    expect(sheet.note("tc-1.2")).to_be_focused()
    sheet.page.keyboard.type("Xếp loại hoàn thành")
    press("Escape")
    expect(sheet.entry("tc-1.2")).to_be_focused()
    sheet.expect_saved("tc-1.1")
    sheet.expect_saved("tc-1.2")
    first, second = sheet.stored("tc-1.1"), sheet.stored("tc-1.2")
    assert first is not None and second is not None
    assert (first.value, second.value, second.note) == ("met", "not_met", "Xếp loại hoàn thành")

    press("k")
    expect_current(sheet, "tc-1.1")
    press("s")
    expect(sheet.figure("tc-1.1", "chuc-danh-duoc-boi-duong-tu")).to_be_focused()
    sheet.page.keyboard.type("5")
    press("Tab")
    sheet.page.keyboard.type("5")
    expect(sheet.entry("tc-1.1").locator(".figure-result")).to_have_text("100 %")
    press("Escape")
    press("e")
    expect(sheet.entry("tc-1.1").locator("input[type=file]")).to_be_focused()
    expect(sheet.entry("tc-1.1").get_by_text("Chọn tệp")).to_be_visible()
    press("j")
    expect_current(sheet, "tc-1.1")  # letters belong to the field that has the focus
    press("Escape")
    sheet.expect_saved("tc-1.1")

    for key, entry in (("u", "tc-1.3"), ("j", "tc-1.4"), ("k", "tc-1.3")):
        press(key)
        expect_current(sheet, entry)
    expect(sheet.entry("tc-1.3")).to_be_in_viewport()


def test_every_kind_of_entry_has_its_keys(sheet: Sheet) -> None:
    press = sheet.page.keyboard.press
    sheet.entry("nd-2.2.1").focus()
    press("n")
    sheet.page.keyboard.type("Tổ dân phố không sản xuất nông nghiệp")
    press("Escape")
    press("3")
    sheet.expect_saved("nd-2.2.1")
    sheet.entry("th-1").focus()
    press("1")
    sheet.expect_saved("th-1")
    press("j")
    press("2")
    sheet.expect_saved("th-2")
    sheet.entry("tc-4.1").focus()
    press("1")  # derived: nothing to choose
    values = [row.value if (row := sheet.stored(key)) else "" for key in ("nd-2.2.1", "th-1", "th-2")]
    assert values == ["not_applicable", "absent", "occurs"]
    derived = sheet.stored("tc-4.1")
    assert derived is None or derived.stated == ""


def test_keys_do_nothing_where_somebody_types(sheet: Sheet) -> None:
    text = "jk123nseu? Đạt 3 năm liền"
    sheet.note("tc-2.1").focus()
    sheet.page.keyboard.type(text)
    expect(sheet.note("tc-2.1")).to_have_value(text)
    expect_current(sheet, "tc-2.1")
    expect(sheet.page.locator("#keys")).to_be_hidden()
    expect(sheet.entry("tc-2.1").locator("input[name=stated]:checked")).to_have_count(0)
    sheet.figure("tc-2.2", "mo-hinh-kinh-te-tu").focus()
    sheet.page.keyboard.type("12")
    expect(sheet.figure("tc-2.2", "mo-hinh-kinh-te-tu")).to_have_value("12")
    expect(sheet.entry("tc-2.2").locator("input[name=stated]:checked")).to_have_count(0)
    sheet.entry("tc-2.1").focus()
    sheet.page.keyboard.press("Control+1")  # the browser's own keys stay the browser's
    expect(sheet.entry("tc-2.1").locator("input[name=stated]:checked")).to_have_count(0)


def test_list_of_keys_and_switching_them_off(sheet: Sheet) -> None:
    page, dialog = sheet.page, sheet.page.locator("#keys")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    page.keyboard.press("j")
    expect(current(sheet)).to_have_count(0)
    dialog.get_by_label("Bật phím tắt trên máy này").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    expect(current(sheet)).to_have_count(0)
    page.reload()
    page.keyboard.press("j")
    expect(current(sheet)).to_have_count(0)
    page.get_by_role("button", name="bấm ?").click()
    dialog.get_by_label("Bật phím tắt trên máy này").check()
    dialog.get_by_role("button", name="Đóng").click()
    page.keyboard.press("j")
    expect_current(sheet, "tc-1.1")
