"""Who is reminded of what on a day: what waits for them, and dates that come near or have passed.

`for_person` says what one person should be told; `create` writes it down, once for each occasion. "Before a
day" is strict: on the day itself it is late. A reminder that a missed run of the daily command left out is
made up by the next one, because the occasion is the stretch of days, not the day.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from accounts.models import AGENCY_ROLES, WARD_ROLES, Role, User
from assessments import queries
from assessments.models import Assessment, Milestone, Notice, Plan
from assessments.notices import send
from assessments.queries import owed
from assessments.queries.year import duties
from assessments.queries.year.duties import Board, Owed
from assessments.workflow import State
from assessments.year import duty_pages

AHEAD = (14, 7, 1)
VISIT_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to tell one person; `key` names the occasion."""

    kind: Notice.Kind
    text: str
    url: str
    key: str
    plan: Plan | None = None
    assessment: Assessment | None = None
    due_on: date | None = None


def stage(before: date, today: date) -> str:
    """The occasion that a date gives today: "14", "7", "1", "late0", "late1" (a week late) ..., or ""."""
    days = (before - today).days
    if days <= 0:
        return f"late{-days // 7}"
    reached = [ahead for ahead in AHEAD if days <= ahead]
    return str(min(reached)) if reached else ""


def countdown(before: date, today: date) -> str:
    """How far it is, in words."""
    days = (before - today).days
    if days <= 0:
        return f"đã quá hạn (trước ngày {before:%d/%m/%Y})"
    left = "hôm nay là ngày cuối" if days == 1 else f"còn {days} ngày"
    return f"hạn trước ngày {before:%d/%m/%Y}, {left}"


Boards = Mapping[int, Board]  # who owes what, by plan


def boards_of(plans: list[Plan], today: date) -> Boards:
    """Who owes what under each of these plans: read once, whoever is reminded."""
    return {plan.pk: duties.board(plan, today) for plan in plans}


def for_person(user: User, today: date, plans: list[Plan], boards: Boards | None = None) -> list[Reminder]:
    """Everything this person should be told today, whether told before or not."""
    boards = boards_of(plans, today) if boards is None else boards
    found: list[Reminder] = []
    for plan in plans:
        dossiers = list(owed.dossiers(user, plan)) if user.role in _HAS_DOSSIERS else []
        found += _waiting(user, today, plan, dossiers)
        found += _milestones(user, today, boards[plan.pk])
        found += _own_dates(user, today, dossiers)
    found += _questions(user, today)
    found += _visits(user, today)
    return found


def create(today: date, *, dry_run: bool = False) -> list[tuple[User, Reminder]]:
    """Tell everybody what they were not yet told; what was told. With `dry_run` nothing is written."""
    plans = owed.open_plans()
    boards = boards_of(plans, today)
    told: list[tuple[User, Reminder]] = []
    for user in User.objects.filter(is_active=True).exclude(role=Role.ADMINISTRATOR).order_by("pk"):
        reminders = for_person(user, today, plans, boards)
        known = set(
            Notice.objects.filter(recipient=user, key__in=[r.key for r in reminders]).values_list("key", flat=True)
        )
        fresh = [reminder for reminder in reminders if reminder.key not in known]
        told += [(user, reminder) for reminder in fresh]
        if not dry_run:
            _tell(user, fresh)
    return told


@transaction.atomic
def _tell(user: User, reminders: list[Reminder]) -> None:
    for reminder in reminders:
        if reminder.kind == Notice.Kind.WAITING:  # the newer count replaces the older one
            matter = reminder.key.rpartition(":")[0]
            Notice.objects.filter(recipient=user, key__startswith=f"{matter}:", read_at__isnull=True).delete()
        send(
            reminder.kind,
            [user],
            reminder.text,
            reminder.url,
            assessment=reminder.assessment,
            plan=reminder.plan,
            due_on=reminder.due_on,
            key=reminder.key,
        )


# ---- What waits, told once a week as long as it waits ----

_HAS_DOSSIERS = (*WARD_ROLES, Role.UNIT_HEAD, Role.HOME_AFFAIRS)
Found = Iterator[tuple[str, str, str]]  # matter, text, address


def _waiting(user: User, today: date, plan: Plan, dossiers: list[Assessment]) -> Iterator[Reminder]:
    maker = _WAITING.get(Role(user.role))
    if maker is None:
        return
    year, week, _ = today.isocalendar()
    for matter, text, url in maker(user, plan, dossiers):
        key = f"waiting:{matter}:{plan.pk}:{year}-{week:02}"
        yield Reminder(Notice.Kind.WAITING, f"Năm {plan.year}: {text}", url, key, plan)


def _list_address(plan: Plan, state: State, page: str = "list") -> str:
    return reverse(f"assessments:{page}", args=[plan.year]) + f"?trang_thai={state.value}"


def _count(dossiers: list[Assessment], state: State, *, approved: bool | None = None) -> int:
    return sum(d.state == state and approved in (None, d.approved) for d in dossiers)  # type: ignore[attr-defined]


def _for_officer(user: User, plan: Plan, dossiers: list[Assessment]) -> Found:
    if number := _count(dossiers, State.DRAFT):
        yield "draft", f"{number} hồ sơ đang tự đánh giá, chưa gửi hội đồng.", _list_address(plan, State.DRAFT)


def _for_head(user: User, plan: Plan, dossiers: list[Assessment]) -> Found:
    for dossier in dossiers:
        if dossier.state == State.DRAFT and dossier.handed_over_at is None:
            address = reverse("assessments:detail", args=[dossier.pk])
            yield "own", f"bản tự đánh giá {dossier.unit} chưa chuyển cán bộ xã, phường.", address


def _for_leader(user: User, plan: Plan, dossiers: list[Assessment]) -> Found:
    if number := _count(dossiers, State.COUNCIL, approved=False):
        address = reverse("assessments:council", args=[plan.year])
        yield "council", f"{number} hồ sơ chờ họp hội đồng xã, phường.", address
    if number := _count(dossiers, State.COUNCIL, approved=True):
        address = reverse("assessments:submissions", args=[plan.year])
        yield "submit", f"{number} hồ sơ hội đồng đã thông qua, chưa gửi thành phố.", address


def _for_home_affairs(user: User, plan: Plan, dossiers: list[Assessment]) -> Found:
    def at(state: State) -> str:
        return _list_address(plan, state, "appraisal_list")

    if number := _count(dossiers, State.SUBMITTED):
        yield "accept", f"{number} hồ sơ chờ tiếp nhận.", at(State.SUBMITTED)
    if number := owed.complete(d for d in dossiers if d.state == State.APPRAISAL):
        yield (
            "conclude",
            f"{number} hồ sơ đã thẩm định đủ, chờ kết luận.",
            at(State.APPRAISAL),
        )
    if number := _count(dossiers, State.CONCLUDED):
        yield (
            "propose",
            f"{number} hồ sơ đã kết luận, chờ trình.",
            at(State.CONCLUDED),
        )
    if number := queries.decidable(user, plan).count():
        address = reverse("assessments:decision_new", args=[plan.year])
        yield "decide", f"{number} hồ sơ đã trình chưa có quyết định.", address


def _for_agency(user: User, plan: Plan, dossiers: list[Assessment]) -> Found:
    if number := owed.open_cells(user, plan):
        yield "cells", f"còn {number} mục cơ quan chưa thẩm định.", reverse("assessments:grid", args=[plan.year])


def _for_city_leader(user: User, plan: Plan, dossiers: list[Assessment]) -> Found:
    if number := queries.decisions(user, plan).filter(confirmed_at__isnull=True).count():
        yield "confirm", f"{number} quyết định chờ xác nhận.", reverse("assessments:decision_list", args=[plan.year])


_WAITING: dict[Role, Callable[[User, Plan, list[Assessment]], Found]] = {
    Role.WARD_OFFICER: _for_officer,
    Role.UNIT_HEAD: _for_head,
    Role.WARD_LEADER: _for_leader,
    Role.HOME_AFFAIRS: _for_home_affairs,
    Role.AGENCY_OFFICER: _for_agency,
    Role.CITY_LEADER: _for_city_leader,
}


# ---- Dates ----


def _milestones(user: User, today: date, board: Board) -> Iterator[Reminder]:
    """The plan's dates: to an office what it still owes by them, to home affairs one summary of all offices.

    Of a closed plan nothing is asked any more: its wards' plans could not even be sent.
    """
    if board.plan.is_closed:
        return
    if user.role == Role.HOME_AFFAIRS:
        yield from _summary(today, board)
        return
    office = board.office_of(user) if user.role in (*WARD_ROLES, *AGENCY_ROLES) else None
    if office is None:
        return
    plan = board.plan
    for milestone in plan.milestones.all():
        cell = next((cell for cell in office.cells if cell.duty == milestone.duty), None)
        reached, still = stage(milestone.before, today), _owes(plan, cell) if cell else ""
        if reached and still:
            text = f"{still}: {countdown(milestone.before, today)}."
            url = duty_pages.address(milestone.duty, plan.year)
            key = f"milestone:{milestone.pk}:{milestone.before.isoformat()}:{reached}"
            yield Reminder(Notice.Kind.MILESTONE, text, url, key, plan, due_on=milestone.before)


def _owes(plan: Plan, cell: Owed) -> str:
    """What an office still owes by the plan's date, in words; empty for nothing.

    A returned dossier with a date of its own is no longer bound by the plan's: `_own_dates` tells of it.
    """
    bound = sum(not missing.own for missing in cell.missing)
    if not cell.owed or (cell.duty == Milestone.Duty.DOSSIER and not bound):
        return ""
    return duty_pages.PAGES[cell.duty].owed.format(number=bound, year=plan.year)


def _summary(today: date, board: Board) -> Iterator[Reminder]:
    """Which dates are near or past, and how many offices still owe something by each; told anew at each stage."""
    lines, occasion, days = [], [], []
    for milestone in board.plan.milestones.all():
        number = sum(
            bool(_owes(board.plan, cell))
            for office in board.offices
            for cell in office.cells
            if cell.duty == milestone.duty
        )
        reached = stage(milestone.before, today)
        if number and reached:
            lines.append(f"{milestone.get_duty_display()}: {number} nơi, {countdown(milestone.before, today)}")
            occasion.append(f"{milestone.pk} {milestone.before} {reached}")
            days.append(milestone.before)
    if lines:
        plan = board.plan
        key = f"duties:{plan.pk}:{hashlib.sha256('; '.join(occasion).encode()).hexdigest()[:32]}"
        url = reverse("assessments:duties", args=[plan.year])
        text = f"Năm {plan.year} còn nợ: {'; '.join(lines)}."
        yield Reminder(Notice.Kind.MILESTONE, text, url, key, plan, due_on=min(days))


def _own_dates(user: User, today: date, dossiers: list[Assessment]) -> Iterator[Reminder]:
    """Dossiers that the city returned with a date of their own."""
    if user.role not in (*WARD_ROLES, Role.UNIT_HEAD):
        return
    for dossier in dossiers:
        if dossier.due_on is None or dossier.state not in owed.WITH_THE_WARD:
            continue
        if user.role == Role.UNIT_HEAD and (dossier.state != State.DRAFT or dossier.handed_over_at is not None):
            continue
        if reached := stage(dossier.due_on, today):
            text = f"{dossier.unit}: hồ sơ được trả lại chưa nộp lại, {countdown(dossier.due_on, today)}."
            url = reverse("assessments:detail", args=[dossier.pk])
            key = f"due:{dossier.pk}:{dossier.due_on.isoformat()}:{reached}"
            yield Reminder(
                Notice.Kind.MILESTONE, text, url, key, dossier.plan, assessment=dossier, due_on=dossier.due_on
            )


def _questions(user: User, today: date) -> Iterator[Reminder]:
    """Questions of home affairs: by their date where they have one, else once a week."""
    year, week, _ = today.isocalendar()
    for question in owed.questions(user):
        reached = stage(question.due_on, today) if question.due_on else f"{year}-{week:02}"
        if not reached:
            continue
        until = f", {countdown(question.due_on, today)}" if question.due_on else ""
        assessment = question.assessment
        yield Reminder(
            Notice.Kind.QUESTION,
            f"{assessment.unit}, mục {question.entry.code}: đề nghị giải trình chưa được trả lời{until}.",
            reverse("assessments:question", args=[question.pk]),
            f"question:{question.pk}:{question.due_on or ''}:{reached}",
            assessment.plan,
            assessment=assessment,
            due_on=question.due_on,
        )


def _visits(user: User, today: date) -> Iterator[Reminder]:
    """Visits of the next days, once; when the day has passed without minutes, once more."""
    for visit in owed.visits_until(user, today + timedelta(days=VISIT_AHEAD)):
        assert visit.planned_on is not None
        assessment = visit.assessment
        past = visit.planned_on < today
        words = "chưa chốt biên bản" if past else "sắp đến ngày thẩm định tại cơ sở"
        yield Reminder(
            Notice.Kind.VISIT,
            f"{assessment.unit}, {assessment.unit.ward}: {words} ({visit.planned_on:%d/%m/%Y}).",
            reverse("assessments:visit_sheet", args=[assessment.pk]),
            f"visit:{visit.pk}:{visit.planned_on.isoformat()}:{'past' if past else 'soon'}",
            assessment.plan,
            assessment=assessment,
            due_on=visit.planned_on,
        )
