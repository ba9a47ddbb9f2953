"""Deeds: who signs for an office and what it is called, each for a period.

Papers read these rows by their own day. A row that was already in force is changed only by whoever says that
the past is meant; papers already issued stay as they are in any case. Every change is kept in the log.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Agency, User
from assessments.deeds import InvalidInput, Refusal, Stale
from assessments.permissions import may_keep_offices, may_keep_own_signers
from localities.models import Ward
from localities.text import clean
from reports.models import OfficeName, Signer
from reports.offices import Office, column
from reports.signing_words import capitals

Row = Signer | OfficeName
PERIOD = ("valid_from", "valid_until")
SIGNER_FIELDS = ("capacity", "title", "full_name", *PERIOD)
NAME_FIELDS = ("name", "symbol", *PERIOD)


class PastChange(Refusal):
    """It would change days that are over; the person has to say that this is meant."""


def may_keep(user: User, office: Office) -> bool:
    """Whether the person keeps this office's signers: home affairs all, a ward's people their own."""
    own = isinstance(office, Ward) and office.pk == user.ward_id
    return may_keep_offices(user) or (may_keep_own_signers(user) and own)


@transaction.atomic
def save_signer(
    *,
    user: User,
    office: Office,
    values: Mapping[str, Any],
    signer_id: int | None = None,
    shown: str = "",
    past_meant: bool = False,
    end_previous: bool = False,
) -> Signer:
    """Keep who signs for the office during a period: a new row, or a changed one.

    With `end_previous` the row in force ends the day before the new one begins. Raises Refusal without the right,
    InvalidInput for what cannot stand or overlaps, Stale when somebody else changed the row since it was shown,
    PastChange when days that are over would change and `past_meant` is not set, Signer.DoesNotExist.
    """
    if not may_keep(user, office):
        raise Refusal("Chỉ cơ quan nội vụ thành phố, hoặc xã, phường đối với người ký của mình, sửa được mục này.")
    _lock(office)
    named = {column(office): office}
    row = Signer.objects.get(pk=signer_id, **named) if signer_id else Signer(**named)
    given = dict(values)
    given["capacity"] = capitals(clean(given["capacity"]))
    given["title"] = capitals(clean(given["title"]))
    given["full_name"] = " ".join(clean(given["full_name"]).split())
    if end_previous and not signer_id:
        _end_previous(user, Signer.objects.filter(**named), given["valid_from"], past_meant, SIGNER_FIELDS)
    others = Signer.objects.filter(**named)
    return _keep(user, row, given, SIGNER_FIELDS, others, shown, past_meant)


@transaction.atomic
def save_name(
    *,
    user: User,
    agency: Agency,
    values: Mapping[str, Any],
    name_id: int | None = None,
    shown: str = "",
    past_meant: bool = False,
) -> OfficeName:
    """Keep what an agency is called during a period; raises as `save_signer`."""
    if not may_keep_offices(user):
        raise Refusal("Chỉ cơ quan nội vụ thành phố sửa tên cơ quan.")
    _lock(agency)
    row = OfficeName.objects.get(pk=name_id, agency=agency) if name_id else OfficeName(agency=agency)
    given = dict(values)
    given["name"] = " ".join(clean(given["name"]).split())
    given["symbol"] = " ".join(clean(given["symbol"]).split())
    return _keep(user, row, given, NAME_FIELDS, OfficeName.objects.filter(agency=agency), shown, past_meant)


def seen(row: Row) -> str:
    """What a page showed of the row, in short: a later save of something else is noticed by it."""
    fields = SIGNER_FIELDS if isinstance(row, Signer) else NAME_FIELDS
    facts = json.dumps([str(getattr(row, name)) for name in fields], ensure_ascii=False)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def period(row: Row) -> str:
    """For instance: từ 01/01/2025 đến hết 30/6/2025."""
    begins = f"từ {row.valid_from:%d/%m/%Y}" if row.valid_from else ""
    ends = f"đến hết {row.valid_until:%d/%m/%Y}" if row.valid_until else ""
    return " ".join(part for part in (begins, ends) if part) or "không giới hạn thời gian"


def _lock(office: Office) -> None:
    """One change of an office after the other."""
    type(office)._default_manager.select_for_update(no_key=True).get(pk=office.pk)


def _end_previous(user: User, rows: Any, begins: date | None, past_meant: bool, fields: tuple[str, ...]) -> None:
    """The row that is in force when the new one begins ends the day before."""
    if begins is None:
        raise InvalidInput("Nhập ngày bắt đầu để biết người ký trước thôi ký từ ngày nào.", "valid_from")
    before = begins - timedelta(days=1)
    for row in rows.filter(valid_until__isnull=True).exclude(valid_from__gte=begins):
        given = {name: getattr(row, name) for name in fields} | {"valid_until": before}
        _keep(user, row, given, fields, rows, seen(row), past_meant)


def _keep(
    user: User,
    row: Any,
    given: Mapping[str, Any],
    fields: tuple[str, ...],
    others: Any,
    shown: str,
    past_meant: bool,
) -> Any:
    before = {name: getattr(row, name) for name in fields} if row.pk else None
    if before is not None and shown and shown != seen(row):
        raise Stale("Người khác vừa sửa dòng này. Nội dung bạn nhập vẫn còn dưới đây; so lại rồi lưu.")
    if before == dict(given):
        return row
    for name, value in given.items():
        setattr(row, name, value)
    _check(row, others.exclude(pk=row.pk))
    if before is not None and not past_meant and _touches_past(before, given):
        raise PastChange(
            "Dòng này đã có hiệu lực trong thời gian đã qua. Văn bản đã phát hành giữ nguyên, nhưng văn bản chưa chốt "
            "của thời gian đó sẽ in theo nội dung mới. Đánh dấu xác nhận rồi lưu lại, hoặc thêm dòng mới từ hôm nay."
        )
    _store(row)
    _log(user, row, before, fields)
    return row


def _check(row: Any, others: Any) -> None:
    """What the form cannot know: the order of days, and that nobody else has the same time."""
    try:
        row.clean_fields(exclude=["authority", "ward", "agency"])
        row.clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(" ".join(messages), field) from error
    for other in others:
        if _overlap(row, other):
            raise InvalidInput(
                f"Thời gian này đã có “{other}” ({period(other)}). Kết thúc dòng đó trước, hoặc sửa lại ngày.",
                "valid_from",
            )


def _overlap(one: Any, other: Any) -> bool:
    def starts_by_the_end_of(a: Any, b: Any) -> bool:
        return a.valid_from is None or b.valid_until is None or a.valid_from <= b.valid_until

    return starts_by_the_end_of(one, other) and starts_by_the_end_of(other, one)


def _store(row: Any) -> None:
    """The database's own constraint is asked last: it also sees what another connection wrote."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise InvalidInput(
            "Người khác vừa ghi một dòng trùng thời gian. Tải lại trang để xem, rồi sửa lại ngày.", "valid_from"
        ) from error


def _touches_past(before: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether days before today read otherwise afterwards."""
    today = timezone.localdate()
    was_in_force = before["valid_from"] is None or before["valid_from"] < today
    if any(before[name] != given[name] for name in given if name not in PERIOD):
        return was_in_force
    return _past(before, today) != _past(given, today)


def _past(values: Mapping[str, Any], today: date) -> tuple[date, date] | None:
    """The part of the period that is over."""
    begins = values["valid_from"] or date.min
    ends = min(values["valid_until"] or date.max, today - timedelta(days=1))
    return (begins, ends) if begins <= ends else None


_SHOWN: Mapping[type, Callable[[Any], str]] = {date: lambda day: f"{day:%d/%m/%Y}"}


def _words(value: Any) -> str:
    return _SHOWN.get(type(value), str)(value).replace("\n", " / ") if value not in (None, "") else "để trống"


def _log(user: User, row: Any, before: Mapping[str, Any] | None, fields: tuple[str, ...]) -> None:
    label = {name: str(row._meta.get_field(name).verbose_name) for name in fields}
    if before is None:
        told = "; ".join(f"{label[name]}: {_words(value)}" for name in fields if (value := getattr(row, name)))
    else:
        told = "; ".join(
            f"{label[name]}: {_words(before[name])} → {_words(getattr(row, name))}"
            for name in fields
            if before[name] != getattr(row, name)
        )
    rows = type(row)._default_manager.filter(pk=row.pk)
    flag = ADDITION if before is None else CHANGE
    LogEntry.objects.log_actions(user.pk, rows, flag, change_message=told, single_object=True)
