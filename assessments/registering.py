"""Entering units and registering them in a plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from assessments.answers import read, store_outcome
from assessments.deeds import InvalidInput, Refusal, record, table_of, with_context
from assessments.models import Assessment, Event, Layer, Plan, Registration
from assessments.permissions import may_register, visible_units
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
    unknown aim or a unit that did not exist in the plan's year.
    """
    unit = visible_units(user).select_related("ward").select_for_update(of=("self",), no_key=True).get(pk=unit_id)
    if not may_register(user, unit.ward):
        raise Refusal("Chỉ cán bộ của xã, phường được đăng ký tổ dân phố, bản.")
    plan = Plan.objects.get(pk=plan_id)
    if aim not in Registration.Aim.values:
        raise InvalidInput("Chọn đăng ký “Đạt mới” hoặc “Duy trì”.", "aim")
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
