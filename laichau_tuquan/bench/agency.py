"""What the agency's grid is measured on: a year of its own with many units over seven wards, half of it appraised."""

from dataclasses import dataclass
from datetime import date
from itertools import product

from django.utils import timezone

from accounts.models import Agency, Role, User
from assessments.assigning import load_default
from assessments.models import Assessment, Layer, Plan, Registration, Verdict
from assessments.queries.agencies import columns
from criteria.spec import Entry, EntryKind
from laichau_tuquan.bench.data import NOTE
from localities.models import Unit, Ward

WIDEST = "cong-an"  # the agency with the most entries by default


@dataclass(frozen=True, slots=True)
class GridScene:
    """The year that was prepared, and who looks at what in it."""

    plan: Plan
    officer: User
    first: Assessment
    key: str  # of an entry without the agency's verdict there


def prepare(units: int, year: int, actor: User) -> GridScene:
    """So many dossiers in appraisal, written past the deeds: a thousand registrations would take minutes."""
    criteria = Plan.objects.order_by("year")[0].criteria_set
    plan = Plan.objects.create(
        year=year, number=f"{year}/KH-UBND", issued_on=date(year, 1, 5), title="Đo", criteria_set=criteria
    )
    load_default(plan)
    agency = Agency.objects.get(code=WIDEST)
    officer = User.objects.create(
        username=f"do.co-quan.{year}", full_name="Cán bộ cơ quan đo", role=Role.AGENCY_OFFICER, agency=agency
    )
    wards = list(Ward.objects.all()[:7])
    made = Unit.objects.bulk_create(
        Unit(ward=wards[n % len(wards)], name=f"Tổ {year}-{n}", kind=Unit.Kind.GROUP) for n in range(1, units + 1)
    )
    registered = Registration.objects.bulk_create(
        Registration(plan=plan, unit=unit, aim="new", registered_by=actor) for unit in made
    )
    dossiers = Assessment.objects.bulk_create(
        Assessment(registration=row, state="appraisal", submitted_at=timezone.now()) for row in registered
    )
    own = [column.entry for column in columns(plan, agency)]
    _answer(dossiers, own, actor)
    return GridScene(plan, officer, dossiers[0], own[0].key)


def _answer(dossiers: list[Assessment], entries: list[Entry], actor: User) -> None:
    """The ward's verdicts everywhere, the agency's in every second dossier."""
    rows = []
    for number, assessment in enumerate(dossiers):
        layers = (Layer.SELF, Layer.AGENCY) if number % 2 else (Layer.SELF,)
        for entry, layer in product(entries, layers):
            said = "absent" if entry.kind is EntryKind.CASE else "met"
            row = Verdict(assessment=assessment, entry_id=entry.id, layer=layer, stated=said, value=said)
            row.note = NOTE if layer == Layer.SELF else ""
            row.updated_by, row.updated_at = actor, timezone.now()
            rows.append(row)
    Verdict.objects.bulk_create(rows, batch_size=2000)
