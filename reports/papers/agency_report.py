"""The report by which an agency tells the city what its appraisal came to, with the closed sheet as its appendix."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessments.models import VERDICT_LABELS, AgencyReport
from assessments.permissions import AnyUser
from criteria import spec
from criteria.queries import table
from reports import offices, wording
from reports.files import plain
from reports.papers import city
from reports.papers.agency_sheet import TOTALS, ClosedSheet, Counted, edition, of_report, report_of
from reports.papers.base import Official


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One entry with how often each verdict was given."""

    code: str
    text: str
    counts: list[int]
    differs: int


@dataclass(frozen=True, slots=True)
class AgencyReportPaper(Official):
    """Everything the template prints; figures as they stood at closing."""

    abbreviation = "BC"
    report: AgencyReport
    sheet: ClosedSheet
    figures: list[FigureRow]
    verdicts: list[str]  # values that occur, in the usual order
    columns: list[Counted]  # those of TOTALS that occur
    signing: offices.Signing

    @property
    def title(self) -> str:
        return f"Báo cáo kết quả thẩm định của {self.sheet.office} năm {self.year}"

    @property
    def short(self) -> str:
        return f"bao-cao-tham-dinh-{plain(self.report.agency.symbol)}-{self.year}-{self.report.pk}"

    @property
    def year(self) -> int:
        return self.report.plan.year

    @property
    def letterhead(self) -> offices.Letterhead:
        return self.sheet.letterhead

    @property
    def draft(self) -> bool:
        """Once reopened, or changed since, it is not what was closed."""
        return self.sheet.draft

    @property
    def edition(self) -> str:
        return "" if self.draft else edition(self.report)

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
    def attached(self) -> str:
        """What the appendix hangs on."""
        number = self.number_line.removeprefix("Số: ")
        return f"Kèm theo Báo cáo số {number} {wording.long_date(self.report.signed_on)} của {self.sheet.office}"

    @property
    def addressees(self) -> Sequence[str]:
        authority = self.sheet.authority
        if authority is None:
            return []
        through = authority.home_affairs_name
        own = through.casefold() == self.sheet.office.casefold()
        return [authority.name if own else f"{authority.name} (qua {through})"]

    @property
    def city(self) -> str:
        return city.committee(self.sheet.authority)

    @property
    def grounds(self) -> Sequence[str]:
        plan = self.report.plan
        title = (plan.title[:1].lower() + plan.title[1:]).removeprefix("kế hoạch ").removeprefix("về ")
        return [f"Căn cứ {self.sheet.founded} về {title}"]

    @property
    def receivers(self) -> Sequence[str]:
        return ["Như trên", "UBND các xã, phường có liên quan"]

    @property
    def supplementary(self) -> bool:
        return bool(self.report.figures.get("supplementary"))

    @property
    def labels(self) -> list[str]:
        """Headings of the table: what is good and what is bad is called otherwise for cases."""
        return [f"{label} (TH: {of_case})" if of_case and self.cases else label for label, of_case, _ in self.columns]

    @property
    def cases(self) -> bool:
        """Whether some of the entries are disqualifying cases."""
        return "absent" in self.verdicts or "occurs" in self.verdicts

    @property
    def totals(self) -> list[int]:
        return [sum(counts) for counts in zip(*(row.counts for row in self.figures), strict=True)]

    @property
    def sums(self) -> list[tuple[str, int]]:
        """Every verdict in small letters with how often it was given in all."""
        given = Counter[str]()
        for row in self.report.figures.get("entries", []):
            given.update(row["values"])
        return [(VERDICT_LABELS[value].lower(), given[value]) for value in self.verdicts]

    @property
    def judged(self) -> int:
        return sum(total for _, total in self.sums)

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.figures)

    @property
    def units(self) -> int:
        """How many dossiers were closed."""
        return int(self.report.figures.get("units", len(self.sheet.rows)))


def read(user: AnyUser, ids: tuple[int, ...]) -> AgencyReportPaper:
    """The report of a closing; raises AgencyReport.DoesNotExist outside the person's scope."""
    [pk] = ids
    report = report_of(user, pk)
    verdicts = _verdicts(report)
    columns = [total for total in TOTALS if set(total[2]) & set(verdicts)]
    figures = _figures(report, columns)
    return AgencyReportPaper(report, of_report(report), figures, verdicts, columns, _signing(report))


def _verdicts(report: AgencyReport) -> list[str]:
    """Those that occur, in the usual order; met and not met always where criteria were judged."""
    said = {value for row in report.figures.get("entries", []) for value in row["values"]}
    for good, bad in ((spec.Verdict.MET, spec.Verdict.NOT_MET), (spec.Verdict.ABSENT, spec.Verdict.OCCURS)):
        if said & {good, bad}:
            said |= {good.value, bad.value}
    return [value for value in VERDICT_LABELS if value in said]


def _figures(report: AgencyReport, columns: list[Counted]) -> list[FigureRow]:
    entries = table(report.plan.criteria_set_id).entries_by_key
    rows = []
    for row in report.figures.get("entries", []):
        entry = entries.get(row["key"])
        counts = [sum(row["values"].get(value, 0) for value in values) for _, _, values in columns]
        code, text = (wording.entry_code(entry), entry.text) if entry else (row["code"], "")
        rows.append(FigureRow(code, text, counts, row["differs"]))
    return rows


def _signing(report: AgencyReport) -> offices.Signing:
    """Who signed, as the report says; on whose behalf, where the kept signers know this one."""
    kept = offices.signing(report.agency, report.signed_on)
    if kept.name and kept.name == report.signer_name:
        return kept
    return offices.Signing("", [report.signer_title.upper()], report.signer_name)
