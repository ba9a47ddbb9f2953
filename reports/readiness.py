"""Which papers of a plan there is nothing for yet, so that its list does not offer them; asked once for a page."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Exists, QuerySet
from django.http import HttpRequest

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
# Papers of a plan over what somebody must have done before; one query answers for all of them.
SUBMISSION, RECOGNITION = "to-trinh-kinh-phi", frozenset({"to-trinh-cong-nhan", "du-thao-quyet-dinh"})
PROPOSALS = {True: "de-nghi-khen-thuong", False: "de-nghi-khen-thuong-co-quan"}  # a ward's, an agency's


class Readiness:
    """What one person would ask for too early under a plan; a dozen queries at the most, whatever the rows."""

    def __init__(self, user: AnyUser, plan: Plan) -> None:
        self._user = user
        self._plan = plan

    def early(self, about: str, thing: Any) -> frozenset[str]:
        """The codes of the papers of this thing that would be refused as too early."""
        if about == About.PLAN:
            nobody = may_remind(self._user) and not self._board.to_remind
            return self.of_plan | (frozenset({"cong-van-don-doc"}) if nobody else frozenset())
        if about in (About.WARD_PLAN, About.AGENCY_WORK):
            return self.of_office(thing[1]) | self._letters_of(thing[1])
        return frozenset()

    @cached_property
    def of_plan(self) -> frozenset[str]:
        """The same of the plan's own, without letters; one query."""
        asked: dict[str, QuerySet[Any]] = {}
        if may_see_all_budgets(self._user):
            asked["money"] = BudgetEstimate.objects.filter(plan=self._plan, state__in=budget_table.SUBMITTED)
        if may_draft_decisions(self._user):
            asked["proposed"] = recognition_lists.waiting(self._user, self._plan)
        if not asked:
            return frozenset()
        there = Plan.every.filter(pk=self._plan.pk).values(**{name: Exists(rows) for name, rows in asked.items()}).get()
        early = {SUBMISSION} if not there.get("money", True) else set()
        return frozenset(early | (set() if there.get("proposed", True) else RECOGNITION))

    def of_office(self, office: Ward | Agency) -> frozenset[str]:
        """The same of one ward or agency, without letters; one query for all of them."""
        of_ward = isinstance(office, Ward)
        return frozenset() if (of_ward, office.pk) in self._proposing else frozenset({PROPOSALS[of_ward]})

    def _letters_of(self, office: Ward | Agency) -> frozenset[str]:
        of_ward = isinstance(office, Ward)
        if not may_remind(self._user) or (of_ward, office.pk) in self._owing:
            return frozenset()
        return frozenset({"cong-van-don-doc-xa-phuong" if of_ward else "cong-van-don-doc-co-quan"})

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


class Page:
    """The same for the menus of one page: asked only for what a menu would offer, and once for all its menus."""

    def __init__(self) -> None:
        self._of: dict[int, Readiness] = {}

    def early(self, user: AnyUser, about: str, thing: Any, only: Sequence[str] = ()) -> frozenset[str]:
        """The codes of the papers of this thing that would be refused; `only` as the menu names them."""
        if about == About.PLAN and _wanted({SUBMISSION, *RECOGNITION}, only):
            return self._readiness(user, thing).of_plan
        if about in (About.WARD_PLAN, About.AGENCY_WORK) and _wanted({PROPOSALS[about == About.WARD_PLAN]}, only):
            plan, office = thing
            return self._readiness(user, plan).of_office(office)
        return frozenset()

    def _readiness(self, user: AnyUser, plan: Plan) -> Readiness:
        return self._of.setdefault(plan.pk, Readiness(user, plan))


def _wanted(codes: set[str], only: Sequence[str]) -> bool:
    """Whether a menu of `only` these papers (of all, where none is named) may offer one of the codes to this person."""
    return not only or bool(codes & set(only))


def of_page(request: HttpRequest) -> Page:
    """What the menus of the page that answers this request share."""
    page: Page | None = getattr(request, "papers_of_page", None)
    if page is None:
        page = Page()
        request.papers_of_page = page  # type: ignore[attr-defined]
    return page
