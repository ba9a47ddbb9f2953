"""Home affairs writes down that a reminder letter went out; the office is told."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import AGENCY_ROLES, Agency, Role, User
from assessments import notices
from assessments.deeds import InvalidInput, Refusal
from assessments.models import Event, Notice, Plan
from assessments.permissions import may_remind
from assessments.queries.year import duties
from assessments.queries.year.duties import Office
from assessments.year import rows
from localities.models import Ward

ACTION = "reminded"


def people_of(office: Ward | Agency) -> QuerySet[User]:
    """Who works on an office's duties: home affairs, which reminds, is not reminded."""
    if isinstance(office, Ward):
        return notices.ward_people(office.pk)
    return User.objects.filter(is_active=True, agency=office.pk, role__in=AGENCY_ROLES).exclude(role=Role.HOME_AFFAIRS)


@transaction.atomic
def letter_sent(
    *,
    user: User,
    plan_id: int,
    number: str,
    sent_on: date,
    ahead: bool = False,
    ward_id: int | None = None,
    agency_id: int | None = None,
) -> Event:
    """Note into the plan's record that the letter of this number went to one ward or agency, and tell its people.

    What was owed is counted on the letter's own day. `ahead`: it reminded before the day.
    Raises Plan.DoesNotExist for whoever sends no letters, Refusal where nothing is owed, InvalidInput for a letter
    that stands in the record already, is of a day to come, or came before anything was overdue without being `ahead`.
    """
    if not may_remind(user):
        raise Plan.DoesNotExist
    plan = rows.open_plan(plan_id, alone=True)
    if not (found := duties.board(plan, ward=ward_id, agency=agency_id).offices):
        raise Plan.DoesNotExist
    [office] = found
    if office.writes_letters:
        raise Refusal("Cơ quan nội vụ không gửi công văn đôn đốc cho chính mình.")
    if not office.owed:
        raise Refusal(f"{office.name} không còn nợ việc nào có hạn nên không ghi công văn đôn đốc.")
    _check_day(plan, office, sent_on, ahead)
    [office] = duties.board(plan, sent_on, ward=ward_id, agency=agency_id).offices
    row = f"{office.thing._meta.model_name}:{office.thing.pk}"
    what = f"Đã gửi công văn đôn đốc số {number} ngày {sent_on:%d/%m/%Y} tới {office.name}"
    if Event.objects.filter(plan=plan, kind=Event.Kind.PLAN, action=ACTION, data__row=row, data__what=what).exists():
        raise InvalidInput("Công văn số này đã được ghi cho nơi nhận này.", "number")
    owed = "; ".join(f"{cell.duty.label} ({cell.words})" for cell in office.owed)
    changes = [("Việc đôn đốc", "", owed)]
    event = rows.note(plan, Event.Kind.PLAN, user, office.thing, what, action=ACTION, changes=changes)
    told = f"Phòng Nội vụ đã gửi công văn số {number} ngày {sent_on:%d/%m/%Y} đôn đốc: {owed}."
    url = reverse("assessments:duties", args=[plan.year])
    notices.send(Notice.Kind.MILESTONE, people_of(office.thing), told, url, actor=user, plan=plan)
    return event


def _check_day(plan: Plan, office: Office, sent_on: date, ahead: bool) -> None:
    if sent_on > timezone.localdate():
        raise InvalidInput("Ngày công văn ở tương lai. Nhập ngày ghi trên công văn đã gửi.", "sent_on")
    if sent_on < plan.issued_on:
        raise InvalidInput(f"Ngày công văn đứng trước ngày của kế hoạch ({plan.issued_on:%d/%m/%Y}).", "sent_on")
    first = min((cell.before for cell in office.overdue if cell.before), default=None)
    if first and sent_on < first and not ahead:
        raise InvalidInput(
            f"Ngày {sent_on:%d/%m/%Y} chưa có việc nào quá hạn (sớm nhất từ ngày {first:%d/%m/%Y}). Nhập ngày ghi trên "
            "công văn đôn đốc, hoặc đánh dấu “Là công văn nhắc trước hạn” nếu công văn gửi trước ngày mốc.",
            "sent_on",
        )


def letters(plan: Plan) -> dict[str, list[Event]]:
    """The letters that went out, newest first, by row ("ward:5"); one query."""
    found: dict[str, list[Event]] = {}
    events = Event.objects.filter(plan=plan, kind=Event.Kind.PLAN, action=ACTION).select_related("actor")
    for event in events.order_by("-pk"):
        found.setdefault(event.data["row"], []).append(event)
    return found
