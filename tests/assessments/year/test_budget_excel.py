"""Estimates out to Excel and in again: the same lines; every bad cell reported; hostile files refused."""

import io
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from assessments import excel_reading, money
from assessments.year import budget_import, rows
from assessments.year.budget import Line, save_estimate
from localities.models import Unit
from localities.text import clean
from reports import registry
from tests import factories
from tests.assessments.year.budget import draft

HEAD = list(budget_import.TITLES.values())
GOOD = [1, "Tuyên truyền", "Chung", "bộ", 2, 3_000_000, 6_000_000, 6_000_000, 0, 0]


def sheet(*lines: Sequence[Any], head: Sequence[Any] = HEAD, before: int = 1) -> io.BytesIO:
    book = Workbook()
    page = book.active
    page.title = "Dự toán"
    for _ in range(before):
        page.append(["Dự toán năm 2025"])
    page.append(list(head))
    for line in lines:
        page.append(list(line))
    return saved(book)


def saved(book: Workbook) -> io.BytesIO:
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return target


def read(file: io.BytesIO, units: Sequence[Unit] = ()) -> budget_import.Imported:
    return budget_import.read(file, units, [])


def test_a_good_table() -> None:
    found = read(sheet(GOOD, [None, "Vệ sinh", None, "ngày", 1.5, "2.000.000", None, None, None, None], ["Tổng cộng"]))
    assert not found.problems
    assert found.lines == [
        Line("Tuyên truyền", "bộ", Decimal(2), 3_000_000, money.Sources(6_000_000)),
        Line("Vệ sinh", "ngày", Decimal("1.5"), 2_000_000, money.Sources(3_000_000)),
    ]


@pytest.mark.parametrize(
    ("at", "value", "place", "why"),
    [
        (1, None, "B4 (Nội dung)", "Chưa nhập nội dung"),
        (1, "x" * 501, "B4 (Nội dung)", "tối đa 500"),
        (2, "Tổ 99", "C4 (Tổ dân phố, bản)", "Không có tổ dân phố"),
        (3, None, "D4 (Đơn vị tính)", "Chưa nhập đơn vị tính"),
        (4, "hai", "E4 (Số lượng)", "không phải số lượng"),
        (4, 0, "E4 (Số lượng)", "lớn hơn 0"),
        (4, 1.23456, "E4 (Số lượng)", "ba chữ số"),
        (4, "=1+1", "E4 (Số lượng)", "công thức"),
        (4, True, "E4 (Số lượng)", "đúng/sai"),
        (5, 0.5, "F4 (Đơn giá)", "phần lẻ"),
        (5, -5, "F4 (Đơn giá)", "âm"),
        (5, "#N/A", "F4 (Đơn giá)", "báo lỗi"),
        (6, 7, "G4 (Thành tiền)", "Thành tiền ghi 7"),
        (7, 1, "H4 (Ngân sách nhà nước)", "còn thiếu"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_taken(at: int, value: Any, place: str, why: str) -> None:
    bad = list(GOOD)
    bad[at] = value
    found = read(sheet(GOOD, bad))
    assert not found.lines
    [problem] = found.problems
    assert problem.place == f"Trang “Dự toán”, ô {place}"
    assert why in problem.message


def test_every_bad_cell_is_reported() -> None:
    found = read(sheet([1, None, None, None, None, None, 6_000_000], GOOD, [3, "Có", None, "bộ", "x", "y"]))
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (3, "B"), (3, "D"), (3, "E"), (3, "F"), (5, "E"), (5, "F")
    ]  # fmt: skip


def test_merged_cells_are_refused_where_they_count() -> None:
    file = sheet(GOOD, GOOD)
    book = load_workbook(file)
    book.active.merge_cells("A1:J1")
    assert not read(saved(book)).problems
    book.active.merge_cells("B3:B4")
    found = read(saved(book))
    assert ("B3:B4" in found.problems[0].message, found.lines) == (True, [])


def without(title: str) -> list[str]:
    return [name for name in HEAD if name != title]


def test_what_cannot_be_read_says_why() -> None:
    cases = {
        "Thiếu cột: Đơn giá": sheet(GOOD, head=without("Đơn giá")),
        "không có dòng dự toán nào": sheet(),
        "hơn 320 dòng": sheet(*[GOOD] * 321),
        "dài hơn 3000 dòng": sheet(GOOD, *[[]] * 3100, GOOD),
        "tối đa 300 dòng": sheet(*[GOOD] * 301),
        "Dùng tệp mẫu": sheet(GOOD, before=40),
        "không thuộc loại": io.BytesIO(b"PK\x03\x04khong phai"),
        "rỗng": io.BytesIO(b""),
    }
    for why, file in cases.items():
        with pytest.raises(excel_reading.Unreadable) as error:
            read(file)
        assert why in error.value.message or "hỏng" in error.value.message, (why, error.value.message)


def changed(file: io.BytesIO, name: str, change: Any) -> io.BytesIO:
    """The same workbook with one part changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member.filename, change(content) if member.filename == name else content)
    target.seek(0)
    return target


PART = "xl/worksheets/sheet1.xml"


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    for declared in (lambda text: bomb + text, lambda text: text.decode().encode("utf-16")):
        with pytest.raises(excel_reading.Unreadable, match="khai báo lạ"):
            read(changed(sheet(GOOD), PART, declared))


def test_what_the_file_says_of_its_size_does_not_count() -> None:
    claimed = changed(sheet(GOOD), PART, lambda text: text.replace(b'ref="A1:J3"', b'ref="A1:XFD1048576"'))
    assert len(read(claimed).lines) == 1


def test_a_file_too_large_when_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_reading, "UNPACKED_LIMIT", 1000)
    with pytest.raises(excel_reading.Unreadable, match="quá lớn"):
        read(sheet(GOOD))


def test_broken_xml() -> None:
    with pytest.raises(excel_reading.Unreadable, match="hỏng"):
        read(changed(sheet(GOOD), PART, lambda text: text[: len(text) // 2]))


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")), min_size=1, max_size=40
)
words = texts.map(clean).filter(lambda text: text and text.casefold() != "tổng cộng")
quantities = st.integers(1, 10**6).map(lambda number: Decimal(number) / 1000)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    quantity = draw(quantities)
    price = draw(st.integers(0, 10**6)) * 1000
    asked = money.product(quantity, price)
    state = draw(st.integers(0, asked))
    social = draw(st.integers(0, asked - state))
    return Line(draw(words), draw(words), quantity, price, money.Sources(state, social, asked - state - social))


@pytest.mark.django_db
@hypothesis(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(lines(), min_size=1, max_size=6), own=st.booleans())
def test_out_and_in_again_is_the_same(django_user_model: Any, written: list[Line], own: bool) -> None:
    ward = factories.WardFactory()
    unit = factories.UnitFactory(ward=ward)
    officer = factories.WardOfficerFactory(ward=ward)
    plan = factories.PlanFactory(year=2050) if not _plan() else _plan()
    if own:
        written = [Line(*_facts(written[0]), unit_id=unit.pk), *written[1:]]
    estimate = draft(officer, plan, written)
    stored = list(estimate.lines.order_by("position"))
    paper = registry.find("du-toan")
    assert paper.workbook is not None
    file = io.BytesIO(paper.workbook(paper.read(officer, (estimate.pk,))))
    found = budget_import.read(file, [unit], stored)
    assert not found.problems
    assert not found.changes
    assert found.same == len(written)
    assert sorted(map(_all, found.lines), key=str) == sorted(map(_all, written), key=str)
    saved_again = save_estimate(
        user=officer, plan_id=plan.pk, number="", signed_on=None, explanation="", lines=found.lines,
        version=estimate.version if estimate.version != rows.NEW else 1,
    )  # fmt: skip
    assert list(saved_again.lines.order_by("position").values()) == list(
        type(saved_again.lines.first())._default_manager.filter(pk__in=[one.pk for one in stored])
        .order_by("position").values()
    )  # fmt: skip


def _plan() -> Any:
    from assessments.models import Plan

    return Plan.objects.filter(year=2050).first()


def _facts(line: Line) -> tuple[Any, ...]:
    return (line.content, line.measure, line.quantity, line.unit_price, line.sources)


def _all(line: Line) -> tuple[Any, ...]:
    return (*_facts(line), line.unit_id)
