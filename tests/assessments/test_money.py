"""Amounts as they are typed, added and read aloud: whole đồng, never a float."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from assessments import money

amounts = st.integers(0, money.MOST)
quantities = st.integers(1, 10**12 - 1).map(lambda number: Decimal(number) / 1000)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12.500.000", 12_500_000),
        ("12 500 000", 12_500_000),
        ("12\u00a0500\u00a0000 đồng", 12_500_000),
        ("12,500,000", 12_500_000),
        ("12500000đ", 12_500_000),
        ("0", 0),
        ("1.000.000.000.000", money.MOST),
    ],
)
def test_dong(typed: str, amount: int) -> None:
    assert money.parse_dong(typed) == amount


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "không phải số đồng"),
        ("12,500", "không phải số đồng"),
        ("12.5", "không phải số đồng"),
        ("1.2500.000", "không phải số đồng"),
        ("1.250 000", "không phải số đồng"),
        ("-5", "số tiền âm"),
        ("5 triệu", "không phải số đồng"),
        ("٣٤", "không phải số đồng"),
        ("1.000.000.000.001", "lớn hơn"),
        ("9" * 5000, "lớn hơn"),
    ],
)
def test_no_dong(typed: str, why: str) -> None:
    with pytest.raises(money.BadAmount, match=why):
        money.parse_dong(typed)


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("0.125", "0.125"),
        ("1,500", "1.5"),
        ("1.500,5", "1500.5"),
        ("1 500", "1500"),
        ("1.250.000", "1250000"),
        ("007", "7"),
    ],
)
def test_quantity(typed: str, quantity: str) -> None:
    assert money.parse_quantity(typed) == Decimal(quantity)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1.500", "hai cách"),
        ("0", "lớn hơn 0"),
        ("0,000", "lớn hơn 0"),
        ("1,2345", "ba chữ số"),
        ("1000000000", "nhỏ hơn"),
        ("hai", "không phải số lượng"),
        ("-1", "không phải số lượng"),
        ("1e5", "không phải số lượng"),
        ("NaN", "không phải số lượng"),
    ],
)
def test_no_quantity(typed: str, why: str) -> None:
    with pytest.raises(money.BadAmount, match=why):
        money.parse_quantity(typed)


@given(amounts)
def test_what_is_written_is_read_back(amount: int) -> None:
    assert money.parse_dong(money.dong(amount)) == amount
    assert money.parse_dong(money.dong(amount).replace(".", " ")) == amount


@given(quantities)
def test_a_quantity_is_read_back(quantity: Decimal) -> None:
    assert money.parse_quantity(money.quantity_text(quantity)) == quantity


@given(quantities, st.integers(0, 10**9))
def test_a_product_is_exact_or_refused(quantity: Decimal, price: int) -> None:
    thousandths = int(quantity * 1000) * price
    if thousandths % 1000 or thousandths // 1000 > money.MOST:
        with pytest.raises(money.BadAmount):
            money.product(quantity, price)
    else:
        assert money.product(quantity, price) == thousandths // 1000


def test_what_is_no_whole_dong_is_written_with_dots() -> None:
    with pytest.raises(money.BadAmount, match=r"12,5 x 1\.600\.001 = 20\.000\.012,5 không chẵn đồng"):
        money.product(Decimal("12.5"), 1_600_001)


@given(st.lists(st.tuples(amounts, amounts, amounts), max_size=30))
def test_sums_are_exact(parts: list[tuple[int, int, int]]) -> None:
    total = money.total(money.Three(*part) for part in parts)
    assert total.asked == sum(part[0] for part in parts)
    if parts:
        assert (total.appraised, total.approved) == (sum(p[1] for p in parts), sum(p[2] for p in parts))
        assert total.gained == (total.cut or 0) + (total.changed or 0)
    sources = sum((money.Sources(*part) for part in parts), money.Sources())
    assert sources.total == sum(map(sum, parts))


def test_what_one_line_lacks_is_unknown_in_the_sum() -> None:
    total = money.total([money.Three(5, 4, 4), money.Three(7, 6, None)])
    assert total == money.Three(12, 10, None)
    assert (total.changed, total.gained, total.cut) == (None, None, -2)
    assert money.total([]) == money.Three(0)


def test_sources_must_add_up() -> None:
    money.check_sources(10, money.Sources(5, 3, 2))
    with pytest.raises(money.BadAmount, match="còn thiếu 1 đồng"):
        money.check_sources(11, money.Sources(5, 3, 2))
    with pytest.raises(money.BadAmount, match="thừa 1 đồng"):
        money.check_sources(9, money.Sources(5, 3, 2))


# ---- In words ----


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (111, "một trăm mười một"),
        (115, "một trăm mười lăm"),
        (1_000, "một nghìn"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_015, "một nghìn không trăm mười lăm"),
        (21_000, "hai mươi mốt nghìn"),
        (105_024, "một trăm linh năm nghìn không trăm hai mươi tư"),
        (1_000_001, "một triệu không trăm linh một"),
        (12_500_000, "mười hai triệu năm trăm nghìn"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (1_230_000_000, "một tỷ hai trăm ba mươi triệu"),
        (2_000_000_015, "hai tỷ không trăm mười lăm"),
        (1_000_000_000_000, "một nghìn tỷ"),
        (1_001_000_000_000, "một nghìn không trăm linh một tỷ"),
        (3 * 10**14 + 4, "ba trăm nghìn tỷ không trăm linh bốn"),
    ],
)
def test_words(amount: int, words: str) -> None:
    assert money.words(amount) == words


def test_words_of_a_total() -> None:
    assert money.dong_words(1_230_000_000) == "Một tỷ hai trăm ba mươi triệu đồng"
    with pytest.raises(ValueError, match="-1"):
        money.words(-1)


_VALUES = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5}
_VALUES |= {"sáu": 6, "bảy": 7, "tám": 8, "chín": 9}
_POWERS = {"nghìn": 10**3, "triệu": 10**6}


def heard(words: str) -> int:
    """The number somebody writes down who hears the words: another reading than the one that made them."""
    whole = group = one = 0
    for word in words.split():
        if word == "tỷ":
            whole, group, one = (whole + group + one) * 10**9, 0, 0
        elif word in _POWERS:
            whole, group, one = whole + (group + one) * _POWERS[word], 0, 0
        elif word == "trăm":
            group, one = one * 100, 0
        elif word == "mười":
            group, one = group + 10, 0
        elif word == "mươi":
            group, one = group + one * 10, 0
        elif word != "linh":
            one = _VALUES[word]
    return whole + group + one


@given(st.integers(0, 10**17))
def test_words_are_heard_as_the_same_number(number: int) -> None:
    assert heard(money.words(number)) == number


@given(st.integers(0, 10**17))
def test_words_follow_the_rules_of_the_language(number: int) -> None:
    said = money.words(number).split()
    assert not {"lẻ", "ngàn", "bẩy", "tỉ"} & set(said)
    for before, word, after in zip(["", *said], said, [*said[1:], ""], strict=False):
        if before in ("mươi", "mười") and word == "năm":
            raise AssertionError("lăm after tens")
        if before == "mươi":
            assert word not in ("một", "bốn")
        if word in ("mốt", "tư"):
            assert before == "mươi"
        if word == "lăm":
            assert before in ("mươi", "mười")
        if word == "linh":
            assert before == "trăm"
            assert after in ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def test_no_float_in_what_counts_money() -> None:
    """Neither a float literal, nor float(), nor a true division, in any module that touches amounts."""
    root = Path(settings.BASE_DIR)
    modules = [root / "assessments/money.py", root / "reports/workbooks/budget.py", root / "reports/papers/estimate.py"]
    modules += [path for path in root.glob("assessments/**/budget*.py") if "node_modules" not in path.parts]
    modules += list(root.glob("reports/papers/budget*.py"))
    assert len(modules) > 8
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            named = isinstance(node, ast.Name) and node.id in ("float", "round")
            divided = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            assert not (literal or named or divided), f"{path}:{getattr(node, 'lineno', 0)}"
    script = (root / "static/js/budget-sums.js").read_text(encoding="utf-8")
    assert not any(word in script for word in ("parseFloat", "Number(", "parseInt", "Math."))
