"""Models and self-management groups of a unit: adding, changing, pausing, ending, and choosing exemplary ones."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Attachment, CommunityModel, Event, Notice, Plan
from assessments.permissions import may_choose_exemplary, may_keep_models, visible_models, visible_units
from assessments.queries.year import community_models as queries
from assessments.year import files
from assessments.year.rows import bump, check_version, lock, note, once, second_click
from localities.text import clean

State = CommunityModel.State
FIELDS = ("kind", "name", "since", "households", "description", "results")
_EARLIEST = date(1990, 1, 1)
_WORDS_MOST = 4000
_TAKEN = "Tổ dân phố, bản này đã có mô hình cùng loại, cùng tên."  # as the constraint itself says
_ACTIONS = {State.ACTIVE: "resumed", State.PAUSED: "paused", State.ENDED: "ended"}


@dataclass(frozen=True, slots=True)
class Described:
    """What a unit says of its model."""

    kind: str
    name: str
    since: date
    households: int | None = None
    description: str = ""
    results: str = ""


@transaction.atomic
def add(*, user: User, plan_id: int, unit_id: int, told: Described) -> CommunityModel:
    """Add a model to a unit; the plan's record tells of it. A second click finds the first one's.

    Raises Unit.DoesNotExist outside the person's scope, Refusal without the right, InvalidInput naming the field.
    """
    plan = Plan.objects.get(pk=plan_id)
    # Locked, so that two people do not add one name together.
    unit = visible_units(user).select_for_update(of=("self",), no_key=True).get(pk=unit_id)
    if not may_keep_models(user, unit):
        raise Refusal("Chỉ cán bộ xã, phường và tổ trưởng, trưởng bản ghi mô hình, tổ tự quản của tổ, bản mình.")
    made = CommunityModel(unit=unit, added_by=user)
    _put(made, told)
    said = [(_label(name), "", _shown(made, name)) for name in FIELDS if _shown(made, name)]
    what = f"Thêm {_named(made)}"
    again = second_click(plan, Event.Kind.MODEL, user, made, what, action="added", changes=said)
    if again is not None:
        return again
    _check(made)
    _check_households(made, plan.year)
    with once("community_model_once", _TAKEN, "name"):
        made.save()
    note(plan, Event.Kind.MODEL, user, made, what, action="added", changes=said)
    return made


@transaction.atomic
def change(*, user: User, plan_id: int, model_id: int, version: int, told: Described) -> CommunityModel:
    """Change what is said of a model; the same again changes nothing.

    Raises CommunityModel.DoesNotExist, Refusal and InvalidInput as `add`, Stale when somebody changed it since.
    """
    plan, model = Plan.objects.get(pk=plan_id), _kept(user, model_id)
    before = {name: getattr(model, name) for name in FIELDS}
    shown = {name: _shown(model, name) for name in FIELDS}
    _put(model, told)
    _check(model)
    changes = {name: getattr(model, name) for name in FIELDS if getattr(model, name) != before[name]}
    if not changes:
        return model
    if "households" in changes:
        _check_households(model, plan.year)
    check_version(model, version)
    with once("community_model_once", _TAKEN, "name"):
        bump(model, **changes)
    said = [(_label(name), shown[name], _shown(model, name)) for name in changes]
    note(plan, Event.Kind.MODEL, user, model, f"Sửa {_named(model)}", action="changed", changes=said)
    return model


def _kept(user: User, model_id: int) -> CommunityModel:
    """The locked model, for whoever keeps its unit's."""
    model = lock(visible_models(user).select_related("unit__ward"), model_id)
    if not may_keep_models(user, model.unit):
        raise Refusal("Chỉ cán bộ xã, phường và tổ trưởng, trưởng bản sửa mô hình, tổ tự quản của tổ, bản mình.")
    return model


def _put(model: CommunityModel, told: Described) -> None:
    """The words on the row."""
    model.kind, model.since, model.households = told.kind, told.since, told.households
    model.name = " ".join(clean(told.name).split())
    model.description, model.results = clean(told.description), clean(told.results)


def _check(model: CommunityModel) -> None:
    """Raises InvalidInput naming the field."""
    if not _EARLIEST <= model.since <= timezone.localdate():
        raise InvalidInput(f"Ngày bắt đầu hoạt động phải từ {_EARLIEST:%d/%m/%Y} đến hôm nay.", "since")
    if model.ended_on is not None and model.since > model.ended_on:
        raise InvalidInput(f"Ngày bắt đầu đứng sau ngày kết thúc ({model.ended_on:%d/%m/%Y}).", "since")
    if model.exemplary_since is not None and model.since > model.exemplary_since:
        raise InvalidInput(
            f"Ngày bắt đầu đứng sau ngày được chọn tiêu biểu ({model.exemplary_since:%d/%m/%Y}).", "since"
        )
    for name, words in (("description", model.description), ("results", model.results)):
        if len(words) > _WORDS_MOST:
            raise InvalidInput(f"{_label(name)} dài {len(words)} ký tự, tối đa {_WORDS_MOST}.", name)
    try:
        model.full_clean(exclude=["added_by"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), _field(error)) from error


def _check_households(model: CommunityModel, year: int) -> None:
    """Raises InvalidInput for more households than the unit has, where that is known (rules, section 2)."""
    if sentence := too_many_households(model, queries.households(model, year), year):
        raise InvalidInput(sentence, "households")


def _field(error: ValidationError) -> str:
    """The field a failed check concerns; one name twice is said at the name."""
    found = next(iter(error.message_dict), "")
    return found if found in FIELDS else "name"


@transaction.atomic
def set_state(
    *, user: User, plan_id: int, model_id: int, version: int, state: str, ended_on: date | None = None
) -> CommunityModel:
    """Pause, end (with the day) or take up a model again; the same again changes nothing.

    Raises as `change`.
    """
    plan, model = Plan.objects.get(pk=plan_id), _kept(user, model_id)
    if state not in State.values:
        raise InvalidInput("Chọn tình trạng của mô hình.", "state")
    if state != State.ENDED:
        ended_on = None
    elif ended_on is None:
        raise InvalidInput("Mô hình đã kết thúc cần ngày kết thúc.", "ended_on")
    elif not model.since <= ended_on <= timezone.localdate():
        raise InvalidInput(f"Ngày kết thúc phải từ {model.since:%d/%m/%Y} đến hôm nay.", "ended_on")
    if (model.state, model.ended_on) == (state, ended_on):
        return model
    check_version(model, version)
    before = _state_words(model)
    bump(model, state=state, ended_on=ended_on)
    said = [("Tình trạng", before, _state_words(model))]
    what = f"Đổi tình trạng {_named(model)}"
    note(plan, Event.Kind.MODEL, user, model, what, action=_ACTIONS[State(state)], changes=said)
    return model


def _state_words(model: CommunityModel) -> str:
    on = f" từ {model.ended_on:%d/%m/%Y}" if model.ended_on else ""
    return f"{State(model.state).label}{on}"


@transaction.atomic
def choose(*, user: User, plan_id: int, model_id: int, version: int, reason: str, on: date) -> CommunityModel:
    """Choose a model as exemplary from a day on, with the reason; the ward and the unit's head are told.

    Raises CommunityModel.DoesNotExist, Refusal without the right or for one that has ended, InvalidInput, Stale.
    """
    plan = Plan.objects.get(pk=plan_id)
    model = _choosable(user, model_id)
    reason = clean(reason)
    if not reason:
        raise InvalidInput("Ghi lý do chọn: mô hình này có gì để nơi khác học tập.", "reason")
    if len(reason) > 1000:
        raise InvalidInput(f"Lý do dài {len(reason)} ký tự, tối đa 1000.", "reason")
    if not model.since <= on <= timezone.localdate():
        raise InvalidInput(f"Ngày chọn phải từ {model.since:%d/%m/%Y} đến hôm nay.", "on")
    if (model.exemplary_since, model.exemplary_reason) == (on, reason):
        return model
    if model.state == State.ENDED:
        raise Refusal("Mô hình đã kết thúc nên không chọn làm tiêu biểu được.")
    check_version(model, version)
    fresh, before = model.exemplary_since is None, _exemplary_words(model)
    bump(model, exemplary_since=on, exemplary_reason=reason)
    said = [("Tiêu biểu", before, _exemplary_words(model))]
    what = f"{'Chọn' if fresh else 'Sửa lý do chọn'} {_named(model)} làm tiêu biểu"
    note(plan, Event.Kind.MODEL, user, model, what, action="chosen", reason=reason, changes=said)
    if fresh:
        _tell(user, plan, model, f"{_named(model, start=True)} được chọn làm mô hình tiêu biểu của thành phố.")
    return model


@transaction.atomic
def take_back(*, user: User, plan_id: int, model_id: int, version: int, reason: str) -> CommunityModel:
    """Take a model off the exemplary ones, with the reason; again changes nothing. Raises as `choose`."""
    plan = Plan.objects.get(pk=plan_id)
    model = _choosable(user, model_id)
    reason = clean(reason)
    if model.exemplary_since is None:
        return model
    if not reason:
        raise InvalidInput("Ghi lý do thôi chọn.", "reason")
    check_version(model, version)
    before = _exemplary_words(model)
    bump(model, exemplary_since=None, exemplary_reason="")
    what = f"Thôi chọn {_named(model)} làm tiêu biểu"
    said = [("Tiêu biểu", before, "")]
    note(plan, Event.Kind.MODEL, user, model, what, action="unchosen", reason=reason, changes=said)
    _tell(user, plan, model, f"{_named(model, start=True)} thôi là mô hình tiêu biểu: {reason}")
    return model


def _choosable(user: User, model_id: int) -> CommunityModel:
    model = lock(visible_models(user).select_related("unit__ward"), model_id)
    if not may_choose_exemplary(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố chọn mô hình tiêu biểu.")
    return model


def _exemplary_words(model: CommunityModel) -> str:
    return f"từ {model.exemplary_since:%d/%m/%Y}" if model.exemplary_since else ""


def _tell(user: User, plan: Plan, model: CommunityModel, text: str) -> None:
    to = notices.ward_people(model.unit.ward_id) | notices.unit_heads(model.unit_id)
    url = reverse("assessments:community_model", args=[plan.year, model.pk])
    notices.send(Notice.Kind.PLAN, to, text, url, actor=user, plan=plan)


def attach(*, user: User, plan_id: int, model_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep a photograph or a file with a model; (attachment, is new).

    Raises CommunityModel.DoesNotExist, Refusal without the right, InvalidInput for a file that is not accepted.
    """
    plan = Plan.objects.get(pk=plan_id)
    seen = visible_models(user)
    if not may_keep_models(user, seen.select_related("unit").get(pk=model_id).unit):
        raise Refusal("Chỉ cán bộ xã, phường và tổ trưởng, trưởng bản thêm ảnh, tệp cho mô hình của tổ, bản mình.")
    return files.add_file(
        user=user, target="community_model", visible=seen, pk=model_id, plan=plan, kind=Event.Kind.MODEL, file=file
    )


def too_many_households(model: CommunityModel, households: int | None, year: int) -> str:
    """A sentence where more households take part than the unit has that year; "" otherwise."""
    if households is None or model.households is None or model.households <= households:
        return ""
    return (
        f"Số hộ tham gia ({model.households}) lớn hơn tổng số hộ của {model.unit} năm {year} ({households}). "
        "Kiểm tra lại số hộ tham gia hoặc số liệu năm."
    )


def _label(name: str) -> str:
    label = str(CommunityModel._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _shown(model: CommunityModel, name: str) -> str:
    """A field as people read it."""
    value = getattr(model, name)
    if name == "kind":
        return str(model.get_kind_display())
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _named(model: CommunityModel, start: bool = False) -> str:
    """The model inside a sentence or at its start: mô hình “…” của Tổ 1, phường Tân Phong."""
    ward = str(model.unit.ward)
    words = f"mô hình “{model.name}” của {model.unit}, {ward[:1].lower()}{ward[1:]}"
    return f"{words[:1].upper()}{words[1:]}" if start else words
