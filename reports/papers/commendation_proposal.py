"""The submission with which a ward or an agency proposes collectives and persons for commendation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import Agency
from assessments.models import Commendation, Plan
from assessments.permissions import AnyUser, may_see_city, visible_commendations, visible_wards
from assessments.queries.year.commendations import IN_ORDER, Proposal, checked
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import offices
from reports.files import plain
from reports.papers import city
from reports.papers.base import NotYet, Official

Groups = list[tuple[str, list[Proposal]]]


@dataclass(frozen=True, slots=True)
class CommendationProposal(Official):
    """Everything the template and the workbook print."""

    abbreviation = "TTr"
    plan: Plan
    ward: Ward | None
    agency: Agency | None
    name: str  # of the office, as it was called
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    proposals: list[Proposal]

    @property
    def title(self) -> str:
        return f"Tờ trình đề nghị khen thưởng năm {self.year} của {self.name}"

    @property
    def short(self) -> str:
        return f"de-nghi-khen-thuong-{plain(str(self.ward or self.name))}-{self.year}"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def draft(self) -> bool:
        """While something on it is not sent."""
        return any(one.row.state == Commendation.State.DRAFT for one in self.proposals)

    @property
    def edition(self) -> str:
        """Never kept: proposals come and go until the city decides."""
        return ""

    @property
    def city(self) -> str:
        return city.committee(self.authority)

    @property
    def addressees(self) -> Sequence[str]:
        return [f"{self.city} (qua {city.home_affairs(self.authority)})"]

    @property
    def grounds(self) -> Sequence[str]:
        return [city.plan_ground(self.plan, self.authority)]

    @property
    def receivers(self) -> Sequence[str]:
        return ["Như trên"]

    @property
    def groups(self) -> Groups:
        """Collectives, then persons; without an empty group."""
        return groups(self.proposals)

    @property
    def collectives(self) -> int:
        return sum(one.row.kind == Commendation.Kind.COLLECTIVE for one in self.proposals)

    @property
    def persons(self) -> int:
        return len(self.proposals) - self.collectives


def groups(found: Sequence[Proposal]) -> Groups:
    """The two parts of a list of proposals; without an empty one."""
    parts = [(str(kind.label), [one for one in found if one.row.kind == kind]) for kind in Commendation.Kind]
    return [(label, own) for label, own in parts if own]


def read_ward(user: AnyUser, ids: tuple[int, ...]) -> CommendationProposal:
    """A plan's and a ward's; DoesNotExist outside the scope, NotYet without a proposal."""
    plan_id, ward_id = ids
    ward = visible_wards(user).get(pk=ward_id)
    plan = Plan.objects.get(pk=plan_id)
    authority, day = authority_on(plan.issued_on), _day(plan)
    return CommendationProposal(
        plan=plan,
        ward=ward,
        agency=None,
        name=ward.authority_name,
        authority=authority,
        letterhead=offices.of_ward(ward, authority),
        signing=offices.signing(ward, day),
        proposals=_proposals(user, plan, ward=ward),
    )


def read_agency(user: AnyUser, ids: tuple[int, ...]) -> CommendationProposal:
    """A plan's and an agency's, for its own people and the city; raises as `read_ward`."""
    plan_id, agency_id = ids
    agencies = Agency.objects.all()
    if not may_see_city(user):
        agencies = agencies.filter(pk=getattr(user, "agency_id", None) or 0)
    agency, plan = agencies.get(pk=agency_id), Plan.objects.get(pk=plan_id)
    authority, day = authority_on(plan.issued_on), _day(plan)
    return CommendationProposal(
        plan=plan,
        ward=None,
        agency=agency,
        name=offices.named(agency, day)[0],
        authority=authority,
        letterhead=offices.of_agency(agency, authority, day),
        signing=offices.signing(agency, day),
        proposals=_proposals(user, plan, agency=agency),
    )


def _day(plan: Plan) -> date:
    """Whose names count: today within the plan's year, else its last day."""
    today = timezone.localdate()
    return today if today.year == plan.year else date(plan.year, 12, 31)


def _proposals(user: AnyUser, plan: Plan, **office: Ward | Agency) -> list[Proposal]:
    rows = visible_commendations(user).filter(plan=plan, **office).exclude(state=Commendation.State.DECLINED)
    found = list(rows.select_related("plan", "ward", "agency", "unit__ward", "decision").order_by(*IN_ORDER))
    if not found:
        raise NotYet("Chưa có đề nghị khen thưởng nào. Lập đề nghị ở trang Khen thưởng rồi in.")
    return checked(user, plan, found)
