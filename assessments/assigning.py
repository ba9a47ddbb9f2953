"""Who appraises what under a plan: the default of the rules, a copy of an earlier year, and single changes.

Verdicts given stay whoever is assigned afterwards; only who may write next changes.
"""

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Agency, User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal, Stale, record_plan, refuse_closed
from assessments.models import Assignment, Event, Notice, Plan
from assessments.permissions import may_assign
from assessments.queries.assignments import Codes, stored_assignment
from criteria.queries import table
from criteria.spec import Table

DEFAULT = Path(settings.BASE_DIR) / "fixtures" / "assignments.json"
MOST_AGENCIES = 5


def default_assignment(of: Table) -> dict[str, Codes]:
    """The file's agencies for each entry judged by hand; the agency named first is responsible."""
    chosen: dict[str, Codes] = {}
    for row in json.loads(DEFAULT.read_text(encoding="utf-8")):
        for entry in of.judged_by_hand:
            if any(fnmatchcase(entry.key, pattern) for pattern in row["entries"]):
                chosen[entry.key] = (*chosen.get(entry.key, ()), row["agency"])
    return chosen


@transaction.atomic
def load_default(plan: Plan, user: User | None = None) -> int:
    """Give every entry that has no agency the default one; how many entries. Without a user nothing is recorded."""
    if user is not None:
        _check_right(user)
    plan = _locked(plan.pk)
    return _fill(plan, default_assignment(table(plan.criteria_set_id)), "default", user)


@transaction.atomic
def copy_from(*, user: User, plan_id: int, earlier_id: int) -> int:
    """Give every entry that has no agency the agencies of the same key in an earlier plan; how many entries.

    Raises Plan.DoesNotExist, and Refusal without the right or when the other plan is not an earlier one.
    """
    _check_right(user)
    plan, earlier = _locked(plan_id, Plan.every.all()), Plan.objects.get(pk=earlier_id)
    if earlier.year >= plan.year:
        raise Refusal("Chỉ sao chép được phân công của năm trước.")
    # A draft has no record of its own yet, and nobody but its authors may hear of it.
    teller = None if plan.status == Plan.Status.DRAFT else user
    return _fill(plan, stored_assignment(earlier), "copy", teller, str(earlier.year))


@transaction.atomic
def set_assignment(*, user: User, plan_id: int, seen: Mapping[str, Codes], agencies: Sequence[str]) -> int:
    """Assign these agencies, the responsible one first, to the entries in `seen`; how many changed.

    `seen` says for each entry which agencies the person saw there. Raises Stale, naming the entries, when
    one was changed since to something else, InvalidInput for unknown agencies or entries.
    """
    _check_right(user)
    plan = _locked(plan_id)
    wanted = tuple(dict.fromkeys(agencies))
    if not seen:
        raise InvalidInput("Chọn ít nhất một mục cần phân công.", "entry")
    if not wanted:
        raise InvalidInput("Chọn cơ quan chủ trì.", "chu_tri")
    if len(wanted) > MOST_AGENCIES:
        raise InvalidInput(f"Mỗi mục có nhiều nhất {MOST_AGENCIES} cơ quan.", "phoi_hop")
    if not set(wanted) <= set(Agency.objects.values_list("code", flat=True)):
        raise InvalidInput("Có cơ quan không còn trong danh mục. Tải lại trang rồi chọn lại.", "chu_tri")
    entries = table(plan.criteria_set_id).entries_by_key
    if any(key not in entries or entries[key].derived for key in seen):
        raise InvalidInput("Có mục không thuộc bộ tiêu chí của kế hoạch. Tải lại trang rồi chọn lại.", "entry")
    stands = stored_assignment(plan)
    changed = [key for key in seen if stands.get(key, ()) != wanted]
    newer = [entries[key].code for key in changed if stands.get(key, ()) != tuple(seen[key])]
    if newer:
        raise Stale(f"Người khác vừa đổi phân công mục {', '.join(newer)}. Xem lại phân công hiện có rồi lưu lại.")
    return _write(plan, dict.fromkeys(changed, wanted), stands, "set", user)


def _check_right(user: User) -> None:
    if not may_assign(user):
        raise Refusal("Chỉ cơ quan nội vụ phân công thẩm định.")


def _locked(plan_id: int, among: QuerySet[Plan] | None = None) -> Plan:
    """One change of a plan's assignments, or closing by them, at a time; registering goes on meanwhile."""
    plans = Plan.objects.all() if among is None else among
    plan = plans.select_for_update(no_key=True).get(pk=plan_id)
    refuse_closed(plan)
    return plan


def _fill(plan: Plan, source: Mapping[str, Codes], action: str, user: User | None, reason: str = "") -> int:
    stands = stored_assignment(plan)
    by_hand = {entry.key for entry in table(plan.criteria_set_id).judged_by_hand}
    known = set(Agency.objects.values_list("code", flat=True))
    wanted = {}
    for key, codes in source.items():
        fitting = tuple(code for code in codes if code in known)
        if fitting and key in by_hand and key not in stands:
            wanted[key] = fitting
    return _write(plan, wanted, stands, action, user, reason)


def _write(
    plan: Plan,
    wanted: Mapping[str, Codes],
    stands: Mapping[str, Codes],
    action: str,
    user: User | None,
    reason: str = "",
) -> int:
    """Replace the agencies of these entries, keep the record, and tell the agencies that gain or lose work."""
    if not wanted:
        return 0
    entries = table(plan.criteria_set_id).entries_by_key
    ids = {key: entries[key].id for key in wanted}
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    Assignment.objects.filter(plan=plan, entry__in=ids.values()).delete()
    Assignment.objects.bulk_create(
        Assignment(plan=plan, entry_id=ids[key], agency=agencies[code], position=position)
        for key, codes in wanted.items()
        for position, code in enumerate(codes, start=1)
    )
    if user is None:
        return len(wanted)
    changes = [
        {"key": key, "code": entries[key].code, "before": list(stands.get(key, ())), "after": list(codes)}
        for key, codes in wanted.items()
    ]
    record_plan(plan, Event.Kind.ASSIGNED, user, action=action, reason=reason, data={"changes": changes})
    touched = {code for key, codes in wanted.items() for code in {*codes} ^ {*stands.get(key, ())} if code in agencies}
    notices.send(
        Notice.Kind.AGENCY,
        notices.agency_officers(agencies[code].pk for code in touched),
        f"Phân công thẩm định năm {plan.year} của cơ quan bạn vừa thay đổi.",
        reverse("assessments:assignments", args=[plan.year]),
        actor=user,
        plan=plan,
    )
    return len(wanted)
