"""The city's delegations: founding them, naming members, choosing the units to visit, and planning when."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from assessments import notices, signatures, workflow
from assessments.attaching import attach
from assessments.deeds import InvalidInput, Refusal, Stale, lock_chosen, record, record_plan, refuse_closed
from assessments.models import (
    Assessment,
    Attachment,
    Delegation,
    DelegationMember,
    Event,
    Evidence,
    Layer,
    Notice,
    Plan,
    Verdict,
    Visit,
)
from assessments.permissions import DELEGATION_ROLES, may_keep_delegations, visible_delegations
from assessments.workflow import State
from localities.text import clean

# A delegation comes to units whose dossier is with the city and not yet proposed.
VISITABLE = (State.SUBMITTED, State.APPRAISAL, State.CONCLUDED)
MEMBERS_MOST = 40


@dataclass(frozen=True, slots=True)
class Member:
    """One member as home affairs writes it down; `user_id` names the account, where there is one."""

    full_name: str
    job_title: str
    role: str
    user_id: int | None = None


@transaction.atomic
def save_delegation(
    *, user: User, plan_id: int, delegation: Delegation, members: Iterable[Member], version: int | None = None
) -> Delegation:
    """Found a delegation, or change one, with its members in the order given.

    Raises InvalidInput naming the field ("members" for the list), Refusal without the right, Stale when
    somebody changed it since.
    """
    _require_right(user)
    # Locked, so that two delegations of one name do not pass the check together.
    plan, founded = Plan.objects.select_for_update(no_key=True).get(pk=plan_id), delegation.pk is None
    refuse_closed(plan)
    before: dict[str, Any] = {}
    if not founded:
        before = _facts(lock_delegation(user, delegation.pk, version))
        delegation.version = before.pop("version") + 1
    delegation.plan = plan
    try:
        delegation.full_clean()
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error
    if not date(2000, 1, 1) <= delegation.decided_on <= date(2100, 1, 1):
        raise InvalidInput("Ngày quyết định phải từ năm 2000.", "decided_on")
    if len(delegation.task) > 4000:
        raise InvalidInput(f"Nhiệm vụ dài {len(delegation.task)} ký tự, tối đa 4000.", "task")
    checked = _checked_members(list(members))
    delegation.save()
    delegation.members.all().delete()
    DelegationMember.objects.bulk_create(
        DelegationMember(delegation=delegation, position=position, **asdict(member))
        for position, member in enumerate(checked, 1)
    )
    after = _facts(delegation)
    after.pop("version")
    if before != after:
        data = {"delegation": delegation.pk, "before": before, "after": after}
        record_plan(plan, Event.Kind.DELEGATION, user, action="founded" if founded else "changed", data=data)
    return delegation


def _require_right(user: User) -> None:
    if not may_keep_delegations(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố lập đoàn thẩm định và xếp lịch.")


def lock_delegation(user: User, delegation_id: int, version: int | None) -> Delegation:
    """The delegation, locked; DoesNotExist out of scope.

    Raises Stale when it is no longer the version the person saw, Refusal once the year is closed.
    """
    found = visible_delegations(user).select_for_update(no_key=True).get(pk=delegation_id)
    refuse_closed(Plan.objects.get(pk=found.plan_id))
    if version is not None and version != found.version:
        raise Stale("Người khác vừa sửa đoàn thẩm định này. Tải lại trang để xem bản mới rồi làm lại.")
    return found


def _facts(delegation: Delegation) -> dict[str, Any]:
    """The delegation as the record keeps it."""
    return {
        "version": delegation.version,
        "name": delegation.name,
        "decision_number": delegation.decision_number,
        "decided_on": delegation.decided_on.isoformat(),
        "decided_by": delegation.decided_by,
        "task": delegation.task,
        "members": [
            {"full_name": m.full_name, "job_title": m.job_title, "role": m.role, "user": m.user_id}
            for m in delegation.members.all()
        ],
    }


def _checked_members(members: list[Member]) -> list[Member]:
    """Names and offices cleaned; exactly one head; accounts that may work for a delegation, each once."""
    roles = DelegationMember.Role
    checked = [Member(clean(m.full_name), clean(m.job_title), m.role, m.user_id) for m in members]
    if len(checked) > MEMBERS_MOST:
        raise InvalidInput(f"Đoàn có tối đa {MEMBERS_MOST} thành viên.", "members")
    for member in checked:
        if not member.full_name or not member.job_title:
            raise InvalidInput("Mỗi thành viên cần họ và tên, chức vụ hoặc đơn vị công tác.", "members")
        if len(member.full_name) > 150 or len(member.job_title) > 200:
            raise InvalidInput("Họ tên dài tối đa 150 ký tự, chức vụ dài tối đa 200 ký tự.", "members")
        if member.role not in roles.values:
            raise InvalidInput("Chọn vai trò của từng thành viên.", "members")
    heads = sum(member.role == roles.HEAD for member in checked)
    if heads != 1:
        raise InvalidInput(f"Đoàn cần đúng một Trưởng đoàn; danh sách đang có {heads}.", "members")
    ids = [member.user_id for member in checked if member.user_id is not None]
    if len(ids) != len(set(ids)):
        raise InvalidInput("Một tài khoản chỉ gắn với một thành viên của đoàn.", "members")
    if User.objects.filter(pk__in=ids, is_active=True, role__in=DELEGATION_ROLES).count() != len(ids):
        raise InvalidInput("Tài khoản đã chọn không làm việc trong đoàn thẩm định được. Chọn lại.", "members")
    return checked


@transaction.atomic
def choose_units(*, user: User, delegation_id: int, assessment_ids: Collection[int], version: int) -> list[Visit]:
    """Add units to the delegation's visits; those it visits already stay as they are.

    Raises Refusal naming the unit that another delegation visits or whose dossier is not with the city,
    Assessment.DoesNotExist for one that the plan does not have.
    """
    _require_right(user)
    delegation = lock_delegation(user, delegation_id, version)
    if not assessment_ids:
        raise InvalidInput("Chọn ít nhất một tổ dân phố, bản.", "assessments")
    chosen = lock_chosen(user, delegation.plan_id, assessment_ids)
    taken = {visit.assessment_id: visit for visit in _visits().filter(assessment__in=chosen)}
    for assessment in chosen:
        visit = taken.get(assessment.pk)
        if visit is not None and visit.delegation_id != delegation.pk:
            raise Refusal(f"{_place(assessment)} đã có trong “{visit.delegation}”. Bỏ khỏi đoàn đó trước.")
        if visit is None and assessment.workflow_state not in VISITABLE:
            label = workflow.STATE_LABELS[assessment.workflow_state]
            raise Refusal(f"{_place(assessment)} đang ở trạng thái “{label}” nên chưa đưa vào lịch thẩm định được.")
    fresh = [Visit(delegation=delegation, assessment=a) for a in chosen if a.pk not in taken]
    Visit.objects.bulk_create(fresh)
    if fresh:
        bump(delegation)
        data = {"delegation": delegation.pk, "name": delegation.name, "units": [_place(v.assessment) for v in fresh]}
        record_plan(delegation.plan, Event.Kind.DELEGATION, user, action="units_added", data=data)
    return fresh


def _visits() -> Any:
    return Visit.objects.select_related(
        "delegation", "assessment__registration__plan", "assessment__registration__unit__ward"
    )


def bump(delegation: Delegation) -> None:
    """Count the locked delegation's version up."""
    delegation.version += 1
    delegation.save(update_fields=["version"])


def _place(assessment: Assessment) -> str:
    return f"{assessment.unit}, {assessment.unit.ward}"


@transaction.atomic
def schedule(
    *,
    user: User,
    delegation_id: int,
    visit_ids: Collection[int],
    planned_on: date,
    planned_at: time | None,
    place: str,
    version: int,
) -> int:
    """Plan these visits for a day, a time and a place, and tell members, wards and heads of units.

    How many changed; the same plan again changes nothing and tells nobody. An empty place stays what it is.
    """
    _require_right(user)
    delegation = lock_delegation(user, delegation_id, version)
    visits = _chosen_visits(user, delegation, visit_ids)
    place = clean(place)
    _check_plan(delegation, planned_on, place)
    changed = []
    for visit in visits:
        new_place = place or visit.place
        if (visit.planned_on, visit.planned_at, visit.place) == (planned_on, planned_at, new_place):
            continue
        before, moved = _planned(visit), visit.planned_on is not None
        visit.planned_on, visit.planned_at, visit.place = planned_on, planned_at, new_place
        visit.version += 1
        visit.save(update_fields=["planned_on", "planned_at", "place", "version"])
        data = {"delegation": delegation.name, "before": before, "after": _planned(visit)}
        action = "rescheduled" if moved else "scheduled"
        record(visit.assessment, Event.Kind.VISIT, user, action=action, data=data)
        _tell_place(user, delegation, visit, moved)
        changed.append(visit)
    if changed:
        bump(delegation)
        _tell_members(user, delegation, changed)
    return len(changed)


def _chosen_visits(user: User, delegation: Delegation, ids: Collection[int]) -> list[Visit]:
    """The ticked visits that are still open, their assessments locked."""
    if not ids:
        raise InvalidInput("Chọn ít nhất một tổ dân phố, bản để xếp lịch.", "visits")
    found = dict(delegation.visits.filter(pk__in=ids).values_list("assessment_id", "pk"))
    if len(found) != len(set(ids)):
        raise Visit.DoesNotExist
    locked = {a.pk: a for a in lock_chosen(user, delegation.plan_id, list(found))}
    visits = list(Visit.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("assessment_id"))
    for visit in visits:
        visit.assessment = locked[visit.assessment_id]
        _check_open(visit)
    return visits


def _check_open(visit: Visit) -> None:
    if visit.closed_at:
        raise Refusal(f"{_place(visit.assessment)} đã chốt biên bản nên không xếp lịch lại được.")
    if visit.assessment.workflow_state in workflow.FINAL:
        raise Refusal(f"{_place(visit.assessment)} đã có quyết định nên lịch không thay đổi được nữa.")


def _check_plan(delegation: Delegation, day: date, place: str) -> None:
    # The decision founds the delegation; nobody visits in its name before.
    if day < delegation.decided_on:
        raise InvalidInput(f"Ngày dự kiến đứng trước ngày quyết định ({delegation.decided_on:%d/%m/%Y}).", "planned_on")
    if day.year > delegation.plan.year + 1:
        raise InvalidInput(f"Ngày dự kiến không thuộc kế hoạch năm {delegation.plan.year}.", "planned_on")
    if len(place) > 200:
        raise InvalidInput(f"Địa điểm dài {len(place)} ký tự, tối đa 200.", "place")


def _planned(visit: Visit) -> dict[str, str | None]:
    return {
        "on": visit.planned_on.isoformat() if visit.planned_on else None,
        "at": visit.planned_at.isoformat("minutes") if visit.planned_at else None,
        "place": visit.place,
    }


def when(visit: Visit) -> str:
    """When and where a planned visit is, inside a sentence: 08:00 ngày 02/10/2025, tại nhà văn hóa."""
    at = f"{visit.planned_at:%H:%M} " if visit.planned_at else ""
    place = f", tại {visit.place}" if visit.place else ""
    return f"{at}ngày {visit.planned_on:%d/%m/%Y}{place}"


def _tell_place(user: User, delegation: Delegation, visit: Visit, moved: bool) -> None:
    word = "chuyển lịch làm việc sang" if moved else "làm việc lúc" if visit.planned_at else "làm việc"
    text = f"{delegation} {word} {when(visit)}: {_place(visit.assessment)}."
    url = reverse("assessments:visit", args=[visit.pk])
    notices.send(Notice.Kind.VISIT, _hosts(visit.assessment), text, url, actor=user, assessment=visit.assessment)


def _hosts(assessment: Assessment) -> QuerySet[User]:
    """Who receives the delegation: the ward's people and the head of the unit."""
    unit = assessment.unit
    return notices.ward_people(unit.ward_id) | notices.unit_heads(unit.pk)


def _tell_members(user: User, delegation: Delegation, visits: list[Visit]) -> None:
    """One notice for all: whoever travels wants the day, not each unit by itself."""
    names = ", ".join(str(visit.assessment.unit) for visit in visits[:5])
    more = f" và {len(visits) - 5} tổ, bản khác" if len(visits) > 5 else ""
    text = f"Lịch thẩm định của {delegation}: {when(visits[0])} ({names}{more})."
    to = notices.delegation_people(delegation.pk)
    url = reverse("assessments:my_visits")
    notices.send(Notice.Kind.VISIT, to, text, url, actor=user, plan=delegation.plan)


@transaction.atomic
def drop_visit(*, user: User, visit_id: int, version: int | None = None) -> Delegation:
    """Take a unit off the delegation that has not visited it yet; `version` is the delegation's.

    Raises Refusal once the delegation has said or kept anything there. Visit.DoesNotExist when it is off.
    """
    _require_right(user)
    found = Visit.objects.get(pk=visit_id)
    delegation = lock_delegation(user, found.delegation_id, version)
    [assessment] = lock_chosen(user, delegation.plan_id, [found.assessment_id])
    visit = delegation.visits.select_for_update(no_key=True).get(pk=visit_id)
    visit.assessment = assessment
    _check_open(visit)
    if _worked(visit):
        raise Refusal(f"Đoàn đã làm việc tại {_place(assessment)} nên không bỏ khỏi đoàn được.")
    planned = _planned(visit)
    if visit.planned_on:
        text = f"{delegation} không làm việc {when(visit)} nữa: {_place(assessment)}."
        to = [*_hosts(assessment), *notices.delegation_people(delegation.pk)]
        url = reverse("assessments:my_visits")
        notices.send(Notice.Kind.VISIT, to, text, url, actor=user, assessment=assessment)
    # Nobody is led to a visit that is no more.
    Notice.objects.filter(url=reverse("assessments:visit", args=[visit.pk]), read_at__isnull=True).delete()
    visit.delete()
    bump(delegation)
    data = {"delegation": delegation.name, "before": planned}
    record(assessment, Event.Kind.VISIT, user, action="unplanned", data=data)
    removed = {"delegation": delegation.pk, "name": delegation.name, "units": [_place(assessment)]}
    record_plan(delegation.plan, Event.Kind.DELEGATION, user, action="unit_removed", data=removed)
    return delegation


def _worked(visit: Visit) -> bool:
    """Whether anything of the delegation's own lies with this unit."""
    own = {"assessment": visit.assessment_id, "layer": Layer.DELEGATION}
    return bool(
        visit.held_on
        or visit.hosts
        or visit.findings
        or visit.proposals
        or Verdict.objects.filter(**own).exists()
        or Evidence.objects.filter(**own).exists()
        or visit.attachments.exists()
    )


def attach_decision(*, user: User, delegation_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep the signed founding decision; (attachment, is new). Raises InvalidInput for anything but a PDF."""
    _require_right(user)
    signed = signatures.look(file)
    with transaction.atomic():
        delegation = lock_delegation(user, delegation_id, None)

        def told(added: Attachment) -> None:
            data = {"delegation": delegation.pk, "name": delegation.name, "file": added.original_name}
            data["sha256"] = added.sha256
            record_plan(delegation.plan, Event.Kind.ATTACHED, user, action="delegation", data=data)

        return attach(user=user, target="delegation", owner=delegation, file=file, signed=signed, told=told)
