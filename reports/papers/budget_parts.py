"""What the papers about money share: the finance agency, tables of lines, totals in words."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Agency
from assessments import money
from assessments.queries.year.budget import Sheet
from localities.models import Authority
from reports import offices, wording

FINANCE = "tai-chinh-ke-hoach"  # the agency that appraises budgets
WHOLE = 300  # characters of a cell
_USUAL = "Phòng Tài chính - Kế hoạch"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of lines, everything in words."""

    number: int
    content: str
    measure: str
    quantity: str
    price: str
    asked: str
    sources: list[str]
    appraised: str
    approved: str
    notes: str

    @property
    def whole(self) -> bool:
        """Whether the row surely fits on half a page, so that it need not break."""
        return max(len(self.content), len(self.notes)) <= WHOLE


def lines(sheet: Sheet) -> list[Line]:
    """The lines of an estimate, numbered through."""
    return [
        Line(
            number=number,
            content=f"{row.line.content} ({row.line.unit.name})" if row.line.unit else row.line.content,
            measure=row.line.measure,
            quantity=row.quantity,
            price=money.dong(row.line.unit_price),
            asked=money.dong(row.amounts.asked),
            sources=[money.dong(amount) for _, amount in row.sources.rows()],
            appraised=money.dong(row.amounts.appraised),
            approved=money.dong(row.amounts.approved),
            notes="\n".join(
                filter(
                    None,
                    (
                        row.line.appraised_note if row.amounts.appraised is not None else "",
                        row.line.approved_note if row.amounts.approved is not None else "",
                    ),
                )
            ),
        )
        for number, row in enumerate(sheet.rows, 1)
    ]


def in_full(amount: int) -> str:
    """A total as a paper says it: 12.500.000 đồng (Bằng chữ: Mười hai triệu năm trăm nghìn đồng)."""
    return f"{money.dong(amount)} đồng (Bằng chữ: {money.dong_words(amount)})"


def finance() -> Agency | None:
    """The agency that appraises budgets."""
    return Agency.objects.filter(code=FINANCE).first()


def finance_name(agency: Agency | None, day: date) -> str:
    """What it was called on the day."""
    return offices.named(agency, day)[0] if agency else _USUAL


def finance_letterhead(agency: Agency | None, authority: Authority | None, day: date) -> offices.Letterhead:
    """Its heading; under the usual name where the agencies' list has none with its code."""
    if agency:
        return offices.of_agency(agency, authority, day)
    superior, place = offices.BLANK, offices.SHORT_BLANK
    if authority:
        superior, place = wording.superior(authority), authority.place_name
    return offices.Letterhead(superior, [_USUAL.upper()], "", place)


def finance_signing(agency: Agency | None, day: date) -> offices.Signing:
    """Who signs for it."""
    return offices.signing(agency, day) if agency else offices.Signing("", ["TRƯỞNG PHÒNG"])
