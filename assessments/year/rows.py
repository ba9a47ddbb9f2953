"""What the deeds of the year share: the plan held open, the locked row, its version, its place in the record.

Whatever is written under a plan is written while the plan is held open, and the plan is locked before any row of
it: then a year that is being closed waits for what is under way, what comes after finds it closed, and no two deeds
wait for each other. Not bound to a plan: models, which belong to the unit over the years, and withdrawing guidance,
which may still stand beside the criteria of a later year.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone

from accounts.models import User
from assessments.closing import SECOND_CLICK
from assessments.deeds import InvalidInput, Refusal, Stale, record_plan, refuse_closed
from assessments.models import Event, Plan
from localities.models import Ward

Row = TypeVar("Row", bound=Model)
Changes = Sequence[tuple[str, object, object]]
NEW = 0  # the version a form carries while its row does not exist yet


def open_plan(plan_id: int, *, alone: bool = False) -> Plan:
    """The plan, which nobody closes until the transaction ends; `alone`: nor does anybody else get it meanwhile.

    Raises Plan.DoesNotExist for a draft or none, Refusal once the year is closed.
    """
    strength = "NO KEY UPDATE" if alone else "SHARE"  # closing takes NO KEY UPDATE, which a KEY SHARE would let through
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT FROM {Plan._meta.db_table} WHERE id = %s FOR {strength}", [plan_id])
    # Only now: the statement that waited for the lock still sees the plan of before.
    plan: Plan = Plan.objects.get(pk=plan_id)
    refuse_closed(plan)
    return plan


def open_plan_of(visible: QuerySet[Any], pk: int) -> Plan:
    """The plan of a row that exists for this person, held open; a row never changes its plan. Raises as `open_plan`."""
    return open_plan(visible.values_list("plan_id", flat=True).get(pk=pk))


def require_there(plan: Plan, ward: Ward) -> None:
    """Raises Refusal for a ward that did not exist in the plan's year: no list of the plan would show what it sends."""
    if not ward.there_in(plan.year):
        raise Refusal(
            f"{ward} không có trong danh mục của năm {plan.year} nên không thực hiện kế hoạch này. "
            "Nếu danh mục chưa đúng, liên hệ Phòng Nội vụ."
        )


def lock_in_plan(visible: QuerySet[Row], pk: int) -> Row:
    """The row, locked as by `lock`, and its plan held open. Raises as both."""
    plan = open_plan_of(visible, pk)
    found: Any = lock(visible, pk)
    found.plan = plan
    return found


def lock(visible: QuerySet[Row], pk: int) -> Row:
    """The row, locked until the transaction ends, if it exists for this person; else its model's DoesNotExist."""
    found: Row = visible.select_for_update(of=("self",), no_key=True).get(pk=pk)
    return found


def check_version(row: Any, version: int) -> None:
    """Raises Stale when somebody changed the row after the page was loaded."""
    if row.version != version:
        raise Stale("Người khác vừa sửa nội dung này. Xem bản mới rồi nhập lại phần của bạn; chưa có gì bị ghi đè.")


def bump(row: Any, **changes: Any) -> None:
    """Write changed fields of the locked row and count its version up."""
    type(row)._default_manager.filter(pk=row.pk).update(version=F("version") + 1, **changes)
    row.version += 1
    for name, value in changes.items():
        setattr(row, name, value)


@contextmanager
def once(constraint: str, sentence: str, field: str) -> Iterator[None]:
    """What is written inside breaks this unique constraint: InvalidInput at the field, and the transaction goes on.

    For what two people write at the same moment; the deed itself looks first, and says the same sentence.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if broken != constraint:
            raise
        raise InvalidInput(sentence, field) from error


def second_click(
    plan: Plan, kind: Event.Kind, user: User, row: Row, what: str, *, action: str, changes: Changes
) -> Row | None:
    """What this person added a moment ago in exactly these words, untouched since; None: `row` is no second click.

    The caller holds a lock under which one such deed comes after the other.
    """
    since = timezone.now() - timedelta(seconds=SECOND_CLICK)
    done = Event.objects.filter(plan=plan, kind=kind, actor=user, action=action, at__gte=since, data__what=what)
    last = done.filter(data__changes=_told(changes)).order_by("-pk").first()
    if last is None:
        return None
    untouched: QuerySet[Row] = type(row)._default_manager.filter(version=1)
    return untouched.filter(pk=int(last.data["row"].partition(":")[2])).first()


def _told(changes: Changes) -> list[dict[str, str]]:
    return [{"label": label, "before": str(before), "after": str(after)} for label, before, after in changes]


def note(
    plan: Plan,
    kind: Event.Kind,
    user: User,
    row: Model,
    what: str,
    *,
    action: str,
    reason: str = "",
    changes: Changes = (),
) -> Event:
    """Write into the plan's record what was done with a row of the year.

    `what` is the sentence people read; `changes` are (label, before, after) as they read on screen.
    """
    data = {"row": f"{row._meta.model_name}:{row.pk}", "what": what, "changes": _told(changes)}
    return record_plan(plan, kind, user, action=action, reason=reason, data=data)
