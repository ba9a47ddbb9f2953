"""The laws under which the city's people's committee decides, by the day of the paper."""

from datetime import date

_ORGANISATION = "Căn cứ Luật Tổ chức chính quyền địa phương"
# From which day, and how a paper names it; the decree wants neither number nor issuer of a law.
_LAWS: tuple[tuple[date, tuple[str, ...]], ...] = (
    (date(2025, 6, 16), (f"{_ORGANISATION} ngày 16 tháng 6 năm 2025",)),
    (date(2025, 3, 1), (f"{_ORGANISATION} ngày 19 tháng 02 năm 2025",)),
    (
        date(2020, 7, 1),
        (
            f"{_ORGANISATION} ngày 19 tháng 6 năm 2015",
            "Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền "
            "địa phương ngày 22 tháng 11 năm 2019",
        ),
    ),
    (date.min, (f"{_ORGANISATION} ngày 19 tháng 6 năm 2015",)),
)


def budget(year: int) -> str:
    """The law under which a year's money is spent, as a ground."""
    day = date(2025, 6, 25) if year >= 2026 else date(2015, 6, 25)
    return f"Căn cứ Luật Ngân sách nhà nước ngày {day.day} tháng {day.month} năm {day.year}"


def organisation(day: date) -> list[str]:
    """The grounds of competence on a day, each a sentence without its last sign."""
    return next(list(grounds) for begins, grounds in _LAWS if day >= begins)


# The law of 2022 is in force from 01/01/2024; before, the one of 2003 as amended in 2005 and 2013.
_COMMENDATION_FROM = date(2024, 1, 1)


def commendation(day: date) -> list[str]:
    """The grounds of commendation on a day, each a sentence without its last sign."""
    if day >= _COMMENDATION_FROM:
        return ["Căn cứ Luật Thi đua, khen thưởng ngày 15 tháng 6 năm 2022"]
    return [
        "Căn cứ Luật Thi đua, khen thưởng ngày 26 tháng 11 năm 2003",
        "Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Thi đua, khen thưởng ngày 14 tháng 6 năm 2005",
        "Căn cứ Luật sửa đổi, bổ sung một số điều của Luật Thi đua, khen thưởng ngày 16 tháng 11 năm 2013",
    ]
