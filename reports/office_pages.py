"""What the pages of offices show: the present name and signer of each; of one office all periods and changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Agency, User
from assessments.permissions import may_keep_offices, may_keep_own_signers
from localities.models import Authority, Ward
from reports import offices
from reports.keeping_offices import period
from reports.models import OfficeName, Signer
from reports.offices import Office, Signing

KINDS: dict[str, type[Office]] = {"thanh-pho": Authority, "xa-phuong": Ward, "co-quan": Agency}
_SLUGS = {model: slug for slug, model in KINDS.items()}
_HEADINGS = {
    "thanh-pho": "Ủy ban nhân dân thành phố",
    "co-quan": "Cơ quan, phòng ban thành phố",
    "xa-phuong": "Xã, phường",
}
LAST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office of the list."""

    office: Office
    name: str
    signing: Signing
    recorded: bool  # somebody entered who signs; otherwise it is the usual title without a name
    until: date | None  # since when there is no such office any more

    @property
    def kind(self) -> str:
        return slug_of(self.office)


@dataclass(frozen=True, slots=True)
class Period:
    """A row of an office's page."""

    row: Signer | OfficeName
    words: str
    present: bool


def slug_of(office: Office) -> str:
    """The office's kind as addresses name it."""
    return _SLUGS[type(office)]


def office_of(user: User, kind: str, pk: int) -> Office:
    """An office whose signers the person keeps. Raises Ward.DoesNotExist and the like for every other."""
    model = KINDS.get(kind)
    if model is None:
        raise Ward.DoesNotExist
    found: QuerySet[Office] = model._default_manager.all()
    if not may_keep_offices(user):
        own = model is Ward and may_keep_own_signers(user)
        found = found.filter(pk=user.ward_id or 0) if own else found.none()
    return found.get(pk=pk)


def groups() -> list[tuple[str, list[OfficeRow]]]:
    """Every office of the city under its heading; five queries whatever their number."""
    signers, names = list(Signer.objects.all()), list(OfficeName.objects.all())
    every: dict[str, Iterable[Office]] = {slug: KINDS[slug]._default_manager.all() for slug in _HEADINGS}
    return [(heading, [_row(office, signers, names) for office in every[slug]]) for slug, heading in _HEADINGS.items()]


def nameless(groups: list[tuple[str, list[OfficeRow]]]) -> bool:
    """Whether the city's authority has no name today, so that papers leave room for it."""
    return all(row.until for _, rows in groups for row in rows if isinstance(row.office, Authority))


def signers_of(office: Office) -> list[Period]:
    """All periods, the newest first."""
    return _periods(offices.signers(office).order_by("-valid_from", "-pk"), office)


def names_of(agency: Agency) -> list[Period]:
    """What the agency was called, the newest first."""
    return _periods(OfficeName.objects.filter(agency=agency).order_by("-valid_from", "-pk"), agency)


def usual(office: Office) -> Signing:
    """How the office signs today: the recorded signer, else its usual title."""
    return offices.signing(office, day_of(office))


def open_signer(office: Office) -> Signer | None:
    """Whoever signs without a known end."""
    return offices.signers(office).filter(valid_until__isnull=True).first()


def changes(office: Office) -> list[LogEntry]:
    """Who changed what of this office last."""
    types = ContentType.objects.get_for_models(Signer, OfficeName)
    mine = Q(content_type=types[Signer], object_id__in=_ids(offices.signers(office)))
    if isinstance(office, Agency):
        mine |= Q(content_type=types[OfficeName], object_id__in=_ids(OfficeName.objects.filter(agency=office)))
    return list(LogEntry.objects.filter(mine).select_related("user").order_by("-action_time", "-pk")[:LAST_CHANGES])


def day_of(office: Office) -> date:
    """The day that "present" means: today, or the last day of an office that is no more."""
    today = timezone.localdate()
    until = getattr(office, "valid_until", None)
    return min(today, until) if until else today


def _ids(rows: QuerySet) -> list[str]:
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _periods(rows: Iterable[Signer | OfficeName], office: Office) -> list[Period]:
    day = day_of(office)
    return [Period(row, period(row), _covers(row, day)) for row in rows]


def _covers(row: Signer | OfficeName, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or row.valid_until >= day)


def _row(office: Office, signers: list[Signer], names: list[OfficeName]) -> OfficeRow:
    day, column = day_of(office), offices.column(office)
    mine = [row for row in signers if getattr(row, f"{column}_id") == office.pk and _covers(row, day)]
    own_names = [row for row in names if row.agency_id == office.pk] if isinstance(office, Agency) else []
    called = [row.name for row in own_names if _covers(row, day)]
    until = getattr(office, "valid_until", None)
    return OfficeRow(
        office=office,
        name=called[0] if called else str(office),
        signing=offices.signing_by(office, mine[0] if mine else None),
        recorded=bool(mine),
        until=until if until and until < timezone.localdate() else None,
    )
