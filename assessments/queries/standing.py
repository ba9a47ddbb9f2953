"""What stands of the city's decisions: the latest confirmed line of each assessment, corrections included.

A correction is never dated before the decision it corrects, and is always recorded after it, so the newest
line is the one at the end of the chain.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from assessments import workflow
from assessments.models import Assessment, Decision, DecisionLine, Registration

NEWEST_FIRST = ("-decision__issued_on", "-decision_id")
_FINAL = [state.value for state in workflow.FINAL]


def confirmed_lines_of(assessment: OuterRef | F | Assessment) -> QuerySet[DecisionLine]:
    """What confirmed decisions say of the assessment, the line that stands first."""
    return DecisionLine.objects.filter(assessment=assessment, decision__confirmed_at__isnull=False).order_by(
        *NEWEST_FIRST
    )


def standing_state(prefix: str = "") -> Case:
    """Expression: the assessment's state as it reads today, after corrections.

    `prefix` leads from the queried model to the assessment, for instance "assessment__".
    """
    line = confirmed_lines_of(OuterRef(f"{prefix}pk")).values("result")
    state = F(f"{prefix}state")
    return Case(
        When(**{f"{prefix}state__in": _FINAL}, then=Coalesce(Subquery(line[:1]), state, output_field=CharField())),
        default=state,
        output_field=CharField(),
    )


def standing_lines(assessment_ids: Iterable[int]) -> dict[int, DecisionLine]:
    """The line that stands for each of these assessments that has one; one query."""
    lines = DecisionLine.objects.filter(assessment__in=list(assessment_ids), decision__confirmed_at__isnull=False)
    lines = lines.select_related("decision__supersedes").order_by("assessment", *NEWEST_FIRST).distinct("assessment")
    return {line.assessment_id: line for line in lines}


@dataclass(slots=True)
class LineGroup:
    """Lines of a decision under one heading."""

    label: str
    lines: list[DecisionLine] = field(default_factory=list)


NEW, KEPT, REFUSED = "Công nhận mới", "Tiếp tục công nhận (duy trì)", "Không công nhận"
LOSES = "Không giữ được danh hiệu đã được công nhận."


def line_group(line: DecisionLine) -> str:
    """Under which heading the decision lists the unit; needs the line's registration."""
    return decided_group(line.assessment.registration.aim, line.result == DecisionLine.Result.RECOGNISED)


def decided_group(aim: str, recognised: bool) -> str:
    """The heading for a unit registered with this aim."""
    if not recognised:
        return REFUSED
    return KEPT if aim == Registration.Aim.MAINTAIN else NEW


def loses(line: DecisionLine) -> bool:
    """Whether the unit, recognised before and registered to keep it, loses its status by this line."""
    return line_group(line) == REFUSED and line.assessment.registration.aim == Registration.Aim.MAINTAIN


def line_words(line: DecisionLine) -> list[str]:
    """The reasons of a line as sentences: what is corrected, or what the result says; and what it means."""
    words = [LOSES] if loses(line) else []
    if line.correction:
        return [*words, f"Đính chính: {line.correction}"]
    return [*words, *(text for text in line.reasons.splitlines() if text.strip())]


def grouped(lines: Iterable[DecisionLine]) -> list[LineGroup]:
    """Newly recognised, maintained, not recognised; headings without a unit are left out."""
    groups = {label: LineGroup(label) for label in (NEW, KEPT, REFUSED)}
    for line in lines:
        groups[line_group(line)].lines.append(line)
    return [group for group in groups.values() if group.lines]


def lines_of(decision: Decision) -> QuerySet[DecisionLine]:
    """A decision's lines with unit, ward and registration, by ward and unit."""
    return (
        DecisionLine.objects.filter(decision=decision)
        .select_related("assessment__registration__unit__ward", "assessment__registration__plan")
        .order_by("assessment__registration__unit__ward__position", "assessment__registration__unit__sort_name", "pk")
    )
