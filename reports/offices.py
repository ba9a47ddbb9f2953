"""Heading and signature of a paper: what an office was called and who signed for it on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Agency
from assessments.queries.year import HOME_AFFAIRS
from localities.models import Authority, Ward
from reports import wording
from reports.models import OfficeName, Signer

# Where the name of an office stands that nobody knows yet: the clerk writes it there.
BLANK = "…" * 14
SHORT_BLANK = "…" * 5
Office = Authority | Ward | Agency

_LEADERS = (
    ("Phòng ", "TRƯỞNG PHÒNG"),
    ("Công an ", "TRƯỞNG CÔNG AN"),
    ("Ban Chỉ huy quân sự", "CHỈ HUY TRƯỞNG"),
    ("Trung tâm ", "GIÁM ĐỐC"),
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The left half of a paper's heading, with the symbol and the place that go with it."""

    superior: str
    issuer: list[str]  # one line each
    symbol: str
    place: str

    @property
    def blank(self) -> bool:
        """Whether a name is left to be filled in by hand."""
        return BLANK in (self.superior, *self.issuer)


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs: on whose behalf, in which office (one line each), by which name; "" where nobody is known."""

    capacity: str = ""
    titles: list[str] = field(default_factory=list)
    name: str = ""


# Of an office of the city in a time for which no authority is named.
NOBODY = Letterhead(BLANK, [BLANK], SHORT_BLANK, SHORT_BLANK)


def valid_on(day: date) -> Q:
    """The condition that a period contains this day."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    )


def of_city(authority: Authority) -> Letterhead:
    """The city's people's committee."""
    name = authority.name.upper()
    place = authority.place_name.upper()
    lines = [name.removesuffix(place).strip(), place] if name.endswith(place) and name != place else [name]
    return Letterhead(authority.superior_name.upper(), lines, authority.symbol, authority.place_name)


def of_home_affairs(authority: Authority) -> Letterhead:
    """The city's office of home affairs."""
    issuer = [authority.home_affairs_name.upper()]
    return Letterhead(wording.superior(authority), issuer, authority.home_affairs_symbol, authority.place_name)


def of_ward(ward: Ward, authority: Authority | None) -> Letterhead:
    """A ward's or commune's people's committee under the city."""
    superior = wording.superior(authority) if authority else BLANK
    return Letterhead(superior, wording.issuer(ward), ward.symbol, ward.place_name)


def of_agency(agency: Agency, authority: Authority | None, day: date) -> Letterhead:
    """An office of the city, under the name it had on the day."""
    name, symbol = named(agency, day)
    superior = wording.superior(authority) if authority else BLANK
    return Letterhead(superior, [name.upper()], symbol, authority.place_name if authority else SHORT_BLANK)


def named(agency: Agency, day: date) -> tuple[str, str]:
    """Name and symbol of the agency on the day; its present ones outside of all periods."""
    then = OfficeName.objects.filter(valid_on(day), agency=agency).first()
    return (then.name, then.symbol) if then else (agency.name, agency.symbol)


def signing(office: Office, day: date) -> Signing:
    """Who signs for the office on the day: the row of that period, else what the office itself says, else a blank."""
    return signing_by(office, signers(office).filter(valid_on(day)).first())


def signing_by(office: Office, row: Signer | None) -> Signing:
    """Who signs for the office by this row, or by its usual title where nobody is recorded."""
    if row is not None:
        return Signing(row.capacity, row.title.splitlines(), row.full_name)
    if isinstance(office, Authority):
        return Signing(office.signer_authority, office.signer_title.splitlines())
    if isinstance(office, Ward):
        return Signing(wording.signing_for(office), office.signer_title.splitlines())
    return Signing("", [_leader(office.name)])


def home_affairs_signing(day: date) -> Signing:
    """Who signs the papers of the city's office of home affairs on the day; its signers are kept with the agency."""
    agency = Agency.objects.filter(code=HOME_AFFAIRS).first()
    return signing(agency, day) if agency else Signing("", [_leader("Phòng ")])


def _leader(name: str) -> str:
    """How whoever leads an agency signs, where nobody has said it."""
    return next((title for start, title in _LEADERS if name.startswith(start)), "THỦ TRƯỞNG CƠ QUAN")


def signers(office: Office) -> QuerySet[Signer]:
    """All periods of the office's signers."""
    return Signer.objects.filter(**{column(office): office})


def column(office: Office) -> str:
    """Under which name a signer's row keeps this office."""
    kinds: Mapping[type, str] = {Authority: "authority", Ward: "ward", Agency: "agency"}
    return kinds[type(office)]
