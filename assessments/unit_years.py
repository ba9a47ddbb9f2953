"""The unit's yearly figures: kept once, and carried into every open answer that counts households.

They are figures of a year: under a plan they are written while it is held open, and its record tells of every change.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from assessments.answers import read, store_outcome
from assessments.deeds import InvalidInput, Refusal, Stale, lock, record, table_of
from assessments.models import Assessment, Event, Figure, Layer, Plan
from assessments.permissions import may_answer, may_edit_unit_year, visible_units
from assessments.timeline_values import YEAR_FIELDS
from assessments.workflow import State
from assessments.year import rows
from criteria.spec import DenominatorSource
from localities.models import COUNTS, Unit, UnitYear

FIELDS = COUNTS


@transaction.atomic
def save_unit_year(*, user: User, unit_id: int, year: int, version: int, values: Mapping[str, int | None]) -> UnitYear:
    """Store the figures of one year; answers that count households follow in the same transaction.

    Raises Unit.DoesNotExist outside the person's scope, Stale when somebody changed the figures since,
    InvalidInput when an answer already counts more households than there are, and Refusal when the
    year's assessment has left the ward's hands or its plan is closed. The same again changes nothing.
    """
    # The plan before the unit, as everywhere.
    plan_id = Plan.objects.filter(year=year).values_list("pk", flat=True).first()
    plan = rows.open_plan(plan_id) if plan_id is not None else None
    unit = visible_units(user).select_related("ward").select_for_update(of=("self",), no_key=True).get(pk=unit_id)
    if not may_edit_unit_year(user, unit):
        raise Refusal("Bạn không được sửa số liệu năm của tổ dân phố, bản này.")
    assessment = _open_assessment(user, unit, year)
    stored, _ = UnitYear.objects.get_or_create(unit=unit, year=year)
    if all(getattr(stored, name) == values.get(name) for name in FIELDS):
        return stored
    if stored.version != version:
        raise Stale(
            "Người khác vừa sửa số liệu năm của tổ dân phố, bản này. Xem số mới bên dưới rồi nhập lại phần cần sửa."
        )
    before = {name: getattr(stored, name) for name in FIELDS}
    for name in FIELDS:
        setattr(stored, name, values.get(name))
    stored.version += 1
    try:
        stored.full_clean(exclude=["unit"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error
    stored.save()
    after = {name: getattr(stored, name) for name in FIELDS}
    if assessment is not None:
        _carry_households(user, assessment, stored)
        record(assessment, Event.Kind.PROFILE, user, data={"before": before, "after": after})
    if plan is not None and before != after:
        what = f"Số liệu năm {year} của {unit}, {unit.ward.get_kind_display().lower()} {unit.ward.name}"
        rows.note(plan, Event.Kind.PROFILE, user, stored, what, action="changed", changes=_said(before, after))
    return stored


def _said(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> list[tuple[str, object, object]]:
    """What differs, as it reads on screen: in an empty place there is nothing."""
    return [
        (YEAR_FIELDS[name], _shown(before[name]), _shown(after[name])) for name in FIELDS if before[name] != after[name]
    ]


def _shown(value: int | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", ".")


def _open_assessment(user: User, unit: Unit, year: int) -> Assessment | None:
    found = Assessment.objects.filter(registration__unit=unit, registration__plan__year=year).first()
    if found is None:
        return None
    locked = lock(user, found.pk)
    if locked.state != State.DRAFT:
        raise Refusal("Hồ sơ năm này đã gửi đi nên số liệu không sửa được nữa, trừ khi hồ sơ được trả lại.")
    if not may_answer(user, locked, Layer.SELF):
        raise Refusal("Hồ sơ năm này đã chuyển cán bộ xã, phường nên bạn không sửa số liệu được nữa.")
    return locked


def _carry_households(user: User, assessment: Assessment, year: UnitYear) -> None:
    """Bring the denominators of the self layer to the new number of households and score again.

    What an appraising layer counted stays as it was counted.
    """
    table = table_of(assessment)
    counting = {
        indicator.id: entry
        for entry in table
        for indicator in entry.indicators
        if indicator.denominator_source is DenominatorSource.HOUSEHOLDS
    }
    figures = Figure.objects.filter(
        verdict__assessment=assessment, verdict__layer=Layer.SELF, indicator_id__in=list(counting)
    )
    changed = []
    for figure in figures:
        if year.households is not None and (figure.numerator or 0) > year.households:
            code = counting[figure.indicator_id].code
            raise InvalidInput(
                f"Mục {code} đã ghi {figure.numerator} hộ, lớn hơn tổng số hộ mới ({year.households}). "
                "Sửa mục đó trước, hoặc kiểm tra lại tổng số hộ.",
                "households",
            )
        if figure.denominator != year.households:
            figure.denominator = year.households
            changed.append(figure)
    if changed:
        Figure.objects.bulk_update(changed, ["denominator"])
        answers = read(assessment, table, (Layer.SELF,))
        store_outcome(assessment, table, answers, Layer.SELF, user)
