"""Two years side by side: units recognised, lost and new; standards and criteria that became better or worse."""

from dataclasses import dataclass, field

from assessments.models import Plan
from assessments.permissions import AnyUser
from assessments.queries.year.looking_back import Count, Result, counted, results
from assessments.workflow import State
from criteria import spec
from criteria.queries import table
from localities.models import Unit, Ward


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    number: int
    of: int

    def versus(self, other: "Share") -> int:
        """1 where this share is larger, -1 smaller, 0 alike or not comparable; exact."""
        if not self.of or not other.of:
            return 0
        mine, theirs = self.number * other.of, other.number * self.of
        return (mine > theirs) - (mine < theirs)


@dataclass(frozen=True, slots=True)
class StandardChange:
    """In how many units a standard holds, then and now."""

    standard: spec.Section
    before: Share
    now: Share

    @property
    def change(self) -> int:
        """1 better, -1 worse."""
        return self.now.versus(self.before)


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """How often a criterion was not met among those judged, then and now."""

    entry: spec.Entry
    before: Share
    now: Share

    @property
    def change(self) -> int:
        """1 better: it fails less often; -1 worse."""
        return -self.now.versus(self.before)


@dataclass(slots=True)
class WardChange:
    """A ward's figures of both years."""

    ward: Ward
    registered: list[int] = field(default_factory=lambda: [0, 0])
    recognised: list[int] = field(default_factory=lambda: [0, 0])
    fresh: int = 0
    kept: int = 0
    lost: int = 0


@dataclass(slots=True)
class Comparison:
    """Everything that changed between two plans."""

    earlier: Plan
    plan: Plan
    before: int = 0  # dossiers
    now: int = 0
    fresh: list[Unit] = field(default_factory=list)  # recognised now, not then
    kept: list[Unit] = field(default_factory=list)
    lost: list[Unit] = field(default_factory=list)  # recognised then, refused now
    left: list[Unit] = field(default_factory=list)  # recognised then, not registered now
    waiting: list[Unit] = field(default_factory=list)  # recognised then, not decided yet
    standards: list[StandardChange] = field(default_factory=list)
    criteria: list[CriterionChange] = field(default_factory=list)
    wards: list[WardChange] = field(default_factory=list)

    @property
    def better(self) -> list[CriterionChange]:
        return [row for row in self.criteria if row.change > 0]

    @property
    def worse(self) -> list[CriterionChange]:
        return [row for row in self.criteria if row.change < 0]

    @property
    def groups(self) -> list[tuple[str, list[Unit]]]:
        """The units by what became of them."""
        return [
            ("Công nhận mới so với năm trước", self.fresh),
            ("Giữ được danh hiệu", self.kept),
            ("Mất danh hiệu", self.lost),
            (f"Không đăng ký năm {self.plan.year}", self.left),
            ("Chưa có quyết định", self.waiting),
        ]


def compare(user: AnyUser, earlier: Plan, plan: Plan, ward: Ward | None = None) -> Comparison:
    """The two plans compared in the person's scope; three queries."""
    found = results(user, [earlier, plan], ward)
    then = {row.unit.pk: row for row in found if row.plan.pk == earlier.pk}
    now = {row.unit.pk: row for row in found if row.plan.pk == plan.pk}
    made = Comparison(earlier, plan, len(then), len(now))
    wards: dict[int, WardChange] = {}
    for row in found:
        change = wards.setdefault(row.unit.ward_id, WardChange(row.unit.ward))
        at = int(row.plan.pk == plan.pk)
        change.registered[at] += 1
        change.recognised[at] += row.recognised
    for pk in dict.fromkeys(row.unit.pk for row in found):
        _sort_unit(made, wards, then.get(pk), now.get(pk))
    made.wards = sorted(wards.values(), key=lambda one: (one.ward.position, one.ward.name))
    made.standards = [
        StandardChange(standard, _holding(then, standard.number), _holding(now, standard.number))
        for standard in table(plan.criteria_set_id).standards
    ]
    made.criteria = _criteria(user, earlier, plan, ward)
    return made


def _sort_unit(made: Comparison, wards: dict[int, WardChange], then: Result | None, now: Result | None) -> None:
    if then is None or not then.recognised:
        if now is not None and now.recognised:
            made.fresh.append(now.unit)
            wards[now.unit.ward_id].fresh += 1
    elif now is None:
        made.left.append(then.unit)
    elif now.recognised:
        made.kept.append(now.unit)
        wards[now.unit.ward_id].kept += 1
    elif now.standing == State.NOT_RECOGNISED:
        made.lost.append(now.unit)
        wards[now.unit.ward_id].lost += 1
    else:
        made.waiting.append(now.unit)


def _holding(rows: dict[int, Result], number: int) -> Share:
    """In how many of the dossiers that are wholly assessed the standard holds."""
    stands = [row.section_of(number) for row in rows.values() if row.outcome.complete]
    return Share(sum(bool(one and one.holds) for one in stands), len(stands))


def _criteria(user: AnyUser, earlier: Plan, plan: Plan, ward: Ward | None) -> list[CriterionChange]:
    """Criteria that both sets have, in printed order."""
    found = counted(user, [earlier, plan], ward)
    known = table(earlier.criteria_set_id).entries_by_key
    changes = []
    for section in table(plan.criteria_set_id).standards:
        for entry in section.entries:
            if entry.key in known:
                before, now = (_failing(found.of(one, entry.key)) for one in (earlier, plan))
                changes.append(CriterionChange(entry, before, now))
    return changes


def _failing(count: Count) -> Share:
    return Share(count.not_met, count.judged)
