"""The half-year or yearly report of a ward, of an agency, or of the city, as plain values for template and workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessments.models import YearReport
from assessments.permissions import AnyUser
from assessments.queries.year import report_words as words
from assessments.queries.year import reports as queries
from assessments.queries.year.report_figures import Figures
from localities.models import Authority
from localities.queries import authority_on
from reports import charts, offices, wording
from reports.files import plain
from reports.papers import city

NUMBER_COLUMN, WIDE_COLUMN = 30, 23  # millimetres
SHORT = 8  # rows


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table with the widths of its columns: None for the one that takes what is left."""

    table: words.FigureTable
    widths: list[int | None]

    @property
    def whole(self) -> bool:
        """Short enough never to break over two pages."""
        return len(self.table.rows) <= SHORT and self.table.words == 1

    @property
    def rows(self) -> list[list[str]]:
        """As it is printed; nothing where nothing is known."""
        return [[words.shown(value) for value in row] for row in self.table.rows]


@dataclass(frozen=True, slots=True)
class YearReportPaper(city.CityPaper):
    """Everything the template and the workbook print."""

    abbreviation = "BC"
    report: YearReport
    figures: Figures
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    issuer: str  # in full, inside a sentence

    @property
    def of_city(self) -> bool:
        return self.figures.get("kind") == "city"

    @property
    def year(self) -> int:
        return self.report.plan.year

    @property
    def span(self) -> str:
        """6 tháng đầu năm 2025, or năm 2025."""
        half = self.report.period == YearReport.Period.HALF
        return f"6 tháng đầu năm {self.year}" if half else f"năm {self.year}"

    @property
    def title(self) -> str:
        return f"Báo cáo kết quả xây dựng tổ dân phố, bản tự quản, phát triển toàn diện {self.span}, {self.issuer}"

    @property
    def short(self) -> str:
        return f"bao-cao-{'6-thang' if self.report.period == 'half' else 'nam'}-{self.year}-{plain(self.issuer)[:60]}"

    @property
    def draft(self) -> bool:
        """Until it is sent; the city's own until it is issued."""
        return self.report.state in queries.OPEN

    @property
    def edition(self) -> str:
        """Each sending is an edition: what was taken back and sent again is another paper."""
        at = self.report.submitted_at
        return "" if self.draft or at is None else f"{at:%Y%m%d%H%M%S%f}"

    @property
    def number(self) -> str:
        """As typed; a bare number gets the symbol it lacks."""
        given = self.report.number.strip()
        if not given or "/" in given:
            return given
        return f"{given.zfill(2)}/{self.abbreviation}-{self.letterhead.symbol}"

    @property
    def dated(self) -> date | None:
        return self.report.signed_on

    @property
    def addressees(self) -> Sequence[str]:
        """Home affairs; of the city's own whoever stands above the city."""
        if self.authority is None:
            return []
        if self.of_city:
            above = self.authority.superior_name.replace("UBND", wording.COMMITTEE, 1)
            return [above] if above else []
        return [f"{self.office} {city.place(self.authority)}"]

    @property
    def receivers(self) -> Sequence[str]:
        if not self.of_city:
            return ["Như trên"]
        return ["Như trên", "Các cơ quan, phòng ban của thành phố", "UBND các xã, phường"]

    @property
    def attached(self) -> str:
        """Below the title of each appendix."""
        number = self.number_line.removeprefix("Số: ")
        day = wording.long_date(self.dated) if self.dated else wording.open_date(self.year)
        return f"Kèm theo Báo cáo số {number} {day} của {self.issuer}"

    @property
    def plan_named(self) -> str:
        plan = self.report.plan
        return f"Kế hoạch số {plan.number} {wording.long_date(plan.issued_on)} của {self.committee}"

    @property
    def tables(self) -> list[PaperTable]:
        """In the text."""
        return [_laid_out(table) for table in words.together(self.figures)]

    @property
    def after_tables(self) -> int:
        """The number of the clause that follows them."""
        return len(words.together(self.figures)) + 1

    @property
    def by_office(self) -> list[PaperTable]:
        """In the city's first appendix."""
        return [_laid_out(table) for table in words.by_office(self.figures)] if self.of_city else []

    @property
    def proposals(self) -> list[tuple[str, str]]:
        """In the city's second appendix: office and words."""
        return [(row["name"], row["text"]) for row in self.figures.get("proposals", [])]

    @property
    def missing(self) -> list[str]:
        return words.missing(self.figures)

    @property
    def counted_on(self) -> date:
        return date.fromisoformat(self.figures["as_of"])

    @property
    def chart(self) -> charts.Chart | None:
        """How many units hold each standard."""
        found = words.chart_of(self.figures)
        if found is None:
            return None
        return charts.shares(f"Số tổ dân phố, bản đảm bảo từng tiêu chuẩn {self.span}", *found, paper=True)


def read(user: AnyUser, ids: tuple[int, ...]) -> YearReportPaper:
    """A report in the person's scope; raises YearReport.DoesNotExist outside it."""
    [pk] = ids
    report = queries.readable(user).get(pk=pk)
    day = report.signed_on or report.received_on or report.plan.issued_on
    authority = authority_on(day)
    if authority is None:  # nobody acts any more: as it was when the plan was issued
        day = report.plan.issued_on
        authority = authority_on(day)
    letterhead, signing, issuer = _issuer(report, authority, day)
    return YearReportPaper(report, queries.figures_of(report), authority, letterhead, signing, issuer)


def _issuer(
    report: YearReport, authority: Authority | None, day: date
) -> tuple[offices.Letterhead, offices.Signing, str]:
    if report.ward is not None:
        return offices.of_ward(report.ward, authority), offices.signing(report.ward, day), report.ward.authority_name
    if report.agency is not None:
        name, _ = offices.named(report.agency, day)
        return offices.of_agency(report.agency, authority, day), offices.signing(report.agency, day), name
    signing = offices.signing(authority, day) if authority else offices.Signing("", [city.CHAIRMAN])
    return city.city_letterhead(authority), signing, city.committee(authority)


def _laid_out(table: words.FigureTable) -> PaperTable:
    numbers = len(table.columns) - table.words
    narrow = WIDE_COLUMN if numbers > 3 else NUMBER_COLUMN
    if table.words == 3:  # office, state, day
        return PaperTable(table, [None, 50, NUMBER_COLUMN])
    before: list[int | None] = [None] if table.words == 1 else [16, None]
    return PaperTable(table, [*before, *[narrow] * numbers])
