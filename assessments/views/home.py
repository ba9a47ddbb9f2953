"""The first page: what waits for this person now, and until when; then the figures."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from assessments import money, queries
from assessments.models import Assessment, BudgetDecision, Event, Plan
from assessments.permissions import DELEGATION_ROLES, may_keep_council, may_list_questions, may_see_city
from assessments.queries import agencies, councils, hands
from assessments.queries import delegations as visit_queries
from assessments.queries.questions import waiting
from assessments.queries.year import budget
from assessments.queries.year.commendations import unconfirmed
from assessments.queries.year.profiles import missing_profiles
from assessments.views.common import person
from assessments.views.moving import STEPS
from assessments.views.year import desk_duties
from assessments.workflow import Action, State

SHOWN = 12


@dataclass(slots=True)
class Task:
    """One line of the list of things to do."""

    title: str
    detail: str
    url: str
    verb: str
    due: date | None = None
    late: bool = False


@dataclass(slots=True)
class Desk:
    """A first page: one sentence, then the tasks, most urgent first."""

    sentence: str
    tasks: list[Task] = field(default_factory=list)
    more: int = 0


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    user, plan = person(request), queries.current_plan()
    context: dict[str, Any] = {"plan": plan, "milestones": [], "today": timezone.localdate()}
    if plan is not None:
        assessments = list(queries.assessment_list(user, plan))
        context |= {
            "desk": _desk(user, plan, assessments),
            "milestones": plan.milestones.all(),
            "counts": _counts(assessments),
            "total": len(assessments),
            "older": queries.open_in_earlier_years(user, plan),
            "decisions": queries.decisions(user).filter(confirmed_at__isnull=False)[:3],
        }
        if may_see_city(user):
            context |= {
                "sees_city": True,
                "wards": queries.ward_rows(user, plan),
                "targets": queries.target_rows(user, plan),
                "failing": queries.failing_criteria(user, plan),
            }
    return render(request, "assessments/home.html", context)


def _counts(assessments: list[Assessment]) -> list[tuple[State, int]]:
    return [(state, sum(a.standing == state for a in assessments)) for state in State]  # type: ignore[attr-defined]


def _desk(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    makers = {
        Role.WARD_OFFICER: _officer,
        Role.UNIT_HEAD: _officer,
        Role.WARD_LEADER: _ward_leader,
        Role.AGENCY_OFFICER: _agency_officer,
        Role.HOME_AFFAIRS: _home_affairs,
        Role.CITY_LEADER: _city_leader,
        Role.DELEGATION_MEMBER: _delegation_member,
        Role.FINANCE_PLANNING: _finance_planning,
    }
    maker = makers.get(Role(user.role))
    desk = maker(user, plan, assessments) if maker else Desk(_READERS.get(Role(user.role), ""))
    if may_list_questions(user) and user.role != Role.CITY_LEADER:
        _put_questions(desk, user)
    _put_duties(desk, user, plan)
    if user.role in DELEGATION_ROLES and user.role != Role.DELEGATION_MEMBER:
        # Whoever sits in a delegation beside the own work finds its visits here.
        desk.tasks = visit_tasks(user, planned=True) + desk.tasks
    desk.more = max(0, len(desk.tasks) - SHOWN)
    desk.tasks = desk.tasks[:SHOWN]
    return desk


_READERS = {
    Role.ADMINISTRATOR: "Tài khoản này quản lý tài khoản và danh mục trong trang quản trị.",
}


def _put_questions(desk: Desk, user: User) -> None:
    """What is asked of the person, or for the city what still waits and what came in, before everything else."""
    found, city = waiting(user), may_see_city(user)
    url, tasks = reverse("assessments:question_list"), []
    if found.open:
        late = f", {found.overdue} quá hạn" if found.overdue else ""
        what = "chưa được trả lời" if city else "chờ bạn trả lời"
        verb = "Theo dõi" if city else "Trả lời"
        words = f"{found.open} đề nghị giải trình {what}{late}"
        tasks.append(Task(words, "", f"{url}?loc=cho", verb, found.due, bool(found.overdue)))
        if not city:
            desk.sentence = f"{words}. {desk.sentence}".strip()
    if city and found.fresh:
        tasks.append(Task(f"{found.fresh} giải trình mới trong 7 ngày qua", "", f"{url}?loc=xong", "Xem"))
    desk.tasks = tasks + desk.tasks


def _put_duties(desk: Desk, user: User, plan: Plan) -> None:
    """What the own office owes by the plan's dates, what is overdue first; for home affairs who is late."""
    lines = desk_duties.lines(user, plan)
    tasks = [Task(line.title, line.detail, line.url, line.verb, line.due, line.late) for line in lines]
    desk.tasks = [task for task in tasks if task.late] + desk.tasks + [task for task in tasks if not task.late]
    desk.sentence = desk_duties.sentence(user, lines, desk.sentence)


def _line(assessment: Any) -> str:
    if assessment.to_assess:
        return f"Đã đánh giá {assessment.assessed}/{assessment.to_assess} mục"
    return ""


def _due(assessment: Any) -> tuple[date | None, bool]:
    return assessment.due, assessment.late(assessment.due, timezone.localdate())


def _officer(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    drafts = [a for a in assessments if a.state == State.DRAFT]
    drafts.sort(key=lambda a: (a.due or date.max, -(a.assessed or 0)))  # type: ignore[attr-defined]
    heads, back = hands.units_with_head(drafts), hands.handed_back(drafts)
    tasks = [_draft_task(user, a, back.get(a.pk), a.registration.unit_id in heads) for a in drafts]
    tasks = _profiles(user, plan) + tasks
    waiting = _to_meet(user, plan, assessments) if may_keep_council(user) else None
    if waiting:
        tasks.append(waiting)
    if not assessments:
        return Desk(f"Chưa có tổ dân phố, bản nào đăng ký năm {plan.year}.")
    if not drafts:
        return Desk(f"Mọi hồ sơ năm {plan.year} đã gửi đi. Không có việc nào chờ bạn.", tasks)
    if user.role == Role.UNIT_HEAD and all(a.handed_over_at for a in drafts):
        return Desk(f"Bản tự đánh giá năm {plan.year} đã chuyển cán bộ xã, phường. Không có việc nào chờ bạn.", tasks)
    until = min((a.due for a in drafts if a.due), default=None)  # type: ignore[attr-defined]
    return Desk(f"Còn {len(drafts)} tổ dân phố, bản chưa gửi{_until(until)}.", tasks)


def _draft_task(user: User, a: Any, back: Event | None, has_head: bool) -> Task:
    """What the unit's head or the ward's officer does next with one draft."""
    due, late = _due(a)
    head = user.role == Role.UNIT_HEAD
    returned = a.last_action in (Action.RETURN, Action.COUNCIL_RETURN)
    done = a.to_assess and a.assessed == a.to_assess
    detail = f"Được trả lại: {a.last_reason}" if returned else _line(a)
    url, verb = reverse("assessments:detail", args=[a.pk]), "Đánh giá"
    if head and a.handed_over_at:
        return Task(str(a.unit), f"Đã chuyển cán bộ xã, phường lúc {_clock(a.handed_over_at)}", url, "Xem", due, late)
    if back is not None and (head or not a.handed_over_at):
        detail = f"{'Cán bộ trả lại' if head else 'Đã trả lại tổ, bản'}: {back.reason}"
    elif not head and a.handed_over_at:
        detail = f"Tổ trưởng, trưởng bản đã chuyển lúc {_clock(a.handed_over_at)}. {detail}"
    elif not head and has_head:
        detail = f"Đang ở tổ, bản. {detail}"
    if done and head and back is None:
        verb = "Xem và chuyển cán bộ"
    elif done and not head and not returned:
        url, verb = reverse("assessments:move", args=[a.pk, STEPS[Action.SEND_TO_COUNCIL].slug]), "Gửi hội đồng"
    return Task(str(a.unit), detail, url, verb, due, late)


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def _until(due: date | None) -> str:
    return f", hạn gần nhất: trước ngày {due:%d/%m/%Y}" if due else ""


def _to_meet(user: User, plan: Plan, assessments: list[Assessment]) -> Task | None:
    """The units that wait for the council and stand in no minutes yet."""
    settled = councils.approved_ids(user, plan) | councils.on_open_agenda(user, plan)
    units = [a for a in assessments if a.state == State.COUNCIL and a.pk not in settled]
    if not units:
        return None
    url = reverse("assessments:council_new", args=[plan.year])
    names = ", ".join(str(a.unit) for a in units)
    return Task(f"{len(units)} hồ sơ chờ hội đồng", names, url, "Ghi biên bản họp", *_soonest(units))


def _soonest(units: list[Any]) -> tuple[date | None, bool]:
    """The nearest due day, and whether one has passed."""
    return min((a.due for a in units if a.due), default=None), any(_due(a)[1] for a in units)


def _ward_leader(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    approved = councils.approved_ids(user, plan)
    ready = [a for a in assessments if a.state == State.COUNCIL and a.pk in approved]
    waiting = [a for a in assessments if a.state == State.COUNCIL and a.pk not in approved]
    tasks = []
    if ready:
        names, url = ", ".join(str(a.unit) for a in ready), reverse("assessments:submissions", args=[plan.year])
        title = f"{len(ready)} hồ sơ đã thông qua chờ gửi"
        tasks.append(Task(title, names, url, "Gửi thành phố", *_soonest(ready)))
    for meeting in councils.open_meetings(user, plan):
        url = reverse("assessments:council_conclude", args=[meeting.pk])
        units = f"{meeting.units} hồ sơ, biên bản chưa chốt"  # type: ignore[attr-defined]
        tasks.append(Task(str(meeting), units, url, "Chốt biên bản"))
    if to_meet := _to_meet(user, plan, assessments):
        tasks.append(to_meet)
    for a in waiting:
        tasks.append(Task(str(a.unit), _line(a), reverse("assessments:detail", args=[a.pk]), "Xem hồ sơ", *_due(a)))
    if waiting:
        sent = f" {len(ready)} hồ sơ đã thông qua chờ gửi." if ready else ""
        return Desk(f"{len(waiting)} hồ sơ chờ hội đồng xã, phường thông qua.{sent}", tasks)
    if ready:
        return Desk(f"{len(ready)} hồ sơ đã thông qua chờ gửi thành phố.", tasks)
    drafts = sum(a.state == State.DRAFT for a in assessments)
    rest = f" Còn {drafts} hồ sơ cán bộ đang tự đánh giá." if drafts else ""
    return Desk(f"Không có hồ sơ nào chờ bạn.{rest}", tasks)


def _home_affairs(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    verbs = {
        State.SUBMITTED: ("Tiếp nhận", "Mới gửi"),
        State.APPRAISAL: ("Thẩm định", ""),
        State.CONCLUDED: ("Trình", "Đã kết luận, chưa trình"),
    }
    tasks = []
    for state in (State.CONCLUDED, State.SUBMITTED, State.APPRAISAL):
        verb, words = verbs[state]
        for a in (a for a in assessments if a.state == state):
            detail = words or f"Đã thẩm định {a.effective_assessed or 0}/{a.to_assess} mục"  # type: ignore[attr-defined]
            name = f"{a.unit}, {a.unit.ward}"
            tasks.append(Task(name, detail, reverse("assessments:appraise", args=[a.pk]), verb))
    free = queries.decidable(user, plan).count()
    if free:
        url = reverse("assessments:decision_new", args=[plan.year])
        tasks.insert(0, Task(f"{free} hồ sơ đã trình chưa có quyết định", "", url, "Ghi quyết định"))
    if not tasks:
        return Desk("Không có hồ sơ nào chờ xử lý.")
    waiting = sum(a.state in (State.SUBMITTED, State.APPRAISAL, State.CONCLUDED) for a in assessments)
    return Desk(f"{waiting} hồ sơ chờ xử lý, {free} hồ sơ chờ ghi quyết định.", tasks)


def _delegation_member(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    tasks = visit_tasks(user)
    if tasks:
        return Desk(f"{len(tasks)} tổ dân phố, bản chờ đoàn thẩm định tại cơ sở hoặc chờ chốt biên bản.", tasks)
    if user.delegation_memberships.exists():
        return Desk("Không có buổi thẩm định nào chờ bạn.")
    return Desk("Chưa có đoàn thẩm định nào được giao cho tài khoản này.")


def visit_tasks(user: User, *, planned: bool = False) -> list[Task]:
    """The visits of the person's delegations still to be made or to be closed, soonest first; or only planned ones."""
    today, tasks = timezone.localdate(), []
    for visit in visit_queries.open_visits(user):
        unit, day = visit.assessment.registration.unit, visit.planned_on
        held = visit.held_on or (day and day < today)
        if planned and not (day or held):
            continue
        at = f"{visit.planned_at:%H:%M} " if visit.planned_at else ""
        words = [f"{at}ngày {day:%d/%m/%Y}" if day else "Chưa có lịch", visit.place, str(visit.delegation)]
        words.append(f"đã thẩm định {visit.judged}/{visit.to_judge} mục")  # type: ignore[attr-defined]
        page = "assessments:visit_minutes" if held else "assessments:visit"
        verb = "Chốt biên bản" if held else "Mở buổi thẩm định"
        url = reverse(page, args=[visit.pk])
        tasks.append(Task(f"{unit}, {unit.ward}", ", ".join(word for word in words if word), url, verb))
    return tasks


def _agency_officer(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    assert user.agency is not None
    left = agencies.agency_left(plan, user.agency)
    address, due = reverse("assessments:grid", args=[plan.year]), agencies.agency_due(plan)
    late = bool(due and timezone.localdate() >= due)
    until = f", hạn trước ngày {due:%d/%m/%Y}" if due else ""
    if left.cells:
        sentence = f"Còn {left.cells} ô chưa thẩm định trên {left.dossiers} hồ sơ{until}."
        return Desk(sentence, [Task(f"Thẩm định năm {plan.year}", str(user.agency), address, "Thẩm định", due, late)])
    if left.open:
        close = reverse("assessments:agency_close", args=[plan.year])
        task = Task("Chốt kết quả thẩm định", f"Đủ kết quả của {left.open} hồ sơ", close, "Chốt kết quả", due, late)
        return Desk(f"Đã thẩm định đủ {left.open} hồ sơ, chưa chốt kết quả{until}.", [task])
    waiting = sum(a.state == State.SUBMITTED for a in assessments)
    rest = f" {waiting} hồ sơ đã gửi, chưa tiếp nhận." if waiting else ""
    return Desk(f"Không có hồ sơ nào chờ cơ quan bạn thẩm định.{rest}")


def _commendations(user: User) -> list[Task]:
    """Decisions on commendation that wait for the leader."""
    return [
        Task(
            str(d),
            f"Khen thưởng {d.collectives} tập thể, {d.persons} cá nhân",  # type: ignore[attr-defined]
            reverse("assessments:commendation_decision", args=[d.pk]),
            "Xem và xác nhận",
        )
        for d in unconfirmed(user)
    ]


def _profiles(user: User, plan: Plan) -> list[Task]:
    """Registered units whose figures of the year are missing."""
    count = missing_profiles(user, plan) if user.role == Role.WARD_OFFICER and not plan.is_closed else 0
    url = reverse("assessments:profiles", args=[plan.year])
    words = f"{count} tổ dân phố, bản chưa có số liệu năm {plan.year}"
    return [Task(words, "Tổng số hộ là mẫu số của các tiêu chí", url, "Nhập số liệu")] if count else []


def _city_leader(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    open_decisions = queries.decisions(user, plan).filter(confirmed_at__isnull=True)
    tasks = _commendations(user) + [
        Task(
            str(d),
            f"{d.units} tổ dân phố, bản: {d.recognised} công nhận",  # type: ignore[attr-defined]
            reverse("assessments:decision", args=[d.pk]),
            "Xem và xác nhận",
        )
        for d in open_decisions
    ]
    tasks += _budget_decisions(budget.unconfirmed(user, plan))
    if tasks:
        return Desk(f"{len(tasks)} quyết định chờ xác nhận.", tasks)
    return Desk("Không có quyết định nào chờ xác nhận.")


def _budget_decisions(found: list[BudgetDecision]) -> list[Task]:
    """Decisions on money that wait for a city leader."""
    return [
        Task(
            f"{d}, kinh phí",
            f"{d.estimate_count} xã, phường, {money.dong(int(d.approved_sum or 0))} đồng",  # type: ignore[attr-defined]
            reverse("assessments:budget_decision", args=[d.pk]),
            "Xem và xác nhận",
        )
        for d in found
    ]


def _finance_planning(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    found, table = budget.finance_desk(user, plan), reverse("assessments:budget", args=[plan.year])
    tasks = []
    for row in found.waiting:
        said = f"Đã thẩm định {row.said_count}/{row.line_count} dòng"  # type: ignore[attr-defined]
        detail = f"{said}, đề nghị {money.dong(int(row.asked_sum or 0))} đồng"  # type: ignore[attr-defined]
        tasks.append(Task(str(row.ward), detail, reverse("assessments:estimate_appraise", args=[row.pk]), "Thẩm định"))
    if found.free:
        names, url = (
            ", ".join(str(row.ward) for row in found.free),
            reverse("assessments:budget_decision_new", args=[plan.year]),
        )
        tasks.append(Task(f"{len(found.free)} dự toán chờ quyết định", names, url, "Lập quyết định phê duyệt"))
    for decision in found.unconfirmed:
        url = reverse("assessments:budget_decision", args=[decision.pk])
        tasks.append(Task(f"{decision}, kinh phí", "Chờ lãnh đạo thành phố xác nhận", url, "Xem"))
    if found.returned:
        tasks.append(Task(f"{found.returned} dự toán đã trả lại", "Đang ở xã, phường", table, "Xem"))
    if found.waiting:
        return Desk(f"{len(found.waiting)} dự toán chờ thẩm định, {len(found.free)} dự toán chờ quyết định.", tasks)
    if tasks:
        return Desk("Không có dự toán nào chờ thẩm định.", tasks)
    return Desk(f"Chưa có dự toán năm {plan.year} nào chờ xử lý.", [Task("Kinh phí các xã, phường", "", table, "Xem")])
