"""Home affairs' list of everybody proposed for commendation, with what the results say."""

from dataclasses import dataclass

from assessments.models import Commendation, Plan
from assessments.permissions import AnyUser, may_see_city
from assessments.queries.year.commendations import Proposal, checked, office, proposals
from localities.models import Authority
from localities.queries import authority_on
from reports import offices
from reports.papers import city
from reports.papers.base import Official
from reports.papers.commendation_proposal import Groups, groups

State = Commendation.State


@dataclass(frozen=True, slots=True)
class CommendationTable(Official):
    """Everything the template and the workbook print."""

    plan: Plan
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    proposals: list[Proposal]

    @property
    def title(self) -> str:
        return f"Bảng tổng hợp đề nghị khen thưởng năm {self.year}"

    @property
    def short(self) -> str:
        return f"bang-khen-thuong-{self.year}"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def draft(self) -> bool:
        """While something waits to be judged."""
        return not self.proposals or any(one.row.state == State.SENT for one in self.proposals)

    @property
    def edition(self) -> str:
        """Never kept: what was decided stands in the decision."""
        return ""

    @property
    def founded(self) -> str:
        return city.plan_ground(self.plan, self.authority).removeprefix("Căn cứ ")

    @property
    def groups(self) -> Groups:
        return groups(self.proposals)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many stand in which state; without empty ones."""
        found = [(state.label.lower(), sum(one.row.state == state for one in self.proposals)) for state in State]
        return [(label, count) for label, count in found if count]

    def office(self, one: Proposal) -> str:
        """Who proposes."""
        return office(one.row)


def read(user: AnyUser, ids: tuple[int, ...]) -> CommendationTable:
    """The table of a plan for who sees the city; Plan.DoesNotExist for others."""
    [pk] = ids
    plans = Plan.objects.all() if may_see_city(user) else Plan.objects.none()
    plan = plans.get(pk=pk)
    authority = authority_on(plan.issued_on)
    return CommendationTable(
        plan=plan,
        authority=authority,
        letterhead=offices.of_home_affairs(authority) if authority else offices.NOBODY,
        signing=offices.home_affairs_signing(city.acting(plan)[1]),
        proposals=checked(user, plan, proposals(user, plan).exclude(state=State.DRAFT)),
    )
