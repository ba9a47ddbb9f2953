"""The assessment page for one agency: its own entries and its own progress, the others left out or shown."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from assessments.scoring import Outcome
from assessments.sheet import Group, Progress, Sheet, dom_id
from criteria import spec

PARAMETER, EVERYTHING = "muc", "tat-ca"  # ?muc=tat-ca shows every entry


@dataclass(frozen=True, slots=True)
class Own:
    """The entries that are the agency's, and whether the page shows the others too."""

    entry_ids: Collection[int]
    everything: bool = False

    @property
    def query(self) -> str:
        """What an address carries to come back to the same view."""
        return f"?{PARAMETER}={EVERYTHING}" if self.everything else ""

    @property
    def count(self) -> int:
        """How many entries are the agency's."""
        return len(self.entry_ids)


def narrow(sheet: Sheet, table: spec.Table, outcome: Outcome, own: Own) -> None:
    """Count the agency's entries only, and leave the others' out unless the page shows everything."""
    mine = {entry.key for entry in table.judged_by_hand if entry.id in own.entry_ids}
    left = [key for key in outcome.unassessed if key in mine]
    sheet.result.own = Progress(len(mine) - len(left), len(mine), dom_id(left[0]) if left else "", len(left))
    if not own.everything:
        groups = (_only(group, mine, set(left)) for group in sheet.groups)
        sheet.groups = [group for group in groups if group.rows]


def _only(group: Group, mine: set[str], left: set[str]) -> Group:
    """The group with the agency's rows; its state says how far the agency is with them."""
    rows = [row for row in group.rows if row.entry.key in mine]
    waiting = sum(row.entry.key in left for row in rows)
    return replace(
        group,
        rows=rows,
        met=len(rows) - waiting,
        applicable=len(rows),
        state=f"còn {waiting}" if waiting else "đã xong",
        holds=not waiting,
        pending=bool(waiting),
    )
