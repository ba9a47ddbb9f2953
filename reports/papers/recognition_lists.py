"""The units a decision is about, put in the order in which papers list them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from assessments.deeds import table_of
from assessments.explanation import reasons
from assessments.models import Assessment, DecisionLine, Event, Layer, Plan, Registration, Summary
from assessments.permissions import AnyUser, visible_assessments
from assessments.queries.standing import KEPT, LOSES, NEW, REFUSED, decided_group, line_words
from assessments.scoring import Outcome
from assessments.workflow import State
from localities.models import Unit, Ward

IN_ORDER = (
    "registration__unit__ward__position",
    "registration__unit__ward",
    "registration__unit__sort_name",
    "pk",
)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit with what is proposed or decided about it."""

    number: int  # within its list
    unit: Unit
    aim: str
    reasons: list[str]
    assessment_id: int

    @property
    def ward(self) -> Ward:
        return self.unit.ward

    @property
    def why(self) -> str:
        return "\n".join(self.reasons)


@dataclass(slots=True)
class WardCounts:
    """How many units of a ward go into which list."""

    name: str
    new: int = 0
    kept: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        return self.new + self.kept + self.refused


@dataclass(slots=True)
class Lists:
    """The units by result; each list counts from one."""

    new: list[UnitRow] = field(default_factory=list)
    kept: list[UnitRow] = field(default_factory=list)
    refused: list[UnitRow] = field(default_factory=list)

    def add(self, assessment: Assessment, recognised: bool, why: Iterable[str]) -> None:
        """Put a unit at the end of its list; it comes with registration, unit and ward."""
        registration = assessment.registration
        rows = {NEW: self.new, KEPT: self.kept, REFUSED: self.refused}[decided_group(registration.aim, recognised)]
        aim = str(registration.get_aim_display())
        rows.append(UnitRow(len(rows) + 1, registration.unit, aim, list(why), assessment.pk))

    @property
    def recognised(self) -> list[UnitRow]:
        return [*self.new, *self.kept]

    @property
    def parts(self) -> list[tuple[str, list[UnitRow]]]:
        """The two parts of the list of recognised units; without an empty one."""
        named = (("Công nhận mới", self.new), ("Tiếp tục công nhận (duy trì)", self.kept))
        return [(label, rows) for label, rows in named if rows]

    @property
    def total(self) -> int:
        return len(self.new) + len(self.kept) + len(self.refused)

    def __iter__(self) -> Iterator[UnitRow]:
        return iter([*self.new, *self.kept, *self.refused])

    def by_ward(self) -> list[WardCounts]:
        """The counts of each ward that has a unit here, in the wards' order."""
        found: dict[int, tuple[int, WardCounts]] = {}
        for name, rows in (("new", self.new), ("kept", self.kept), ("refused", self.refused)):
            for row in rows:
                _, counts = found.setdefault(row.ward.pk, (row.ward.position, WardCounts(str(row.ward))))
                setattr(counts, name, getattr(counts, name) + 1)
        return [counts for _, (_, counts) in sorted(found.items(), key=lambda pair: (pair[1][0], pair[0]))]

    def wards(self) -> list[tuple[str, str]]:
        """(ward, its units in a row) of those who are to be recognised."""
        found: dict[str, list[str]] = {}
        for row in self.recognised:
            found.setdefault(str(row.ward), []).append(row.unit.name)
        return [(ward, ", ".join(names)) for ward, names in found.items()]


def waiting(user: AnyUser, plan: Plan) -> QuerySet[Assessment]:
    """What was proposed to the city and stands in no confirmed decision yet."""
    settled = DecisionLine.objects.filter(assessment=OuterRef("pk"), decision__confirmed_at__isnull=False)
    return (
        visible_assessments(user)
        .filter(~Exists(settled), registration__plan=plan, state=State.PROPOSED)
        .select_related("registration__plan", "registration__unit__ward")
        .order_by(*IN_ORDER)
    )


def proposed(user: AnyUser, plan: Plan) -> Lists:
    """The waiting units by the stored result of their appraisal; two queries."""
    lists, found = Lists(), list(waiting(user, plan))
    stored = Summary.objects.filter(assessment__in=found, layer=Layer.EFFECTIVE)
    outcomes = {summary.assessment_id: Outcome.from_dict(summary.outcome) for summary in stored}
    for assessment in found:
        outcome = outcomes.get(assessment.pk)
        if outcome is not None and outcome.qualifies:
            lists.add(assessment, True, [])
            continue
        why = reasons(table_of(assessment), outcome) if outcome else ["Chưa có kết quả thẩm định."]
        loses = [LOSES] if assessment.registration.aim == Registration.Aim.MAINTAIN else []
        lists.add(assessment, False, [*loses, *why])
    return lists


def decided(lines: Iterable[DecisionLine]) -> Lists:
    """What a recorded decision says; lines come with registration, unit and ward. No query."""
    lists = Lists()
    for line in lines:
        recognised = line.result == DecisionLine.Result.RECOGNISED
        lists.add(line.assessment, recognised, [] if recognised else line_words(line))
    return lists


def as_of(rows: Iterable[UnitRow]) -> datetime:
    """When the youngest of these dossiers last changed, in local time."""
    ids = [row.assessment_id for row in rows]
    last = Event.objects.filter(assessment__in=ids).aggregate(last=Max("at"))["last"]
    return timezone.localtime(last)
