"""What the papers of home affairs and of the city's people's committee share: who acts, and how it is named."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from assessments.models import Plan
from localities.models import Authority
from localities.queries import authority_on
from reports import offices, wording
from reports.papers.base import Official

COMMITTEE = "Ủy ban nhân dân thành phố"
CHAIRMAN = "CHỦ TỊCH"


class CityPaper(Official):
    """A paper of the city's: how it names those who act."""

    __slots__ = ()

    if TYPE_CHECKING:  # a field of each paper

        @property
        def authority(self) -> Authority | None: ...

    @property
    def committee(self) -> str:
        return committee(self.authority)

    @property
    def short_committee(self) -> str:
        return short_committee(self.authority)

    @property
    def office(self) -> str:
        return home_affairs(self.authority)


def acting(plan: Plan) -> tuple[Authority | None, date]:
    """The authority that acts for a plan and the day whose names count: today, or the plan's once nobody acts."""
    today = timezone.localdate()
    found = authority_on(today)
    return (found, today) if found else (authority_on(plan.issued_on), plan.issued_on)


def committee(authority: Authority | None) -> str:
    """In full: Ủy ban nhân dân thành phố Lai Châu; with a dotted line for its name where no authority is known."""
    return authority.name if authority else f"{COMMITTEE} {offices.SHORT_BLANK}"


def short_committee(authority: Authority | None) -> str:
    """Abbreviated: UBND thành phố Lai Châu."""
    return committee(authority).replace(wording.COMMITTEE, "UBND", 1)


def place(authority: Authority | None) -> str:
    """Inside a sentence: thành phố Lai Châu; likewise."""
    return wording.inside(authority.place_name if authority else f"thành phố {offices.SHORT_BLANK}")


def city_letterhead(authority: Authority | None) -> offices.Letterhead:
    """The people's committee's; blank lines where no authority is known."""
    return offices.of_city(authority) if authority else offices.NOBODY


def home_affairs(authority: Authority | None) -> str:
    """What the office of home affairs is called."""
    return authority.home_affairs_name if authority else "Phòng Nội vụ"


def head_of(office: str) -> str:
    """Whoever leads an office, inside a sentence: Trưởng phòng Nội vụ."""
    return f"Trưởng phòng {office.removeprefix('Phòng ')}" if office.startswith("Phòng ") else f"Thủ trưởng {office}"


def plan_ground(plan: Plan, authority: Authority | None) -> str:
    """The plan as a ground: number, day, issuer and what it is about."""
    title = (plan.title[:1].lower() + plan.title[1:]).removeprefix("kế hoạch ").removeprefix("về ")
    return f"Căn cứ Kế hoạch số {plan.number} {wording.long_date(plan.issued_on)} của {committee(authority)} về {title}"


def chairman_signing(authority: Authority | None, day: date, titles: str = "", name: str = "") -> offices.Signing:
    """Who signs what the chairman decides alone: without "TM.", which belongs to the committee's own papers.

    `titles` and `name` are what a recorded decision says; without them the signer of the day.
    """
    if titles.strip():
        return offices.Signing("", titles.splitlines(), name)
    if authority is None:
        return offices.Signing("", [CHAIRMAN])
    of_day = offices.signing(authority, day)
    return offices.Signing("", of_day.titles, of_day.name)
