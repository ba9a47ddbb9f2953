"""An outcome in Vietnamese sentences, for screens, documents and decisions alike. Pure."""

from collections.abc import Iterable

from assessments.scoring import Outcome, SectionResult
from criteria.spec import Table

# More open entries than this are counted, not named: at the beginning of the work everything is open.
MOST_NAMED = 4


def headline(outcome: Outcome) -> str:
    """The result in three words; provisional while something is unassessed."""
    return "Đủ điều kiện" if outcome.qualifies else "Chưa đủ điều kiện"


def reasons(table: Table, outcome: Outcome) -> list[str]:
    """Why the unit does not qualify, most serious first; empty when it does."""
    lines = [f"Thuộc trường hợp không đảm bảo số {_code(table, key)}: {_text(table, key)}" for key in outcome.occurring]
    lines += [standard_line(table, standard) for standard in outcome.failing_standards]
    return lines


def standard_line(table: Table, result: SectionResult) -> str:
    """For instance: Tiêu chuẩn 2: đạt 6/8, cần 7, thiếu 1 (chưa đạt: 2.3; chưa đánh giá: 2.6)."""
    line = f"Tiêu chuẩn {result.number}: đạt {result.met}/{result.applicable}, cần {result.needed}"
    if result.missing:
        line += f", thiếu {result.missing}"
    return f"{line}{_open_entries(table, result)}."


def content_line(table: Table, result: SectionResult) -> str:
    """For instance: Nội dung tự quản 5: đạt 10/13, cần 11 (chưa đạt: 5.1.2)."""
    line = f"Nội dung tự quản {result.number}: đạt {result.met}/{result.applicable}, cần {result.needed}"
    return f"{line}{_open_entries(table, result)}."


def nearest_way(outcome: Outcome) -> str:
    """What is still needed, at the least, to qualify; empty when the unit qualifies."""
    steps = [f"khắc phục {len(outcome.occurring)} trường hợp không đảm bảo"] if outcome.occurring else []
    steps += [f"thêm {s.missing} tiêu chí ở tiêu chuẩn {s.number}" for s in outcome.failing_standards]
    return f"Để đủ điều kiện cần ít nhất: {'; '.join(steps)}." if steps else ""


def contradiction_lines(table: Table, outcome: Outcome) -> list[str]:
    """A sentence for each case that occurs although a criterion that excludes it is called met."""
    return [
        f"Tiêu chí {_code(table, c.criterion)} được đánh giá đạt nhưng trường hợp {_code(table, c.case)} có xảy ra. "
        "Kiểm tra lại một trong hai."
        for c in outcome.contradictions
    ]


def _open_entries(table: Table, result: SectionResult) -> str:
    parts = []
    if result.not_met:
        parts.append(f"chưa đạt: {_codes(table, result.not_met)}")
    if len(result.unassessed) > MOST_NAMED:
        parts.append(f"còn {len(result.unassessed)} mục chưa đánh giá")
    elif result.unassessed:
        parts.append(f"chưa đánh giá: {_codes(table, result.unassessed)}")
    return f" ({'; '.join(parts)})" if parts else ""


def _codes(table: Table, keys: Iterable[str]) -> str:
    return ", ".join(_code(table, key) for key in keys)


def _code(table: Table, key: str) -> str:
    return table.entries_by_key[key].code


def _text(table: Table, key: str) -> str:
    return table.entries_by_key[key].text
