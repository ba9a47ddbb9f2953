"""The city's plan: drafted from an earlier one, issued, adjusted with a reason, closed and reopened.

While a plan is a draft, the record of the plan before it tells what was done: a draft may be given up, and what
stands in a plan's own record keeps the plan for ever.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import AGENCY_ROLES, WARD_ROLES, User
from assessments import assigning, notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Assessment, Assignment, Attachment, Event, Milestone, Notice, Plan, Target
from assessments.permissions import may_keep_plan
from assessments.queries.year.city_plans import plans_for, selectable_sets, unconfirmed
from assessments.year import files, rows
from assessments.year.year_words import moved_text
from localities.text import clean

TEXTS = ("purpose", "goals", "tasks", "funding", "notes")
LABELS = {
    "title": "Trích yếu",
    "purpose": "Mục đích, yêu cầu",
    "goals": "Mục tiêu",
    "tasks": "Nhiệm vụ, giải pháp",
    "funding": "Kinh phí",
    "notes": "Ghi chú áp dụng",
}
_NUMBER = re.compile(r"[0-9]+[^\W\d_]?/KH-\S+")
_NUMBER_TAKEN = "Một kế hoạch khác đã có số này trong cùng ngày."
_LONGEST = {"title": 300, "purpose": 8000, "goals": 8000, "tasks": 20000, "funding": 4000, "notes": 8000}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan says, as home affairs types it."""

    title: str
    texts: Mapping[str, str]
    milestones: Mapping[str, date] = field(default_factory=dict)  # duty: before
    targets: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)  # kind: at least, at most


def moved(day: date, year: int) -> date:
    """The same day of another year; a Saturday or Sunday becomes the Monday after, so that no working day is lost."""
    try:
        there = day.replace(year=year)
    except ValueError:  # 29 February
        there = date(year, 2, 28)
    return there + timedelta(days=(7 - there.weekday()) % 7 if there.weekday() >= 5 else 0)


@transaction.atomic
def create(*, user: User, source_id: int, year: int) -> Plan:
    """A draft for `year` with everything of an earlier plan: texts, targets, milestones, assignments, criteria.

    Raises Plan.DoesNotExist for an unknown source, InvalidInput naming `year` when that year has a plan.
    """
    _check_right(user)
    list(Plan.objects.select_for_update(no_key=True).order_by("pk"))  # one draft of a year, whatever its source
    source = Plan.objects.get(pk=source_id)
    if not source.year < year <= 2100:
        raise InvalidInput(f"Chọn năm sau năm {source.year}.", "year")
    if Plan.every.filter(year=year).exists():
        raise InvalidInput(f"Năm {year} đã có kế hoạch hoặc dự thảo. Chọn năm khác.", "year")
    draft = Plan.every.create(
        year=year,
        status=Plan.Status.DRAFT,
        issued_on=moved(source.issued_on, source.issued_on.year + year - source.year),  # maybe of the year before
        title=moved_text(source.title, source.year, year),
        criteria_set=source.criteria_set,
        **{name: moved_text(getattr(source, name), source.year, year) for name in TEXTS},
    )
    Milestone.objects.bulk_create(
        Milestone(plan=draft, duty=m.duty, before=moved(m.before, m.before.year + year - source.year))
        for m in source.milestones.all()
    )
    Target.objects.bulk_create(
        Target(plan=draft, kind=t.kind, minimum=t.minimum, maximum=t.maximum) for t in source.targets.all()
    )
    assigning.copy_from(user=user, plan_id=draft.pk, earlier_id=source.pk)
    _note(draft, user, f"Lập dự thảo kế hoạch năm {year} từ kế hoạch năm {source.year}", "drafted")
    return draft


def _check_right(user: User) -> None:
    if not may_keep_plan(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố lập và sửa kế hoạch năm.")


def _lock(user: User, plan_id: int, version: int, *states: str) -> Plan:
    """The plan in one of these states, locked; Stale when it is not the version the person saw."""
    _check_right(user)
    plan: Plan = rows.lock(_visible(user), plan_id)
    rows.check_version(plan, version)
    if plan.status not in states:
        raise Refusal(f"Kế hoạch năm {plan.year} hiện ở tình trạng “{plan.get_status_display()}” nên không làm được.")
    return plan


def _visible(user: User) -> QuerySet[Plan]:
    return plans_for(user)


def _book(plan: Plan) -> Plan:
    """In whose record the plan's own changes stand: a draft's in that of the plan before it."""
    if plan.status != Plan.Status.DRAFT:
        return plan
    before = Plan.objects.filter(year__lt=plan.year).order_by("-year").first() or Plan.objects.first()
    if before is None:
        raise Refusal("Chưa có kế hoạch nào được ban hành.")
    return before


def _note(plan: Plan, user: User, what: str, action: str, **facts: Any) -> Event:
    return rows.note(_book(plan), Event.Kind.PLAN, user, plan, what, action=action, **facts)


@transaction.atomic
def save_draft(
    *, user: User, plan_id: int, version: int, wanted: Wanted, issued_on: date, criteria_set_id: int
) -> Plan:
    """Write a draft anew. Raises InvalidInput naming the field, Stale, Refusal for what is not a draft.

    Another criteria table takes the assignments of the plan before, entry by entry, where its codes are the same.
    """
    plan = _lock(user, plan_id, version, Plan.Status.DRAFT)
    checked = _checked(plan, wanted)
    if issued_on.year not in (plan.year - 1, plan.year):
        raise InvalidInput(f"Kế hoạch năm {plan.year} ban hành trong năm {plan.year} hoặc cuối năm trước.", "issued_on")
    if not selectable_sets().filter(pk=criteria_set_id).exists() and criteria_set_id != plan.criteria_set_id:
        raise InvalidInput("Bộ tiêu chí này không còn áp dụng. Chọn bộ khác.", "criteria_set")
    other_set = criteria_set_id != plan.criteria_set_id
    changes = _write(plan, checked, issued_on=issued_on, criteria_set_id=criteria_set_id)
    if other_set:
        Assignment.objects.filter(plan=plan).delete()
        assigning.copy_from(user=user, plan_id=plan.pk, earlier_id=_book(plan).pk)
        changes.append(("Bộ tiêu chí", "", str(selectable_sets().get(pk=criteria_set_id))))
    if changes:
        _note(plan, user, f"Sửa dự thảo kế hoạch năm {plan.year}", "edited", changes=changes)
    return plan


def _checked(plan: Plan, wanted: Wanted) -> Wanted:
    """Texts cleaned and not too long, days of the plan's time, spans in order."""
    said = {"title": clean(wanted.title), **{name: clean(wanted.texts.get(name, "")) for name in TEXTS}}
    if not said["title"]:
        raise InvalidInput("Chưa nhập trích yếu.", "title")
    for name, text in said.items():
        if len(text) > _LONGEST[name]:
            raise InvalidInput(f"{LABELS[name]} dài {len(text)} ký tự, tối đa {_LONGEST[name]}.", name)
    for duty, before in wanted.milestones.items():
        if duty not in Milestone.Duty.values:
            raise InvalidInput("Có việc không còn trong danh mục. Tải lại trang rồi nhập lại.")
        if before.year not in (plan.year, plan.year + 1):
            raise InvalidInput(f"Mốc thời gian phải thuộc năm {plan.year} hoặc {plan.year + 1}.", f"before_{duty}")
    for kind, (minimum, maximum) in wanted.targets.items():
        if kind not in Target.Kind.values:
            raise InvalidInput("Có chỉ tiêu không còn trong danh mục. Tải lại trang rồi nhập lại.")
        if not 0 <= minimum <= 10_000 or (maximum is not None and not minimum <= maximum <= 10_000):
            raise InvalidInput("“Nhiều nhất” không được nhỏ hơn “ít nhất”.", f"max_{kind}")
    title = said.pop("title")
    return Wanted(title, said, dict(wanted.milestones), dict(wanted.targets))


def _write(plan: Plan, wanted: Wanted, **fields: Any) -> list[tuple[str, object, object]]:
    """Store what differs; the changes as they read on screen."""
    said = {"title": wanted.title, **wanted.texts}
    changes: list[tuple[str, object, object]] = [
        (LABELS[name], getattr(plan, name), text) for name, text in said.items() if getattr(plan, name) != text
    ]
    before, after = {m.duty: m.before for m in plan.milestones.all()}, wanted.milestones
    for duty in Milestone.Duty:
        if before.get(duty) != after.get(duty):
            changes.append((duty.label, _day(before.get(duty)), _day(after.get(duty))))
    spans, wished = {t.kind: (t.minimum, t.maximum) for t in plan.targets.all()}, wanted.targets
    for kind in Target.Kind:
        if spans.get(kind) != wished.get(kind):
            changes.append((kind.label, _span(spans.get(kind)), _span(wished.get(kind))))
    if fields.get("issued_on", plan.issued_on) != plan.issued_on:
        changes.append(("Ngày ban hành dự kiến", _day(plan.issued_on), _day(fields["issued_on"])))
    if before != after:
        plan.milestones.all().delete()
        Milestone.objects.bulk_create(Milestone(plan=plan, duty=duty, before=day) for duty, day in after.items())
    if spans != wished:
        plan.targets.all().delete()
        Target.objects.bulk_create(
            Target(plan=plan, kind=kind, minimum=span[0], maximum=span[1])
            for kind in Target.Kind
            if (span := wished.get(kind)) is not None
        )
    rows.bump(plan, **said, **fields)
    return changes


def _day(day: date | None) -> str:
    return f"trước ngày {day:%d/%m/%Y}" if day else ""


def _span(span: tuple[int, int | None] | None) -> str:
    if span is None:
        return ""
    return f"{span[0]}-{span[1]}" if span[1] is not None else str(span[0])


@transaction.atomic
def discard(*, user: User, plan_id: int, version: int) -> None:
    """Give a draft up; what was done with it stays told in the record of the plan before."""
    plan = _lock(user, plan_id, version, Plan.Status.DRAFT)
    _note(plan, user, f"Bỏ dự thảo kế hoạch năm {plan.year}", "discarded")
    Assignment.objects.filter(plan=plan).delete()
    plan.delete()


@transaction.atomic
def issue(*, user: User, plan_id: int, version: int, number: str, issued_on: date, file: File | None = None) -> Plan:
    """The draft becomes the plan of its year, with its text file, and wards and agencies are told.

    Raises InvalidInput naming number, issued_on or file.
    """
    plan = _lock(user, plan_id, version, Plan.Status.DRAFT)
    number = clean(number)
    if not number or len(number) > 50:
        raise InvalidInput("Nhập số, ký hiệu của kế hoạch, tối đa 50 ký tự.", "number")
    if not _NUMBER.fullmatch(number):  # it stands in every paper of the year
        raise InvalidInput("Số, ký hiệu của kế hoạch ghi theo dạng 604/KH-UBND. Kiểm tra lại.", "number")
    if issued_on > timezone.localdate():
        raise InvalidInput("Ngày ban hành không được sau hôm nay.", "issued_on")
    if issued_on.year not in (plan.year - 1, plan.year):
        raise InvalidInput(f"Ngày ban hành không thuộc kế hoạch năm {plan.year}.", "issued_on")
    if Plan.objects.filter(number=number, issued_on=issued_on).exists():
        raise InvalidInput(_NUMBER_TAKEN, "number")
    milestones = {row.duty: row.before for row in plan.milestones.all()}
    if (early := _too_early(milestones, issued_on)) is not None:
        raise InvalidInput(f"{_early_words(early, milestones)} Sửa mốc thời gian của dự thảo trước.", "issued_on")
    with rows.once("plan_number_once_a_day", _NUMBER_TAKEN, "number"):
        rows.bump(plan, status=Plan.Status.ISSUED, number=number, issued_on=issued_on)
    if file is not None:
        _attach(user, plan, file)
    _note(
        plan,
        user,
        f"Ban hành kế hoạch số {number} năm {plan.year}",
        "issued",
        changes=[("Ngày ban hành", "", f"{issued_on:%d/%m/%Y}")],
    )
    _tell(plan, user, f"Kế hoạch số {number} năm {plan.year} của thành phố đã được ban hành.")
    return plan


def _too_early(milestones: Mapping[str, date], issued_on: date) -> Milestone.Duty | None:
    """A duty nobody could keep: due before a day on which the plan was not issued yet, or only that day."""
    return next((duty for duty in Milestone.Duty if duty in milestones and milestones[duty] <= issued_on), None)


def _early_words(duty: Milestone.Duty, milestones: Mapping[str, date]) -> str:
    return f"{duty.label} trước ngày {milestones[duty]:%d/%m/%Y} không sau ngày ban hành."


def _tell(plan: Plan, user: User, text: str) -> None:
    """Every ward's people and every agency."""
    to = User.objects.filter(is_active=True, role__in=(*WARD_ROLES, *AGENCY_ROLES))
    url = reverse("assessments:plan", args=[plan.year])
    notices.send(Notice.Kind.PLAN, to, text, url, actor=user, plan=plan)


@transaction.atomic
def adjust(*, user: User, plan_id: int, version: int, wanted: Wanted, reason: str, number: str = "") -> Plan:
    """Change milestones, targets or texts of an issued plan, with the reason and the adjusting document's number.

    Raises InvalidInput naming the field; Refusal when nothing differs.
    """
    plan = _lock(user, plan_id, version, Plan.Status.ISSUED)
    reason, number = clean(reason), clean(number)
    if not reason:
        raise InvalidInput("Cần ghi rõ lý do điều chỉnh.", "reason")
    checked = _checked(plan, wanted)
    if (early := _too_early(checked.milestones, plan.issued_on)) is not None:
        day = f"Chọn ngày sau ngày {plan.issued_on:%d/%m/%Y}."
        raise InvalidInput(f"{_early_words(early, checked.milestones)} {day}", f"before_{early}")
    changes = _write(plan, checked)
    if not changes:
        raise Refusal("Chưa có nội dung nào thay đổi.")
    by = f" theo văn bản số {number}" if number else ""
    what = f"Điều chỉnh kế hoạch năm {plan.year}{by}"
    _note(plan, user, what, "adjusted", reason=reason, changes=changes)
    labels = ", ".join(str(label).lower() for label, _, _ in changes[:4])
    _tell(plan, user, f"Kế hoạch năm {plan.year} của thành phố đã được điều chỉnh{by}: {labels}.")
    return plan


@transaction.atomic
def close(*, user: User, plan_id: int, version: int) -> Plan:
    """The year is over: nothing under the plan changes any more (see rows). Waits for what is being written.

    Raises Refusal while a decision under it waits for the leader: it could never be confirmed.
    """
    plan = _lock(user, plan_id, version, Plan.Status.ISSUED)
    waiting = unconfirmed(plan)
    if waiting:
        raise Refusal(
            f"Chưa kết thúc được: {', '.join(waiting)} còn chờ lãnh đạo thành phố xác nhận. Xác nhận hoặc bỏ trước."
        )
    # Who is writing in a dossier of the year holds it, and reads the plan's state when it has it.
    list(Assessment.objects.select_for_update(of=("self",), no_key=True).filter(registration__plan=plan).order_by("pk"))
    rows.bump(plan, status=Plan.Status.CLOSED)
    _note(plan, user, f"Kết thúc kế hoạch năm {plan.year}", "closed")
    return plan


@transaction.atomic
def reopen(*, user: User, plan_id: int, version: int, reason: str) -> Plan:
    """A closed year goes on. Raises InvalidInput without a reason."""
    plan = _lock(user, plan_id, version, Plan.Status.CLOSED)
    reason = clean(reason)
    if not reason:
        raise InvalidInput("Cần ghi rõ lý do mở lại.", "reason")
    rows.bump(plan, status=Plan.Status.ISSUED)
    _note(plan, user, f"Mở lại kế hoạch năm {plan.year}", "reopened", reason=reason)
    return plan


def attach_file(*, user: User, plan_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep a text of an issued plan, of any accepted type; (attachment, is new)."""
    _check_right(user)
    return _attach(user, Plan.objects.get(pk=plan_id), file)


def _attach(user: User, plan: Plan, file: File) -> tuple[Attachment, bool]:
    return files.add_file(
        user=user,
        target="city_plan",
        visible=Plan.objects.all(),
        pk=plan.pk,
        plan=plan,
        kind=Event.Kind.PLAN,
        file=file,
    )
