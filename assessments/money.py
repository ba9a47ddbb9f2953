"""Money as the city's budget counts it: whole đồng, exact products and sums, never a float. Pure: no Django here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MOST = 1_000_000_000_000  # đồng in one line
MOST_QUANTITY = Decimal(10) ** 9
SOURCES = {"state_budget": "Ngân sách nhà nước", "social": "Xã hội hóa", "other": "Nguồn khác"}

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_UNIT = re.compile(r"(đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
_PLAIN = re.compile(r"\d+", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:([. ,])\d{3})(?:\1\d{3})*", re.ASCII)
_QUANTITY = re.compile(r"(?P<whole>\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?: \d{3})+)(?:[,.](?P<part>\d+))?", re.ASCII)
# One dot before three digits: fifteen hundred to one reader, one and a half to another.
_TWO_WAYS = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
# The thousands dotted once, then a decimal comma: 1.500,5.
_DOTTED_ONCE = re.compile(r"(\d{1,3})\.(\d{3}),(\d+)", re.ASCII)


class BadAmount(ValueError):
    """What was typed is no amount; the message is a sentence that says what to type."""

    @property
    def message(self) -> str:
        return str(self.args[0])


# ---- What people type ----


def parse_dong(text: str) -> int:
    """Whole đồng as people type them: 12.500.000, 12 500 000, 12500000 đồng, 12,500,000.

    Raises BadAmount for a fraction, a sign, words, or more than one line can hold.
    """
    typed = _SPACES.sub(" ", text).strip()
    bare = _UNIT.sub("", typed).strip()
    grouped = _GROUPED.fullmatch(bare)
    if grouped and grouped[1] == "," and bare.count(",") == 1:
        grouped = None  # 12,500 is twelve and a half to a Vietnamese reader
    if not grouped and not _PLAIN.fullmatch(bare):
        if bare.startswith("-"):
            raise BadAmount(f"“{typed}”: không nhập số tiền âm.")
        raise BadAmount(f"“{typed}” không phải số đồng. Nhập số nguyên, ví dụ 12.500.000.")
    digits = re.sub(r"\D", "", bare).lstrip("0") or "0"
    if len(digits) > len(str(MOST)) or int(digits) > MOST:
        raise BadAmount(f"Số tiền lớn hơn {dong(MOST)} đồng. Kiểm tra lại số chữ số 0.")
    return int(digits)


def parse_quantity(text: str) -> Decimal:
    """A quantity with up to three decimals: 12; 1,5; 1.5; 1.250.000.

    Raises BadAmount, also for what can be read in two ways (1.500).
    """
    typed = _SPACES.sub(" ", text).strip()
    if _TWO_WAYS.fullmatch(typed):
        whole, part = typed.split(".")
        raise BadAmount(f"“{typed}” hiểu được hai cách. Nhập {whole}{part}, hoặc {whole},{part} nếu là số thập phân.")
    once = _DOTTED_ONCE.fullmatch(typed)
    found = _QUANTITY.fullmatch(f"{once[1]}{once[2]},{once[3]}" if once else typed)
    if not found:
        raise BadAmount(f"“{typed}” không phải số lượng. Nhập số, ví dụ 12 hoặc 1,5.")
    part = (found["part"] or "").rstrip("0")
    if len(part) > 3:
        raise BadAmount(f"“{typed}”: số lượng có tối đa ba chữ số thập phân.")
    whole = re.sub(r"\D", "", found["whole"]).lstrip("0") or "0"
    if len(whole) > 9:
        raise BadAmount(f"“{typed}”: số lượng phải nhỏ hơn 1.000.000.000.")
    quantity = Decimal(f"{whole}.{part}" if part else whole)
    if not quantity:
        raise BadAmount("Số lượng phải lớn hơn 0.")
    return quantity


# ---- As it is written ----


def dong(amount: int | None) -> str:
    """Whole đồng as they are written, 12.500.000; "" for an unknown amount."""
    return "" if amount is None else f"{amount:,}".replace(",", ".")


def signed(difference: int | None) -> str:
    """A difference with its sign: +500.000, -1.000.000, 0."""
    if difference is None:
        return ""
    return f"{'+' if difference > 0 else ''}{dong(difference)}"


def quantity_text(quantity: Decimal) -> str:
    """A quantity as it is written: 12; 1,5. Not grouped, so that it is read back as the same number."""
    plain = f"{quantity:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",")


# ---- Sums ----


def product(quantity: Decimal, price: int) -> int:
    """Quantity times unit price, exactly. Raises BadAmount when it is no whole number of đồng, or too much."""
    amount = quantity * price  # 12 digits by 13: within the 28 that Decimal keeps exact
    if amount != amount.to_integral_value():
        written = f"{amount.normalize():,f}".translate(str.maketrans(",.", ".,"))
        raise BadAmount(
            f"{quantity_text(quantity)} x {dong(price)} = {written} không chẵn đồng. Sửa số lượng hoặc đơn giá."
        )
    if amount > MOST:
        raise BadAmount(f"Thành tiền lớn hơn {dong(MOST)} đồng. Kiểm tra lại số lượng và đơn giá.")
    return int(amount)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the money comes from."""

    state_budget: int = 0
    social: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return self.state_budget + self.social + self.other

    def __add__(self, more: "Sources") -> "Sources":
        return Sources(self.state_budget + more.state_budget, self.social + more.social, self.other + more.other)

    def rows(self) -> list[tuple[str, int]]:
        """(name, amount) of each source."""
        return [(name, getattr(self, key)) for key, name in SOURCES.items()]


def check_sources(amount: int, sources: Sources) -> None:
    """Raises BadAmount, saying what is missing or too much, unless the sources add up to the amount."""
    left = amount - sources.total
    if left:
        word = "còn thiếu" if left > 0 else "thừa"
        raise BadAmount(
            f"Các nguồn cộng lại là {dong(sources.total)} đồng, {word} {dong(abs(left))} đồng "
            f"so với thành tiền {dong(amount)} đồng."
        )


@dataclass(frozen=True, slots=True)
class Three:
    """Asked, appraised and approved; None where nobody has said it yet."""

    asked: int
    appraised: int | None = None
    approved: int | None = None

    @property
    def cut(self) -> int | None:
        """Appraised less asked."""
        return None if self.appraised is None else self.appraised - self.asked

    @property
    def changed(self) -> int | None:
        """Approved less appraised."""
        return None if self.approved is None or self.appraised is None else self.approved - self.appraised

    @property
    def gained(self) -> int | None:
        """Approved less asked."""
        return None if self.approved is None else self.approved - self.asked


def total(parts: Iterable[Three]) -> Three:
    """The sums; an amount that one part lacks is unknown for all of them (none at all: nothing asked)."""
    found = list(parts)
    appraised = [part.appraised for part in found if part.appraised is not None]
    approved = [part.approved for part in found if part.approved is not None]
    return Three(
        sum(part.asked for part in found),
        sum(appraised) if found and len(appraised) == len(found) else None,
        sum(approved) if found and len(approved) == len(found) else None,
    )


# ---- Against another year ----


def percent(difference: int, base: int) -> Fraction | None:
    """How many percent of the base the difference is, exactly; None where there is nothing to hold it against.

    Written by percentages.change.
    """
    return Fraction(difference * 100, base) if base else None


# ---- In words ----
# Not num2words: it reads 1005 as "một nghìn lẻ năm" and 1 000 015 as "một triệu lẻ mười lăm", where papers of the
# State say "không trăm linh năm", "không trăm mười lăm" - without which a reader cannot hear where the zeros stand.

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")
_BILLION = 1_000_000_000


def words(number: int) -> str:
    """A whole number in Vietnamese words: 1 230 000 005 is một tỷ hai trăm ba mươi triệu không trăm linh năm.

    Raises ValueError for a number below zero.
    """
    if number < 0:
        raise ValueError(number)
    return _words(number) or _DIGITS[0]


def dong_words(amount: int) -> str:
    """As a paper says it after a total: Một tỷ hai trăm ba mươi triệu đồng."""
    said = words(amount)
    return f"{said[0].upper()}{said[1:]} đồng"


def _words(number: int) -> str:
    billions, rest = divmod(number, _BILLION)
    said = [_words(billions), "tỷ"] if billions else []
    for power in (2, 1, 0):
        group, rest = divmod(rest, 1000**power)
        if group:
            said += [_hundreds(group, full=bool(said)), _GROUPS[power]]
    return " ".join(filter(None, said))


def _hundreds(group: int, *, full: bool) -> str:
    """One to 999; `full` names hundreds that are zero, as after a higher group."""
    hundred, rest = divmod(group, 100)
    said = [_DIGITS[hundred], "trăm"] if hundred or full else []
    if rest:
        said.append(_tens(rest, after_hundred=bool(said)))
    return " ".join(said)


def _tens(rest: int, *, after_hundred: bool) -> str:
    ten, one = divmod(rest, 10)
    if ten == 0:
        return f"linh {_DIGITS[one]}" if after_hundred else _DIGITS[one]
    said = "mười" if ten == 1 else f"{_DIGITS[ten]} mươi"
    if one == 0:
        return said
    if one == 5:
        return f"{said} lăm"
    if ten > 1 and one in (1, 4):
        return f"{said} {'mốt' if one == 1 else 'tư'}"
    return f"{said} {_DIGITS[one]}"
