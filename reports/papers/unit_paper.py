"""What the papers of one unit under one plan share."""

from datetime import datetime
from typing import TYPE_CHECKING

from assessments.workflow import STATE_LABELS, State
from localities.models import Ward
from reports import wording
from reports.papers.base import Official
from reports.queries import Record


class UnitPaper(Official):
    """A paper made of one assessment's record: its unit, its year and how far it has come."""

    __slots__ = ()

    if TYPE_CHECKING:  # a field of each paper

        @property
        def record(self) -> Record: ...

    @property
    def year(self) -> int:
        return self.record.assessment.plan.year

    @property
    def as_of(self) -> datetime:
        return self.record.as_of

    @property
    def ward(self) -> Ward:
        return self.record.assessment.unit.ward

    @property
    def unit_name(self) -> str:
        return wording.place(self.record.assessment.unit)

    @property
    def unit_head(self) -> str:
        return wording.unit_head(self.record.assessment.unit)

    @property
    def entry_count(self) -> int:
        """Criteria, items and cases that people judge."""
        return len(self.record.table.judged_by_hand)

    @property
    def draft(self) -> bool:
        """Until the ward submits it, and again once it was taken back or returned."""
        return self.record.assessment.workflow_state in (State.DRAFT, State.COUNCIL)

    @property
    def state(self) -> str:
        return STATE_LABELS[self.record.assessment.workflow_state]

    @property
    def meeting_date(self) -> str:
        resolution = self.record.resolution
        return wording.long_date(resolution.meeting.held_on) if resolution else ""
