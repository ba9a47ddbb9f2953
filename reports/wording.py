"""How documents and tables put stored facts into words, the same on paper and in the spreadsheet."""

from collections.abc import Iterator
from datetime import date, time

from assessments import money, percentages
from assessments.answers import Stored
from assessments.figures import requirement
from assessments.models import VERDICT_LABELS, Evidence, Layer
from criteria import spec
from localities.models import Authority, Unit, Ward

COMMITTEE = "Ủy ban nhân dân"
ROOM = "\N{NO-BREAK SPACE}" * 6  # where something is written by hand
UNASSESSED = "Chưa đánh giá"
# A verdict in a narrow column of a table.
SIGNS = {"met": "Đ", "not_met": "K", "not_applicable": "KA", "occurs": "Có", "absent": "Không"}
# What stands before the code of an entry in such a table, and the name of its kind.
ENTRY_KINDS = {
    spec.EntryKind.CRITERION: ("", "Tiêu chí"),
    spec.EntryKind.ITEM: ("ND ", "Nội dung tự quản"),
    spec.EntryKind.CASE: ("TH ", "Trường hợp không đảm bảo"),
}
# How a remark names who made it; the ward's own stands without a name.
SPEAKERS = {Layer.SELF: "", Layer.AGENCY: "Cơ quan: ", Layer.DELEGATION: "Đoàn: "}


def verdict(value: str) -> str:
    """The verdict in words; "" when there is none."""
    return VERDICT_LABELS.get(value, "")


def entry_code(entry: spec.Entry) -> str:
    """Criteria, items and cases share numbers; a word tells them apart: 5.2, ND 5.2.1, TH 1."""
    return ENTRY_KINDS[entry.kind][0] + entry.code


def inside(name: object) -> str:
    """The name of a ward inside a sentence (Decree 30, annex II): phường Tân Phong."""
    text = str(name)
    return text[:1].lower() + text[1:]


def number(value: int) -> str:
    """Thousands parted as in Vietnamese, counts like money: 1.250."""
    return money.dong(value)


def long_date(day: date) -> str:
    """As the decree writes it: days below 10 and months 1 and 2 with a leading zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def open_date(year: int) -> str:
    """Room for day and month to be written by hand."""
    return f"ngày{ROOM}tháng{ROOM}năm {year}"


def moment(at: time | None, day: date | None) -> str:
    """08 giờ 00 phút, ngày ...; dots for what nobody wrote down."""
    clock = f"{at:%H} giờ {at:%M} phút" if at else "…… giờ …… phút"
    return f"{clock}, {long_date(day) if day else 'ngày …… tháng …… năm ……'}"


def figure(indicator: spec.Indicator, given: spec.Figure) -> str:
    """For instance: Số hộ thực hiện: 190/198 (95,95 %)."""
    if given.numerator is None:
        return f"{indicator.numerator_label}: chưa có số liệu"
    text = f"{indicator.numerator_label}: {number(given.numerator)}"
    if indicator.kind is spec.IndicatorKind.COUNT:
        return text
    if given.denominator is None:
        return f"{text} (chưa có tổng số)"
    share = f" ({percentages.text(given.numerator, given.denominator)})" if given.denominator else ""
    return f"{text}/{number(given.denominator)}{share}"


def threshold(entry: spec.Entry, indicator: spec.Indicator) -> str:
    """For instance: yêu cầu ≥ 98 %; of a case, what makes it occur."""
    return f"{'ngưỡng' if entry.kind is spec.EntryKind.CASE else 'yêu cầu'} {requirement(indicator)}"


def overruled(entry: spec.Entry, stored: Stored) -> str:
    """Why the verdict that counts is not the one a person chose; "" when it is."""
    if entry.derived or not stored.stated or stored.stated == stored.value:
        return ""
    counted = verdict(stored.value) or UNASSESSED
    return f"Đã chọn “{verdict(stored.stated)}”, theo số liệu tính “{counted}”."


def remarks(layer: str, entry: spec.Entry, stored: Stored) -> Iterator[str]:
    """What stands in the column of remarks for one layer: its note, and a verdict the figures overruled."""
    for text in (stored.note, overruled(entry, stored)):
        if text:
            yield f"{SPEAKERS[Layer(layer)]}{text}"


def size(count: int) -> str:
    """A file's size: 812 byte, 24 KB, 1,5 MB."""
    if count < 1024:
        return f"{count} byte"
    if count < 1024 * 1024:
        return f"{count // 1024} KB"
    tenths = count * 10 // (1024 * 1024)
    return f"{tenths // 10},{tenths % 10} MB"


def evidence_name(evidence: Evidence) -> str:
    """The file as its owner named it, with the reference of the paper document if both are there."""
    return " - ".join(part for part in (evidence.reference, evidence.original_name) if part)


def place(unit: Unit) -> str:
    """For instance: Tổ 1, phường Tân Phong."""
    ward = unit.ward
    return f"{unit.name}, {ward.get_kind_display().lower()} {ward.name}"


def unit_head(unit: Unit) -> str:
    """The title under which the head of the unit signs."""
    return "TRƯỞNG BẢN" if unit.kind == Unit.Kind.VILLAGE else "TỔ TRƯỞNG TỔ DÂN PHỐ"


def superior(authority: Authority) -> str:
    """The superior's name as the header prints it, common words abbreviated: UBND THÀNH PHỐ LAI CHÂU."""
    return authority.name.replace(COMMITTEE, authority.symbol, 1).upper()


def issuer(ward: Ward) -> list[str]:
    """The ward's authority in capitals, on two lines where the name ends with the ward's own."""
    name, own = ward.authority_name.upper(), str(ward).upper()
    if name.endswith(own) and name != own:
        return [name.removesuffix(own).strip(), own]
    return [name]


def signing_for(ward: Ward) -> str:
    """On whose behalf the ward's leader signs: TM. ỦY BAN NHÂN DÂN."""
    return f"TM. {issuer(ward)[0]}"
