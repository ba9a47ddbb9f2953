"""What the deeds of the year share: the locked row, its version, its place in the plan's record."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

from accounts.models import User
from assessments.deeds import Stale, record_plan
from assessments.models import Event, Plan

Row = TypeVar("Row", bound=Model)
NEW = 0  # the version a form carries while its row does not exist yet


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


def note(
    plan: Plan,
    kind: Event.Kind,
    user: User,
    row: Model,
    what: str,
    *,
    action: str,
    reason: str = "",
    changes: Sequence[tuple[str, object, object]] = (),
) -> Event:
    """Write into the plan's record what was done with a row of the year.

    `what` is the sentence people read; `changes` are (label, before, after) as they read on screen.
    """
    told = [{"label": label, "before": str(before), "after": str(after)} for label, before, after in changes]
    data = {"row": f"{row._meta.model_name}:{row.pk}", "what": what, "changes": told}
    return record_plan(plan, kind, user, action=action, reason=reason, data=data)
