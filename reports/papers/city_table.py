"""The consolidated table of the city or of one ward: every unit with what was said of every criterion."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet

from accounts.models import Agency
from assessments import explanation
from assessments.models import Layer, Plan, Registration
from assessments.permissions import AnyUser, may_see_city, visible_wards
from assessments.scoring import Outcome, SectionResult
from criteria import spec
from criteria.queries import table as criteria_table
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import offices, queries, wording
from reports.files import plain
from reports.papers.base import Official
from reports.queries import Record

MOST_CRITERIA = 22  # criteria in one table of a landscape page


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell; `missed` where the reader should look: a standard that does not hold, a criterion not met."""

    text: str
    missed: bool = False
    span: int = 1


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with its marks in the order of the columns."""

    number: int
    name: str
    aim: str
    marks: list[Mark]
    cases: Mark
    result: str


@dataclass(frozen=True, slots=True)
class WardGroup:
    """A ward's units; `counts` says of how many a standard holds and a content is well done."""

    ward: str
    rows: list[UnitRow]
    counts: list[int]
    cases: int
    qualifying: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How a ward, or all of them, did."""

    ward: str
    units: int
    new: int
    maintain: int
    pilot: int
    complete: int
    qualifying: int

    @property
    def lacking(self) -> int:
        return self.complete - self.qualifying


@dataclass(frozen=True, slots=True)
class CriteriaPart:
    """Some standards with their criteria, as many as fit on a page, over all units."""

    standards: Sequence[spec.Section]
    groups: list[tuple[str, list[tuple[int, str, list[Mark]]]]]  # ward with number, name and signs of each unit
    totals: list[int]  # how many units meet each

    @property
    def width(self) -> int:
        return 2 + len(self.totals)

    @property
    def name(self) -> str:
        """For instance: Tiêu chuẩn 1, 2, 3."""
        return f"Tiêu chuẩn {', '.join(str(standard.number) for standard in self.standards)}"


@dataclass(frozen=True, slots=True)
class CityTable(Official):
    """What table and workbook are made of; `layer` says whose verdicts are shown."""

    plan: Plan
    ward: Ward | None  # the whole city without one
    layer: Layer
    records: list[Record]
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing = field(default_factory=offices.Signing)

    @property
    def where(self) -> str:
        return str(self.ward) if self.ward else (self.authority.place_name if self.authority else "Toàn thành phố")

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def told(self) -> str:
        return "tự đánh giá" if self.layer == Layer.SELF else "thẩm định"

    @property
    def title(self) -> str:
        return f"Bảng tổng hợp kết quả {self.told}, {self.where[:1].lower()}{self.where[1:]}, năm {self.year}"

    @property
    def short(self) -> str:
        return f"tong-hop-{plain(self.told)}-{plain(self.where)}-{self.year}"

    @property
    def as_of(self) -> datetime | None:
        """When the youngest of the dossiers last changed."""
        return max((record.as_of for record in self.records), default=None)

    @property
    def draft(self) -> bool:
        """Until every dossier is decided."""
        return not all(record.line for record in self.records)

    @property
    def edition(self) -> str:
        """Never kept: later decisions and registrations change it."""
        return ""

    @property
    def table(self) -> spec.Table:
        return criteria_table(self.plan.criteria_set_id)

    @property
    def appendix_title(self) -> str:
        return f"Kết quả {self.told} từng tiêu chí"

    @property
    def attached(self) -> str:
        """What the appendix hangs on."""
        return f"Kèm theo Bảng tổng hợp kết quả {self.told} năm {self.year}"

    @property
    def founded(self) -> str:
        issued_by = f" của {self.authority.name}" if self.authority else ""
        return f"Kế hoạch số {self.plan.number} {wording.long_date(self.plan.issued_on)}{issued_by}"

    @property
    def columns(self) -> int:
        """Of the main table: number, unit, registration, sections, cases, result."""
        return 5 + self.sections

    @property
    def sections(self) -> int:
        return len(self.table.standards) + len(self.table.contents)

    @property
    def wards(self) -> list[Tally]:
        return [_tally(ward, records, self.layer) for ward, records in _by_ward(self.records)]

    @property
    def whole(self) -> Tally:
        return _tally("Cộng", self.records, self.layer)

    @property
    def groups(self) -> list[WardGroup]:
        numbers = _numbers(self.records)
        return [_group(ward, records, self.layer, numbers) for ward, records in _by_ward(self.records)]

    @property
    def counts(self) -> list[int]:
        """Of the last line of the main table."""
        return _counts(self._outcomes)

    @property
    def occurring(self) -> int:
        """How many units fall under a case."""
        return sum(bool(outcome and outcome.occurring) for outcome in self._outcomes)

    @property
    def _outcomes(self) -> list[Outcome | None]:
        return [record.outcomes.get(self.layer) for record in self.records]

    @property
    def parts(self) -> list[CriteriaPart]:
        """All criteria, whole standards together."""
        return list(_criteria(self.table, self.records, self.layer))


def read_self(user: AnyUser, ids: tuple[int, ...]) -> CityTable:
    """What the wards found; of a plan, or of a plan and one ward. Raises DoesNotExist outside the scope."""
    return _read(user, ids, Layer.SELF)


def read_effective(user: AnyUser, ids: tuple[int, ...]) -> CityTable:
    """What agencies and delegations found, as `read_self`."""
    return _read(user, ids, Layer.EFFECTIVE)


def _read(user: AnyUser, ids: tuple[int, ...], layer: Layer) -> CityTable:
    plans: QuerySet[Plan] = Plan.objects.select_related("criteria_set")
    if len(ids) == 1 and not may_see_city(user):
        plans = plans.none()
    plan = plans.get(pk=ids[0])
    ward = visible_wards(user).get(pk=ids[1]) if len(ids) > 1 else None
    authority = authority_on(plan.issued_on)
    if ward:
        letterhead = offices.of_ward(ward, authority)
    else:
        letterhead = offices.of_home_affairs(authority) if authority else offices.NOBODY
    records = queries.plan_records(user, plan, ward)
    day = max((record.as_of.date() for record in records), default=plan.issued_on)
    return CityTable(plan, ward, layer, records, authority, letterhead, _signing(ward, authority, day))


def _signing(ward: Ward | None, authority: Authority | None, day: date) -> offices.Signing:
    """The ward signs its own table, home affairs the city's."""
    if ward:
        return offices.signing(ward, day)
    office = Agency.objects.filter(name=authority.home_affairs_name).first() if authority else None
    return offices.signing(office, day) if office else offices.Signing("", ["TRƯỞNG PHÒNG"])


def _numbers(records: Iterable[Record]) -> dict[int, int]:
    """The position of each dossier in the whole table."""
    return {record.assessment.pk: number for number, record in enumerate(records, 1)}


def _by_ward(records: Iterable[Record]) -> Iterator[tuple[str, list[Record]]]:
    for ward, own in groupby(records, lambda record: record.assessment.unit.ward):
        yield str(ward), list(own)


def _tally(ward: str, records: Sequence[Record], layer: Layer) -> Tally:
    outcomes = [record.outcomes.get(layer) for record in records]
    registrations = [record.assessment.registration for record in records]
    done = [outcome for outcome in outcomes if outcome and outcome.complete]
    return Tally(
        ward=ward,
        units=len(records),
        new=sum(r.aim == Registration.Aim.NEW for r in registrations),
        maintain=sum(r.aim == Registration.Aim.MAINTAIN for r in registrations),
        pilot=sum(r.pilot for r in registrations),
        complete=len(done),
        qualifying=sum(outcome.qualifies for outcome in done),
    )


def _group(ward: str, records: list[Record], layer: Layer, numbers: dict[int, int]) -> WardGroup:
    outcomes = [record.outcomes.get(layer) for record in records]
    return WardGroup(
        ward=ward,
        rows=[_row(record, layer, numbers[record.assessment.pk]) for record in records],
        counts=_counts(outcomes),
        cases=sum(bool(outcome and outcome.occurring) for outcome in outcomes),
        qualifying=sum(bool(outcome and outcome.complete and outcome.qualifies) for outcome in outcomes),
    )


def _row(record: Record, layer: Layer, number: int) -> UnitRow:
    registration, outcome = record.assessment.registration, record.outcomes.get(layer)
    aim = registration.get_aim_display() + (", điểm" if registration.pilot else "")
    sections = len(record.table.standards) + len(record.table.contents)
    marks, cases, result = [Mark("")] * sections, Mark(""), ""
    if outcome and outcome.assessed:
        marks = [_mark(section, outcome.complete) for section in (*outcome.standards, *outcome.contents)]
        codes = ", ".join(record.table.entries_by_key[key].code for key in outcome.occurring)
        cases = Mark(codes, bool(codes))
        result = explanation.headline(outcome)
        if not outcome.complete:
            result = f"Tạm tính, {outcome.assessed}/{outcome.to_assess}"
    return UnitRow(number, record.assessment.unit.name, aim, marks, cases, result)


def _mark(section: SectionResult, complete: bool) -> Mark:
    """Met of applicable; what does not hold is only marked once everything is judged."""
    if not section.judged:
        return Mark("")
    missed = complete and not section.holds
    return Mark(f"{section.met}/{section.applicable}{'*' if missed else ''}", missed)


def _counts(outcomes: Sequence[Outcome | None]) -> list[int]:
    """Of how many units each standard holds, then each content is well done."""
    told = [outcome for outcome in outcomes if outcome]
    sections = [(*outcome.standards, *outcome.contents) for outcome in told]
    return [sum(section.judged and section.holds for section in column) for column in zip(*sections, strict=True)]


def _criteria(table: spec.Table, records: list[Record], layer: Layer) -> Iterator[CriteriaPart]:
    standards: list[spec.Section] = []
    for standard in table.standards:
        if standards and sum(len(s.entries) for s in (*standards, standard)) > MOST_CRITERIA:
            yield _part(standards, records, layer)
            standards = []
        standards.append(standard)
    if standards:
        yield _part(standards, records, layer)


def _part(standards: list[spec.Section], records: list[Record], layer: Layer) -> CriteriaPart:
    entries = [entry for standard in standards for entry in standard.entries]
    said = {record.assessment.pk: [record.value(layer, entry) for entry in entries] for record in records}
    numbers = _numbers(records)

    def row(record: Record) -> tuple[int, str, list[Mark]]:
        pk = record.assessment.pk
        return numbers[pk], record.assessment.unit.name, list(_signs(standards, said[pk]))

    groups = [(ward, [row(record) for record in own]) for ward, own in _by_ward(records)]
    totals = [sum(values[at] == spec.Verdict.MET for values in said.values()) for at in range(len(entries))]
    return CriteriaPart(standards, groups, totals)


def _signs(standards: Iterable[spec.Section], values: list[str]) -> Iterator[Mark]:
    """A sign for each criterion; a standard met throughout, or not judged at all, is one cell.

    So what is missing stands out, and thousands of cells less are laid out.
    """
    at = 0
    for standard in standards:
        own = values[at : at + len(standard.entries)]
        at += len(own)
        if set(own) <= {""} or set(own) == {spec.Verdict.MET.value}:
            yield Mark(f"{len(own)}/{len(own)}" if own[0] else "", span=len(own))
        else:
            yield from (Mark(wording.SIGNS.get(value, ""), value == spec.Verdict.NOT_MET) for value in own)
