"""Which agency helps which unit: home affairs names them, their people write down what they did."""

from collections.abc import Collection
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import AGENCY_ROLES, Agency, User
from assessments import money, notices
from assessments.closing import SECOND_CLICK
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Event, Helping, HelpingDeed, Notice, Plan
from assessments.permissions import may_assign_helping, may_record_help, visible_helping
from assessments.queries.year.helping import units_of
from assessments.year import rows
from localities.models import Unit
from localities.text import clean

CONTENT_MOST = 1000
WORTH_MOST = 10**12  # as for budgets: more is a slip of the finger
_EARLIEST = date(2000, 1, 1)


@transaction.atomic
def assign(
    *, user: User, plan_id: int, agency_id: int, unit_ids: Collection[int], decided_by: str = "", focus: str = ""
) -> list[Helping]:
    """Name an agency to help these units under the plan; whom it helps already stays as it is.

    Help that was ended begins anew. Raises InvalidInput naming the field, Unit.DoesNotExist for a unit that is
    unknown or not of the plan's year.
    """
    _require_right(user)
    plan = rows.open_plan(plan_id, alone=True)
    agency = Agency.objects.get(pk=agency_id)
    if not unit_ids:
        raise InvalidInput("Chọn ít nhất một tổ dân phố, bản.", "units")
    units = list(units_of(plan).filter(pk__in=unit_ids).order_by("pk"))
    if len(units) != len(set(unit_ids)):
        raise Unit.DoesNotExist
    words = {"decided_by": _short(decided_by, 200, "decided_by"), "focus": _short(focus, 500, "focus")}
    made = _name(user, plan, agency, units, words)
    if made:
        _tell_agency(user, plan, agency, made)
        for ward_id in {row.unit.ward_id for row in made}:
            _tell_ward(user, plan, agency, [row for row in made if row.unit.ward_id == ward_id])
    return made


def _require_right(user: User) -> None:
    if not may_assign_helping(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố phân công cơ quan giúp đỡ.")


def _short(text: str, most: int, field: str) -> str:
    text = clean(text)
    if len(text) > most:
        raise InvalidInput(f"Nội dung dài {len(text)} ký tự, tối đa {most}.", field)
    return text


def _name(user: User, plan: Plan, agency: Agency, units: list[Unit], words: dict[str, str]) -> list[Helping]:
    """New rows, and ended ones that begin anew; each in the record."""
    known = {
        row.unit_id: row
        for row in Helping.objects.filter(plan=plan, agency=agency, unit__in=units)
        .select_for_update(no_key=True)
        .order_by("pk")
    }
    made = []
    for unit in units:
        row = known.get(unit.pk)
        if row is not None and row.ended_on is None:
            continue
        if row is None:
            row = Helping.objects.create(plan=plan, agency=agency, unit=unit, **words)
        else:
            rows.bump(row, ended_on=None, **words)
        row.unit = unit
        what = f"Phân công {agency} giúp đỡ {_place(row)}"
        changes = [("Văn bản phân công", "", words["decided_by"]), ("Nội dung", "", words["focus"])]
        told = [change for change in changes if change[2]]
        rows.note(plan, Event.Kind.HELPING, user, row, what, action="assigned", changes=told)
        made.append(row)
    return made


def _place(row: Helping) -> str:
    return f"{row.unit}, {row.unit.ward}"


def _agency_people(agency_id: int) -> QuerySet[User]:
    return User.objects.filter(is_active=True, agency=agency_id, role__in=AGENCY_ROLES)


def _named(made: list[Helping], most: int = 5) -> str:
    names = ", ".join(_place(row) for row in made[:most])
    return f"{names} và {len(made) - most} tổ, bản khác" if len(made) > most else names


def _tell_agency(user: User, plan: Plan, agency: Agency, made: list[Helping]) -> None:
    text = f"{agency} được phân công giúp đỡ năm {plan.year}: {_named(made)}."
    url = reverse("assessments:helping", args=[plan.year]) + f"?co-quan={agency.code}"
    notices.send(Notice.Kind.HELPING, _agency_people(agency.pk), text, url, actor=user, plan=plan)


def _tell_ward(user: User, plan: Plan, agency: Agency, made: list[Helping]) -> None:
    """The ward's people in one notice; the head of each unit about the own one."""
    url = reverse("assessments:helping", args=[plan.year])
    text = f"{agency} giúp đỡ năm {plan.year}: {_named(made)}."
    ward = notices.ward_people(made[0].unit.ward_id)
    notices.send(Notice.Kind.HELPING, ward, text, url, actor=user, plan=plan)
    for row in made:
        own = reverse("assessments:helping_detail", args=[row.pk])
        heads = notices.unit_heads(row.unit_id)
        notices.send(Notice.Kind.HELPING, heads, f"{row} năm {plan.year}.", own, actor=user, plan=plan)


@transaction.atomic
def copy_from(*, user: User, plan_id: int, earlier_id: int) -> int:
    """Whoever helped to the end under an earlier plan helps the same units under this one; how many are new."""
    _require_right(user)
    plan = rows.open_plan(plan_id, alone=True)
    earlier = Plan.objects.get(pk=earlier_id)
    taken = set(Helping.objects.filter(plan=plan).values_list("agency_id", "unit_id"))
    # What was dissolved since is helped no more.
    found = Helping.objects.filter(plan=earlier, ended_on=None, unit__in=units_of(plan)).select_related(
        "agency", "unit__ward"
    )
    by_agency: dict[Agency, list[Helping]] = {}
    for row in found.order_by("agency__position", "unit__ward__position", "unit__sort_name"):
        if (row.agency_id, row.unit_id) not in taken:
            by_agency.setdefault(row.agency, []).append(row)
    count = 0
    for agency, old in by_agency.items():
        for focus in dict.fromkeys(row.focus for row in old):
            units = [row.unit_id for row in old if row.focus == focus]
            made = assign(user=user, plan_id=plan.pk, agency_id=agency.pk, unit_ids=units, focus=focus)
            count += len(made)
    return count


def _lock(user: User, helping_id: int, version: int) -> Helping:
    found = rows.lock_in_plan(visible_helping(user).select_related("agency", "unit__ward"), helping_id)
    _require_right(user)
    rows.check_version(found, version)
    return found


@transaction.atomic
def change(*, user: User, helping_id: int, decided_by: str, focus: str, version: int) -> Helping:
    """What the help is about, and by which paper it was assigned."""
    found = _lock(user, helping_id, version)
    new = {"decided_by": _short(decided_by, 200, "decided_by"), "focus": _short(focus, 500, "focus")}
    labels = {"decided_by": "Văn bản phân công", "focus": "Nội dung giúp đỡ"}
    changes = [(labels[name], getattr(found, name), value) for name, value in new.items()]
    changes = [told for told in changes if told[1] != told[2]]
    if changes:
        rows.bump(found, **new)
        what = f"Sửa phân công {found.agency} giúp đỡ {_place(found)}"
        rows.note(found.plan, Event.Kind.HELPING, user, found, what, action="changed", changes=changes)
    return found


@transaction.atomic
def end(*, user: User, helping_id: int, ended_on: date, reason: str, version: int) -> Helping:
    """From this day the agency helps the unit no more; what it did stays.

    Raises InvalidInput for a day outside the plan's time or before the last deed.
    """
    found = _lock(user, helping_id, version)
    if found.ended_on is not None:
        raise Refusal("Việc giúp đỡ này đã thôi.")
    first = min(found.plan.issued_on, date(found.plan.year, 1, 1))
    if not first <= ended_on <= date(found.plan.year + 1, 12, 31):
        raise InvalidInput(f"Ngày thôi không thuộc kế hoạch năm {found.plan.year}.", "ended_on")
    last = found.deeds.filter(removed_at=None).order_by("-done_on").first()
    if last is not None and last.done_on > ended_on:
        raise InvalidInput(f"Ngày {last.done_on:%d/%m/%Y} cơ quan còn giúp đỡ. Chọn ngày sau đó.", "ended_on")
    rows.bump(found, ended_on=ended_on)
    what = f"{found.agency} thôi giúp đỡ {_place(found)} từ ngày {ended_on:%d/%m/%Y}"
    rows.note(found.plan, Event.Kind.HELPING, user, found, what, action="ended", reason=reason)
    _tell_both(user, found, what + (f": {reason}" if reason else "") + ".")
    return found


@transaction.atomic
def remove(*, user: User, helping_id: int, version: int) -> Plan:
    """Take an assignment back that nothing came of; its plan. Raises Refusal once something was written down."""
    found = _lock(user, helping_id, version)
    if found.deeds.exists():
        raise Refusal("Đã ghi việc giúp đỡ nên không bỏ được phân công; ghi ngày thôi giúp đỡ.")
    what = f"Bỏ phân công {found.agency} giúp đỡ {_place(found)}"
    rows.note(found.plan, Event.Kind.HELPING, user, found, what, action="removed")
    # Nobody is led to an assignment that is no more.
    Notice.objects.filter(url=reverse("assessments:helping_detail", args=[found.pk]), read_at__isnull=True).delete()
    _tell_both(user, found, f"{what}, năm {found.plan.year}.", reverse("assessments:helping", args=[found.plan.year]))
    plan = found.plan
    found.delete()
    return plan


def _tell_both(user: User, found: Helping, text: str, url: str = "") -> None:
    """The agency, the ward and the head of the unit."""
    to = _agency_people(found.agency_id) | notices.ward_people(found.unit.ward_id) | notices.unit_heads(found.unit_id)
    own = url or reverse("assessments:helping_detail", args=[found.pk])
    notices.send(Notice.Kind.HELPING, to, text, own, actor=user, plan=found.plan)


@transaction.atomic
def add_deed(*, user: User, helping_id: int, done_on: date, content: str, worth: int | None = None) -> HelpingDeed:
    """Write down what the agency did for the unit; a second click finds the first one's line.

    Raises InvalidInput naming the field, Refusal without the right.
    """
    found = _lock_to_record(user, helping_id)
    content = clean(content)
    if not content or len(content) > CONTENT_MOST:
        raise InvalidInput(f"Ghi việc đã làm, tối đa {CONTENT_MOST} ký tự.", "content")
    if not _EARLIEST <= done_on <= timezone.localdate():
        raise InvalidInput("Ngày làm không được sau hôm nay.", "done_on")
    if done_on.year not in (found.plan.year, found.plan.year + 1):
        raise InvalidInput(f"Ngày làm không thuộc kế hoạch năm {found.plan.year}.", "done_on")
    if found.ended_on is not None and done_on > found.ended_on:
        raise InvalidInput(f"Đã thôi giúp đỡ từ ngày {found.ended_on:%d/%m/%Y}.", "done_on")
    if worth is not None and not 0 <= worth <= WORTH_MOST:
        raise InvalidInput("Trị giá không được âm và không quá 1.000 tỷ đồng.", "worth")
    again = _just_added(found, user, done_on, content, worth)
    if again is not None:
        return again
    deed = HelpingDeed(helping=found, done_on=done_on, content=content, worth=worth, added_by=user)
    try:
        deed.full_clean(exclude=["helping"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error
    deed.save()
    value = "" if worth is None else f"{money.dong(worth)} đồng"
    what = f"{found.agency} giúp đỡ {_place(found)} ngày {done_on:%d/%m/%Y}: {content}"
    changes = [("Trị giá", "", value)] if value else []
    rows.note(found.plan, Event.Kind.HELPING, user, found, what, action="deed_added", changes=changes)
    return deed


def _just_added(found: Helping, user: User, done_on: date, content: str, worth: int | None) -> HelpingDeed | None:
    """The same line of the same person a moment ago; taken off again, it is no second click."""
    since = timezone.now() - timedelta(seconds=SECOND_CLICK)
    same = found.deeds.filter(done_on=done_on, content=content, worth=worth, added_by=user, removed_at=None)
    return same.filter(added_at__gte=since).first()


def _lock_to_record(user: User, helping_id: int) -> Helping:
    found = rows.lock_in_plan(visible_helping(user).select_related("agency", "unit__ward"), helping_id)
    if not may_record_help(user, found):
        raise Refusal(f"Việc giúp đỡ này do {found.agency} ghi.")
    return found


@transaction.atomic
def remove_deed(*, user: User, deed_id: int) -> Helping:
    """Take a wrong line off: it stays in the record and counts no more. Off already: nothing happens."""
    line = HelpingDeed.objects.get(pk=deed_id, helping__in=visible_helping(user).values("pk"))
    found = _lock_to_record(user, line.helping_id)
    line.refresh_from_db()
    if line.removed_at is None:
        line.removed_at = timezone.now()
        line.save(update_fields=["removed_at"])
        what = f"Gỡ việc ghi nhầm ngày {line.done_on:%d/%m/%Y}: {line.content}"
        rows.note(found.plan, Event.Kind.HELPING, user, found, what, action="deed_removed")
    return found
