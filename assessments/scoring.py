"""The rule: a table and what was answered -> the outcome with its reasons. Pure: no Django, no database.

Source: notes under the criteria table of plan 922/KH-UBND; rules of the domain, section 3.
Everything is counted in integers; a percentage is compared as met * 100 >= percent * applicable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from criteria.spec import Entry, EntryKind, Figure, Section, Table, Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What one layer says about one entry: the stated verdict and the figures by indicator key."""

    stated: Verdict | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The verdict that counts. `forced_by` names the indicators whose figures overrule the stated one."""

    verdict: Verdict | None
    forced_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionResult:
    """How a standard or a content stands. For a content, `holds` reads "well done"."""

    number: int
    met: int
    applicable: int
    needed: int  # the least number of met that holds
    holds: bool
    not_met: tuple[str, ...]  # keys judged not met
    unassessed: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many more must be met."""
        return max(0, self.needed - self.met)

    @property
    def judged(self) -> bool:
        """A content with nothing applicable is not judged."""
        return self.applicable > 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A case that occurs although a criterion that excludes it is called met."""

    case: str
    criterion: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one layer, complete with its reasons."""

    verdicts: Mapping[str, Resolved]
    standards: tuple[SectionResult, ...]
    contents: tuple[SectionResult, ...]
    occurring: tuple[str, ...]  # keys of the cases that occur
    unassessed: tuple[str, ...]  # keys that still need a person's verdict, in printed order
    to_assess: int  # how many entries need a person's verdict in all
    contradictions: tuple[Contradiction, ...]

    @property
    def qualifies(self) -> bool:
        return not self.occurring and all(standard.holds for standard in self.standards)

    @property
    def complete(self) -> bool:
        return not self.unassessed

    @property
    def assessed(self) -> int:
        return self.to_assess - len(self.unassessed)

    @property
    def failing_standards(self) -> tuple[SectionResult, ...]:
        """The nearest way to qualify: these standards lack `missing` criteria each."""
        return tuple(standard for standard in self.standards if not standard.holds)

    @property
    def holding_back(self) -> tuple[SectionResult, ...]:
        """The judged contents that are not well done: what keeps the derived criterion from being met."""
        return tuple(content for content in self.contents if content.judged and not content.holds)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Outcome":
        """The outcome as `as_dict` stored it; the verdicts lie beside it in the database and stay empty here."""

        def section(result: Mapping[str, Any]) -> SectionResult:
            return SectionResult(**(dict(result) | {name: tuple(result[name]) for name in ("not_met", "unassessed")}))

        return cls(
            verdicts={},
            standards=tuple(section(result) for result in stored["standards"]),
            contents=tuple(section(result) for result in stored["contents"]),
            occurring=tuple(stored["occurring"]),
            unassessed=tuple(stored["unassessed"]),
            to_assess=stored["to_assess"],
            contradictions=tuple(Contradiction(*pair) for pair in stored["contradictions"]),
        )

    def as_dict(self) -> dict[str, Any]:
        """The outcome for storage; equal dictionaries mean equal outcomes."""

        def section(result: SectionResult) -> dict[str, Any]:
            return {
                "number": result.number,
                "met": result.met,
                "applicable": result.applicable,
                "needed": result.needed,
                "holds": result.holds,
                "not_met": list(result.not_met),
                "unassessed": list(result.unassessed),
            }

        return {
            "qualifies": self.qualifies,
            "standards": [section(result) for result in self.standards],
            "contents": [section(result) for result in self.contents],
            "occurring": list(self.occurring),
            "unassessed": list(self.unassessed),
            "to_assess": self.to_assess,
            "contradictions": [[c.case, c.criterion] for c in self.contradictions],
        }


def needed(percent: int, applicable: int) -> int:
    """The least whole number n with n * 100 >= percent * applicable."""
    return -(-percent * applicable // 100)


def resolve(entry: Entry, answer: Answer) -> Resolved:
    """The verdict that counts for one entry that a person judges.

    A figure that misses its threshold makes a criterion "not met"; a figure that reaches the threshold
    of a disqualifying case makes it occur. A figure that holds decides nothing: the text asks for more.
    """
    exempt = answer.stated is Verdict.NOT_APPLICABLE
    if exempt and entry.may_be_exempt:
        return Resolved(Verdict.NOT_APPLICABLE)
    forcing = entry.kind is EntryKind.CASE
    forced_by = tuple(
        indicator.key
        for indicator in entry.indicators
        if indicator.reached(answer.figures.get(indicator.key)) is forcing
    )
    if forced_by:
        return Resolved(Verdict.OCCURS if forcing else Verdict.NOT_MET, forced_by)
    return Resolved(None if exempt else answer.stated)


def score(table: Table, answers: Mapping[str, Answer]) -> Outcome:
    """The outcome of one layer. `table` must be a unit's own (Table.for_unit); unknown keys are ignored."""
    verdicts = {entry.key: resolve(entry, answers.get(entry.key, Answer())) for entry in table.judged_by_hand}
    contents = tuple(_section(content, table.content_percent, verdicts) for content in table.contents)
    derived = Resolved(_derived(contents))
    verdicts |= {entry.key: derived for entry in table if entry.derived}
    unassessed = tuple(e.key for e in table.judged_by_hand if verdicts[e.key].verdict is None)
    occurring = tuple(case.key for case in table.cases if verdicts[case.key].verdict is Verdict.OCCURS)
    return Outcome(
        verdicts=verdicts,
        standards=tuple(_section(s, table.standard_percent, verdicts) for s in table.standards),
        contents=contents,
        occurring=occurring,
        unassessed=unassessed,
        to_assess=len(table.judged_by_hand),
        contradictions=tuple(
            Contradiction(case.key, case.contradicts)
            for case in table.cases
            if case.key in occurring
            and case.contradicts in verdicts
            and verdicts[case.contradicts].verdict is Verdict.MET
        ),
    )


def effective(table: Table, agency: Mapping[str, Answer], delegation: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that count for the city: the delegation's where it gave a verdict, else the agency's, else none.

    A figure that decides gives a verdict too. Each answer keeps its own figures and no other layer's.
    """
    merged = {}
    for entry in table.judged_by_hand:
        for layer in (delegation, agency):
            answer = layer.get(entry.key)
            if answer is not None and resolve(entry, answer).verdict is not None:
                merged[entry.key] = answer
                break
    return merged


def _section(section: Section, percent: int, verdicts: Mapping[str, Resolved]) -> SectionResult:
    by_verdict: dict[Verdict | None, list[str]] = {}
    for entry in section.entries:
        by_verdict.setdefault(verdicts[entry.key].verdict, []).append(entry.key)
    met = len(by_verdict.get(Verdict.MET, ()))
    applicable = len(section.entries) - len(by_verdict.get(Verdict.NOT_APPLICABLE, ()))
    return SectionResult(
        number=section.number,
        met=met,
        applicable=applicable,
        needed=needed(percent, applicable),
        holds=met * 100 >= percent * applicable,
        not_met=tuple(by_verdict.get(Verdict.NOT_MET, ())),
        unassessed=tuple(by_verdict.get(None, ())),
    )


def _derived(contents: tuple[SectionResult, ...]) -> Verdict | None:
    """Criterion 4.1: met when every judged content is well done; open while an answer can still change that."""
    back = [content for content in contents if content.judged and not content.holds]
    if not back:
        return Verdict.MET
    if all(content.met + len(content.unassessed) >= content.needed for content in back):
        return None
    return Verdict.NOT_MET
