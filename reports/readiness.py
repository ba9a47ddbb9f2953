"""Which papers of a plan there is nothing for yet, so that its list does not offer them; asked once for a page."""

from functools import cached_property
from typing import Any

from accounts.models import Agency
from assessments.models import BudgetEstimate, Commendation, Plan
from assessments.permissions import AnyUser, may_draft_decisions, may_remind, may_see_all_budgets, visible_commendations
from assessments.queries.year import duties
from assessments.queries.year.duties import Board, Office
from localities.models import Ward
from reports.papers import budget_table, recognition_lists
from reports.registry import About

# Reminder letters, which only the table of who owes what can answer for: the menus of other pages leave them out.
LETTERS = frozenset({"cong-van-don-doc", "cong-van-don-doc-xa-phuong", "cong-van-don-doc-co-quan"})


class Readiness:
    """What one person would ask for too early under a plan; a dozen queries at the most, whatever the rows."""

    def __init__(self, user: AnyUser, plan: Plan) -> None:
        self._user = user
        self._plan = plan

    def early(self, about: str, thing: Any) -> frozenset[str]:
        """The codes of the papers of this thing that would be refused as too early."""
        if about == About.PLAN:
            return self._of_plan
        if about in (About.WARD_PLAN, About.AGENCY_WORK):
            return self._of_office(thing[1])
        return frozenset()

    @cached_property
    def _of_plan(self) -> frozenset[str]:
        found: set[str] = set()
        if may_remind(self._user) and not self._board.to_remind:
            found.add("cong-van-don-doc")
        if may_see_all_budgets(self._user):
            estimates = BudgetEstimate.objects.filter(plan=self._plan, state__in=budget_table.SUBMITTED)
            found |= set() if estimates.exists() else {"to-trinh-kinh-phi"}
        if may_draft_decisions(self._user):
            proposed = recognition_lists.waiting(self._user, self._plan)
            found |= set() if proposed.exists() else {"to-trinh-cong-nhan", "du-thao-quyet-dinh"}
        return frozenset(found)

    def _of_office(self, office: Ward | Agency) -> frozenset[str]:
        of_ward = isinstance(office, Ward)
        found: set[str] = set()
        if may_remind(self._user) and (of_ward, office.pk) not in self._owing:
            found.add("cong-van-don-doc-xa-phuong" if of_ward else "cong-van-don-doc-co-quan")
        if (of_ward, office.pk) not in self._proposing:
            found.add("de-nghi-khen-thuong" if of_ward else "de-nghi-khen-thuong-co-quan")
        return frozenset(found)

    @cached_property
    def _board(self) -> Board:
        return duties.board(self._plan)

    @cached_property
    def _owing(self) -> set[tuple[bool, int]]:
        """The offices to which a letter can go."""
        return {_key(office) for office in self._board.offices if office.owed and not office.writes_letters}

    @cached_property
    def _proposing(self) -> set[tuple[bool, int]]:
        """The offices whose proposals for commendation the person sees."""
        seen = visible_commendations(self._user).filter(plan=self._plan).exclude(state=Commendation.State.DECLINED)
        pairs = seen.values_list("ward", "agency").distinct()
        return {(ward is not None, ward or agency) for ward, agency in pairs if ward or agency}


def _key(office: Office) -> tuple[bool, int]:
    return office.ward is not None, office.thing.pk
