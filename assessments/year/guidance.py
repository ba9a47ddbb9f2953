"""Guidance of an agency: drafted, published beside its criteria, withdrawn with a reason, or replaced by a newer one.

What is published stays as it was read: a change is a new draft that takes the place of the old one when published.
"""

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import WARD_ROLES, Agency, User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal, record_plan
from assessments.models import Attachment, Event, Guidance, Notice, Plan
from assessments.permissions import guiding_agencies, may_publish_guidance, visible_guidance
from assessments.year import files, rows
from criteria.models import Entry

TEXT_MOST = 8000
State = Guidance.State


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody typed: the words, and from which day until which they hold."""

    title: str
    valid_from: date
    number: str = ""
    text: str = ""
    link: str = ""
    valid_until: date | None = None


@transaction.atomic
def save(
    *,
    user: User,
    plan_id: int,
    agency_id: int,
    content: Content,
    entry_ids: Collection[int],
    guidance_id: int | None = None,
    version: int = rows.NEW,
) -> Guidance:
    """Draft guidance for an agency, or change the draft; its agency stays.

    Raises InvalidInput naming the field ("entries" for the criteria), Refusal once it is published, Stale when
    somebody changed it, Agency.DoesNotExist for an agency the person may not speak for.
    """
    agency = guiding_agencies(user).get(pk=agency_id)
    if guidance_id is None:
        plan = rows.open_plan(plan_id, alone=True)  # a second click finds the first one's draft
        draft, before = Guidance(plan=plan, agency=agency), {}
    else:
        draft = _own(user, guidance_id, version, rows.lock_in_plan)
        _require(draft, State.DRAFT, "Hướng dẫn đã công bố thì không sửa. Lập bản mới thay thế.")
        plan, before = draft.plan, _facts(draft)
    for name, value in asdict(content).items():
        setattr(draft, name, value)
    _check(draft)
    entries = list(Entry.objects.filter(pk__in=entry_ids, criteria_set=plan.criteria_set_id).order_by("position"))
    if len(entries) != len(set(entry_ids)):
        raise InvalidInput("Có tiêu chí không thuộc bộ tiêu chí của kế hoạch. Chọn lại.", "entries")
    changes = _changes(before, draft, [entry.code for entry in entries])
    what = f"{'Soạn' if guidance_id is None else 'Sửa'} hướng dẫn “{draft.title}” của {draft.agency}"
    if guidance_id is None:
        again = rows.second_click(plan, Event.Kind.GUIDANCE, user, draft, what, action="drafted", changes=changes)
        if again is not None:
            return again
        draft.save()
    elif (*_values(draft), [e.pk for e in entries]) == (*before.values(), list(_entries(draft))):
        return draft
    else:
        rows.bump(draft, **asdict(content))
    draft.entries.set(entries)
    rows.note(plan, Event.Kind.GUIDANCE, user, draft, what, action="drafted", changes=changes)
    return draft


_LABELS = {
    "title": "Tên hướng dẫn",
    "number": "Số, ký hiệu",
    "text": "Nội dung",
    "link": "Liên kết",
    "valid_from": "Áp dụng từ ngày",
    "valid_until": "Áp dụng đến hết ngày",
}


def _facts(draft: Guidance) -> dict[str, object]:
    """The words as they are, by field."""
    return {name: getattr(draft, name) for name in _LABELS}


def _values(draft: Guidance) -> list[object]:
    return list(_facts(draft).values())


def _entries(draft: Guidance) -> list[int]:
    return list(draft.entries.order_by("position").values_list("pk", flat=True))


def _changes(before: dict[str, object], draft: Guidance, codes: list[str]) -> list[tuple[str, object, object]]:
    told: list[tuple[str, object, object]] = [
        (label, _said(before.get(name)), _said(now))
        for name, label in _LABELS.items()
        if before.get(name) != (now := getattr(draft, name)) and (before or now)
    ]
    return [*told, ("Tiêu chí", "", ", ".join(codes))]


def _said(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def _check(draft: Guidance) -> None:
    if len(draft.text) > TEXT_MOST:
        raise InvalidInput(f"Nội dung dài {len(draft.text)} ký tự, tối đa {TEXT_MOST}. Đính kèm tệp.", "text")
    if draft.link and not draft.link.startswith(("http://", "https://")):
        raise InvalidInput("Liên kết phải bắt đầu bằng http:// hoặc https://.", "link")
    if draft.valid_until and draft.valid_until < draft.valid_from:
        raise InvalidInput("Ngày hết áp dụng đứng trước ngày bắt đầu áp dụng.", "valid_until")
    if not date(2000, 1, 1) <= draft.valid_from <= date(2100, 1, 1):
        raise InvalidInput("Ngày bắt đầu áp dụng phải từ năm 2000.", "valid_from")
    try:
        draft.full_clean(exclude=["entries"])
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), next(iter(error.message_dict), "")) from error


def _own(
    user: User, guidance_id: int, version: int, lock: Callable[[QuerySet[Guidance], int], Guidance] = rows.lock
) -> Guidance:
    """The locked guidance of an agency the person speaks for, as the person last saw it."""
    found = lock(visible_guidance(user).select_related("plan", "agency"), guidance_id)
    if not may_publish_guidance(user, found.agency):
        raise Refusal(f"Hướng dẫn này do {found.agency} hoặc cơ quan nội vụ thành phố soạn và công bố.")
    rows.check_version(found, version)
    return found


def _require(found: Guidance, state: str, sentence: str) -> None:
    if found.state != state:
        raise Refusal(sentence)


def attach(*, user: User, guidance_id: int, file: File) -> tuple[Attachment, bool]:
    """Keep a file with a draft; (attachment, is new). Raises InvalidInput for a type that is not accepted."""
    found = visible_guidance(user).select_related("plan", "agency").get(pk=guidance_id)
    if not may_publish_guidance(user, found.agency):
        raise Refusal(f"Tệp của hướng dẫn này do {found.agency} hoặc cơ quan nội vụ thành phố đính kèm.")
    _require(found, State.DRAFT, "Hướng dẫn đã công bố thì không thêm tệp. Lập bản mới thay thế.")
    drafts = visible_guidance(user).filter(state=State.DRAFT)
    return files.add_file(
        user=user, target="guidance", visible=drafts, pk=found.pk, plan=found.plan, kind=Event.Kind.GUIDANCE, file=file
    )


@transaction.atomic
def publish(*, user: User, guidance_id: int, version: int) -> Guidance:
    """Put the draft beside its criteria and tell the wards; what it was made to replace is withdrawn.

    Raises Refusal while it says nothing or belongs to no criterion.
    """
    found = _own(user, guidance_id, version, rows.lock_in_plan)
    _require(found, State.DRAFT, "Hướng dẫn này đã công bố.")
    if not (found.text or found.link or found.attachments.exists()):
        raise Refusal("Hướng dẫn chưa có nội dung, liên kết hoặc tệp. Bổ sung rồi công bố.")
    codes = list(found.entries.order_by("position").values_list("code", flat=True))
    if not codes:
        raise Refusal("Hướng dẫn chưa gắn với tiêu chí nào. Chọn tiêu chí rồi công bố.")
    rows.bump(found, state=State.PUBLISHED, published_at=timezone.now(), published_by=user)
    replaced = _replaced(found)
    if replaced is not None:
        _end(user, replaced, f"Thay bằng “{found.title}”")
    what = f"Công bố hướng dẫn “{found.title}” của {found.agency}"
    changes = [("Tiêu chí", "", ", ".join(codes)), ("Thay cho", "", replaced.title if replaced else "không")]
    rows.note(found.plan, Event.Kind.GUIDANCE, user, found, what, action="published", changes=changes)
    _tell_wards(user, found, f"{found.agency} công bố hướng dẫn “{found.title}” ({len(codes)} tiêu chí).")
    return found


def _tell_wards(user: User, found: Guidance, text: str) -> None:
    to = User.objects.filter(is_active=True, role__in=WARD_ROLES)
    url = reverse("assessments:guidance_detail", args=[found.pk])
    notices.send(Notice.Kind.GUIDANCE, to, text, url, actor=user, plan=found.plan)


@transaction.atomic
def withdraw(*, user: User, guidance_id: int, reason: str, version: int) -> Guidance:
    """Take published guidance away from its criteria, for a reason that stays with it; the wards are told."""
    found = _own(user, guidance_id, version)
    _require(found, State.PUBLISHED, "Chỉ hướng dẫn đang áp dụng mới thôi áp dụng được.")
    if not reason:
        raise InvalidInput("Cần ghi rõ lý do.", "reason")
    _end(user, found, reason)
    _tell_wards(user, found, f"{found.agency} thôi áp dụng hướng dẫn “{found.title}”: {reason}")
    return found


def _end(user: User, found: Guidance, reason: str) -> None:
    rows.bump(found, state=State.WITHDRAWN, withdrawn_reason=reason)
    what = f"Thôi áp dụng hướng dẫn “{found.title}” của {found.agency}"
    rows.note(found.plan, Event.Kind.GUIDANCE, user, found, what, action="withdrawn", reason=reason)


@transaction.atomic
def renew(*, user: User, guidance_id: int, version: int) -> Guidance:
    """Copy published or withdrawn guidance into a draft under the newest plan with the same criteria.

    Files are not copied: what is attached belongs to the text it came with. Where the old one still stands,
    publishing the new one withdraws it. Raises Refusal of a draft, or while such a draft waits already.
    """
    seen = visible_guidance(user).select_related("plan").get(pk=guidance_id)
    same = Plan.objects.filter(criteria_set=seen.plan.criteria_set_id, year__gte=seen.plan.year)
    plan = rows.open_plan((same.order_by("-year").first() or seen.plan).pk)
    old = _own(user, guidance_id, version)
    if old.state == State.DRAFT:
        raise Refusal("Bản này còn đang soạn. Sửa trực tiếp bản này.")
    waiting = _successors(old).filter(state=State.DRAFT).first()
    if waiting is not None:
        raise Refusal(f"Đã có bản mới đang soạn: “{waiting.title}”. Sửa và công bố bản đó.")
    today = timezone.localdate()
    fresh = Guidance.objects.create(
        plan=plan, agency=old.agency, number=old.number, title=old.title, text=old.text, link=old.link, valid_from=today
    )
    fresh.entries.set(old.entries.all())
    data = {
        "row": f"guidance:{fresh.pk}",
        "what": f"Soạn bản mới thay cho hướng dẫn “{old.title}” của {old.agency}",
        "changes": [],
        "replaces": old.pk,
    }
    record_plan(plan, Event.Kind.GUIDANCE, user, action="renewed", data=data)
    return fresh


def _successors(old: Guidance) -> QuerySet[Guidance]:
    told = Event.objects.filter(kind=Event.Kind.GUIDANCE, action="renewed", data__replaces=old.pk)
    ids = [int(row.partition(":")[2]) for row in told.values_list("data__row", flat=True)]
    return Guidance.objects.filter(pk__in=ids)


def _replaced(fresh: Guidance) -> Guidance | None:
    """What this draft was made to replace, locked, if that still stands."""
    told = Event.objects.filter(kind=Event.Kind.GUIDANCE, action="renewed", data__row=f"guidance:{fresh.pk}").first()
    if told is None:
        return None
    standing = Guidance.objects.filter(pk=told.data["replaces"], state=State.PUBLISHED)
    return standing.select_related("plan", "agency").select_for_update(of=("self",), no_key=True).first()


@transaction.atomic
def discard(*, user: User, guidance_id: int, version: int) -> Plan:
    """Throw a draft away; its plan. Raises Refusal once published, or while files hang on it (those stay for ever)."""
    found = _own(user, guidance_id, version, rows.lock_in_plan)
    _require(found, State.DRAFT, "Hướng dẫn đã công bố thì không bỏ được; có thể thôi áp dụng.")
    if found.attachments.exists():
        raise Refusal("Bản soạn đã có tệp đính kèm nên không bỏ được. Sửa lại rồi công bố.")
    what = f"Bỏ bản soạn hướng dẫn “{found.title}” của {found.agency}"
    rows.note(found.plan, Event.Kind.GUIDANCE, user, found, what, action="discarded")
    plan = found.plan
    found.delete()
    return plan


def agency_of(user: User) -> Agency | None:
    """The agency the person drafts for without being asked; None for whoever chooses."""
    return guiding_agencies(user).filter(pk=user.agency_id or 0).first()
