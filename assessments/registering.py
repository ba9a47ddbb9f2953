"""Entering units and registering them in a plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from assessments.answers import read, store_outcome
from assessments.deeds import InvalidInput, Refusal, Stale, record, table_of, with_context
from assessments.models import Assessment, Event, Layer, Plan, Registration, WardPlan
from assessments.permissions import may_register, visible_units
from assessments.workflow import State
from assessments.year import rows
from localities.models import Unit, Ward
from localities.text import clean


@transaction.atomic
def add_unit(*, user: User, name: str, kind: str) -> Unit:
    """A new unit in the officer's ward. Raises InvalidInput when the name is taken or not a name."""
    ward = user.ward
    if ward is None or not may_register(user, ward):
        raise Refusal("Chỉ cán bộ xã, phường được thêm tổ dân phố, bản.")
    # One name at a time: a double click must find the first one's unit, not the database's refusal.
    Ward.objects.select_for_update(no_key=True).get(pk=ward.pk)
    # Two spaces would make another name of the same one.
    unit = Unit(ward=ward, name=" ".join(clean(name).split()), kind=kind)
    try:
        unit.full_clean()
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), "name") from error
    unit.save()
    return unit


@dataclass(frozen=True, slots=True)
class Wish:
    """One unit a ward wants to register."""

    unit_id: int
    aim: str
    pilot: bool = False


@transaction.atomic
def register_all(*, user: User, plan_id: int, wishes: Iterable[Wish]) -> list[Assessment]:
    """Register several units or, when one is refused, none; see register."""
    return [
        register(user=user, plan_id=plan_id, unit_id=wish.unit_id, aim=wish.aim, pilot=wish.pilot)
        for wish in sorted(wishes, key=lambda wish: wish.unit_id)
    ]


@transaction.atomic
def register(*, user: User, plan_id: int, unit_id: int, aim: str, pilot: bool) -> Assessment:
    """Register a unit in a plan and open its assessment; the same registration again changes nothing.

    Raises Unit.DoesNotExist or Plan.DoesNotExist outside the person's scope, InvalidInput for an
    unknown aim or a unit that did not exist in the plan's year, Refusal once the year is closed.
    """
    plan = rows.open_plan(plan_id)
    unit = visible_units(user).select_related("ward").select_for_update(of=("self",), no_key=True).get(pk=unit_id)
    if not may_register(user, unit.ward):
        raise Refusal("Chỉ cán bộ của xã, phường được đăng ký tổ dân phố, bản.")
    if aim not in Registration.Aim.values:
        raise InvalidInput("Chọn đăng ký “Đạt mới” hoặc “Duy trì”.", "aim")
    rows.require_there(plan, unit.ward)
    if unit.valid_until and unit.valid_until.year < plan.year:
        raise InvalidInput(f"{unit} đã ngừng hoạt động trước năm {plan.year}.", "unit")
    if unit.valid_from and unit.valid_from.year > plan.year:
        raise InvalidInput(f"{unit} thành lập sau năm {plan.year}.", "unit")
    registration, created = Registration.objects.get_or_create(
        plan=plan, unit=unit, defaults={"aim": aim, "pilot": pilot, "registered_by": user}
    )
    if not created:
        return Assessment.objects.get(registration=registration)
    opened = Assessment.objects.create(registration=registration)
    assessment: Assessment = with_context(Assessment.objects.filter(pk=opened.pk)).get()
    table = table_of(assessment)
    store_outcome(assessment, table, read(assessment, table, (Layer.SELF,)), Layer.SELF, user)
    record(assessment, Event.Kind.REGISTERED, user, to_state=assessment.state, data={"aim": aim, "pilot": pilot})
    return assessment


@dataclass(frozen=True, slots=True)
class Correction:
    """What a registration should say, and what the person saw it say."""

    registration_id: int
    aim: str
    pilot: bool
    seen: tuple[str, bool]


@transaction.atomic
def correct_all(*, user: User, plan_id: int, corrections: Iterable[Correction]) -> int:
    """Correct aim and pilot of the ward's own registrations, all of them or none; how many changed.

    Possible while the dossier is a draft and the ward's plan of the year is not with the city. Raises
    Registration.DoesNotExist outside the ward, Stale when somebody corrected the same one meanwhile.
    """
    ward = user.ward
    if ward is None or not may_register(user, ward):
        raise Refusal("Chỉ cán bộ của xã, phường được sửa đăng ký.")
    plan = rows.open_plan(plan_id)
    # The order of the deed that sends the ward's plan: plan, ward. One of the two sees the other's work.
    Ward.objects.select_for_update(no_key=True).get(pk=ward.pk)
    if WardPlan.objects.filter(plan=plan, ward=ward, state=WardPlan.State.SUBMITTED).exists():
        raise Refusal("Kế hoạch của xã, phường đã gửi thành phố nên không sửa đăng ký được. Đề nghị trả lại trước.")
    changed = 0
    for wanted in sorted(corrections, key=lambda one: one.registration_id):
        changed += _correct(user, plan, ward, wanted)
    return changed


def _correct(user: User, plan: Plan, ward: Ward, wanted: Correction) -> bool:
    row = (
        Registration.objects.select_related("unit")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=wanted.registration_id, plan=plan, unit__ward=ward)
    )
    if (row.aim, row.pilot) == (wanted.aim, wanted.pilot):
        return False
    if wanted.aim not in Registration.Aim.values:
        raise InvalidInput(f"{row.unit}: chọn đăng ký “Đạt mới” hoặc “Duy trì”.", "aim")
    if (row.aim, row.pilot) != wanted.seen:
        raise Stale(f"Người khác vừa sửa đăng ký của {row.unit}. Xem bản mới rồi sửa lại.")
    assessment = Assessment.objects.select_for_update(no_key=True).get(registration=row)
    if assessment.state != State.DRAFT:
        raise Refusal(f"Hồ sơ của {row.unit} không còn ở bước tự đánh giá nên không sửa đăng ký được.")
    before = {"aim": row.aim, "pilot": row.pilot}
    row.aim, row.pilot = wanted.aim, wanted.pilot
    row.save(update_fields=["aim", "pilot"])
    data = {"aim": row.aim, "pilot": row.pilot, "before": before}
    record(assessment, Event.Kind.REGISTERED, user, action="corrected", data=data)
    return True
