"""The units' figures of the year as a table: a ward's own, or the city's with sums by ward."""

from dataclasses import dataclass

from assessments.models import Plan
from assessments.permissions import AnyUser, may_see_city, visible_wards
from assessments.queries.year.profiles import LABELS, ProfileRow, Totals, by_ward, profile_rows, totals
from localities.models import Authority, Ward
from localities.queries import authority_on
from reports import offices, wording
from reports.files import plain
from reports.papers import city
from reports.papers.base import Official


@dataclass(frozen=True, slots=True)
class Group:
    """The units of one ward with their sum."""

    ward: Ward
    rows: list[tuple[int, ProfileRow]]  # numbered through the whole table
    total: Totals


@dataclass(frozen=True, slots=True)
class ProfileTable(Official):
    """Everything the template and the workbook print."""

    plan: Plan
    ward: Ward | None  # None: the city's
    authority: Authority | None
    letterhead: offices.Letterhead
    signing: offices.Signing
    rows: list[ProfileRow]

    labels = tuple(label[:1].upper() + label[1:] for label in LABELS.values())

    @property
    def title(self) -> str:
        where = f", {wording.inside(self.ward)}" if self.ward else ""
        return f"Biểu số liệu tổ dân phố, bản năm {self.year}{where}"

    @property
    def short(self) -> str:
        return f"bieu-so-lieu-{f'{plain(str(self.ward))}-' if self.ward else ''}{self.year}"

    @property
    def year(self) -> int:
        return self.plan.year

    @property
    def draft(self) -> bool:
        """While something is missing."""
        return not self.rows or any(row.missing for row in self.rows if row.registered)

    @property
    def edition(self) -> str:
        """Never kept: the figures are open until the dossiers are sent."""
        return ""

    @property
    def groups(self) -> list[Group]:
        numbered, found = iter(enumerate(self.rows, 1)), []
        for ward, own in by_ward(self.rows):
            rows = [next(numbered) for _ in own]
            found.append(Group(ward, rows, totals(f"Cộng {wording_of(ward)}", own)))
        return found

    @property
    def total(self) -> Totals:
        return totals("Tổng cộng", self.rows)

    @property
    def missing(self) -> int:
        return sum(bool(row.missing) for row in self.rows)


def wording_of(ward: Ward) -> str:
    """Inside a sentence: phường Tân Phong."""
    return f"{ward.get_kind_display().lower()} {ward.name}"


def read(user: AnyUser, ids: tuple[int, ...]) -> ProfileTable:
    """Of a plan (for who sees the city), or of a plan and one ward. Raises DoesNotExist outside the scope."""
    plans = Plan.objects.all()
    if len(ids) == 1 and not may_see_city(user):
        plans = plans.none()
    plan = plans.get(pk=ids[0])
    ward = visible_wards(user).get(pk=ids[1]) if len(ids) > 1 else None
    authority, day = authority_on(plan.issued_on), city.acting(plan)[1]
    if ward:
        letterhead, signing = offices.of_ward(ward, authority), offices.signing(ward, day)
    else:
        letterhead = offices.of_home_affairs(authority) if authority else offices.NOBODY
        signing = offices.home_affairs_signing(day)
    return ProfileTable(plan, ward, authority, letterhead, signing, profile_rows(user, plan, ward))
