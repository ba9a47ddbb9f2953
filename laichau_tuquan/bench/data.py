"""What is measured: a ward with many registered units, one of them completely assessed with notes and figures."""

from dataclasses import dataclass

from django.core.management import call_command
from django.db import transaction

from accounts.models import Agency, Role, User
from assessments.models import Assessment, Layer, Plan
from assessments.registering import register
from assessments.self_assessment import NewAnswer, apply_many, open_layer
from assessments.unit_years import save_unit_year
from criteria.spec import DenominatorSource, Entry, EntryKind, Figure, IndicatorKind
from localities.models import Unit, Ward

HOUSEHOLDS = 120
NOTE = "Đã thực hiện theo kế hoạch của tổ; có biên bản họp, danh sách ký cam kết và ảnh chụp lưu tại nhà văn hóa."


@dataclass(frozen=True, slots=True)
class Scene:
    plan: Plan
    officer: User
    home_affairs: User
    full: Assessment


def prepare(units: int) -> Scene:
    """A year with so many units in one ward; every second one completely assessed."""
    call_command("load_reference", verbosity=0)
    plan, ward = Plan.objects.get(year=2025), Ward.objects.filter(kind=Ward.Kind.WARD)[0]
    officer = User.objects.create(username="do.canbo", full_name="Cán bộ đo", role=Role.WARD_OFFICER, ward=ward)
    home_affairs = User.objects.create(
        username="do.noivu", full_name="Phòng Nội vụ đo", role=Role.HOME_AFFAIRS, agency=Agency.objects.first()
    )
    assessments = []
    for number in range(1, units + 1):
        unit = Unit.objects.create(ward=ward, name=f"Tổ {number}", kind=Unit.Kind.GROUP)
        assessments.append(register(user=officer, plan_id=plan.pk, unit_id=unit.pk, aim="new", pilot=False))
        save_unit_year(
            user=officer, unit_id=unit.pk, year=plan.year, version=0, values={"households": HOUSEHOLDS, "persons": 480}
        )
    for assessment in assessments[::2]:
        _assess(officer, assessment)
    return Scene(plan, officer, home_affairs, assessments[0])


@transaction.atomic
def _assess(officer: User, assessment: Assessment) -> None:
    opened, table, answers = open_layer(officer, assessment.pk, Layer.SELF)
    wanted = {entry.key: _answer(entry) for entry in table.judged_by_hand}
    apply_many(
        user=officer, assessment=opened, table=table, answers=answers, layer=Layer.SELF, wanted=wanted, action="bench"
    )


def _answer(entry: Entry) -> NewAnswer:
    figures = {}
    for indicator in entry.indicators:
        ratio = indicator.kind is IndicatorKind.RATIO
        number = HOUSEHOLDS if indicator.denominator_source is not DenominatorSource.OWN else 20
        if entry.kind is EntryKind.CASE:
            number = 1
        elif not ratio:
            number = indicator.threshold
        own = ratio and indicator.denominator_source is DenominatorSource.OWN
        figures[indicator.key] = Figure(number, 20 if own else None)
    return NewAnswer("absent" if entry.kind is EntryKind.CASE else "met", NOTE, figures)
