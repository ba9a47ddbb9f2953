"""The first page: what waits for this person now, and until when; then the figures."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from assessments import queries
from assessments.models import Assessment, Plan
from assessments.permissions import may_see_city
from assessments.views.common import person
from assessments.views.moving import STEPS
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
    return [(state, sum(a.state == state for a in assessments)) for state in State]


def _desk(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    makers = {
        Role.WARD_OFFICER: _officer,
        Role.UNIT_HEAD: _officer,
        Role.WARD_LEADER: _ward_leader,
        Role.HOME_AFFAIRS: _home_affairs,
        Role.CITY_LEADER: _city_leader,
    }
    maker = makers.get(Role(user.role))
    if maker is None:
        return Desk(_READERS.get(Role(user.role), ""))
    desk = maker(user, plan, assessments)
    desk.more = max(0, len(desk.tasks) - SHOWN)
    desk.tasks = desk.tasks[:SHOWN]
    return desk


_READERS = {
    Role.AGENCY_OFFICER: "Các hồ sơ đã gửi thành phố có trong mục Hồ sơ để xem.",
    Role.DELEGATION_MEMBER: "Chưa có đoàn thẩm định nào được giao cho tài khoản này.",
    Role.FINANCE_PLANNING: "Kế hoạch năm và các mốc thời gian ở bên dưới.",
    Role.ADMINISTRATOR: "Tài khoản này quản lý tài khoản và danh mục trong trang quản trị.",
}


def _line(assessment: Any) -> str:
    if assessment.to_assess:
        return f"Đã đánh giá {assessment.assessed}/{assessment.to_assess} mục"
    return ""


def _due(assessment: Any) -> tuple[date | None, bool]:
    return assessment.due, assessment.late(assessment.due, timezone.localdate())


def _officer(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    drafts = [a for a in assessments if a.state == State.DRAFT]
    drafts.sort(key=lambda a: (a.due or date.max, -(a.assessed or 0)))  # type: ignore[attr-defined]
    tasks = []
    for a in drafts:
        due, late = _due(a)
        returned = a.last_action in (Action.RETURN, Action.COUNCIL_RETURN)  # type: ignore[attr-defined]
        reason = a.last_reason if returned else ""  # type: ignore[attr-defined]
        detail = f"Được trả lại: {reason}" if returned else _line(a)
        done = a.to_assess and a.assessed == a.to_assess  # type: ignore[attr-defined]
        url = reverse("assessments:detail", args=[a.pk])
        if done and user.role == Role.WARD_OFFICER and not returned:
            url = reverse("assessments:move", args=[a.pk, STEPS[Action.SEND_TO_COUNCIL].slug])
            tasks.append(Task(str(a.unit), detail, url, "Gửi hội đồng", due, late))
        else:
            tasks.append(Task(str(a.unit), detail, url, "Đánh giá", due, late))
    if not assessments:
        return Desk(f"Chưa có tổ dân phố, bản nào đăng ký năm {plan.year}.")
    if not drafts:
        return Desk(f"Mọi hồ sơ năm {plan.year} đã gửi đi. Không có việc nào chờ bạn.")
    until = min((a.due for a in drafts if a.due), default=None)  # type: ignore[attr-defined]
    return Desk(f"Còn {len(drafts)} tổ dân phố, bản chưa gửi{_until(until)}.", tasks)


def _until(due: date | None) -> str:
    return f", hạn gần nhất: trước ngày {due:%d/%m/%Y}" if due else ""


def _ward_leader(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    waiting = [a for a in assessments if a.state == State.COUNCIL]
    tasks = []
    for a in waiting:
        due, late = _due(a)
        tasks.append(
            Task(str(a.unit), _line(a), reverse("assessments:detail", args=[a.pk]), "Xem và thông qua", due, late)
        )
    if waiting:
        return Desk(f"{len(waiting)} hồ sơ chờ hội đồng xã, phường thông qua.", tasks)
    drafts = sum(a.state == State.DRAFT for a in assessments)
    rest = f" Còn {drafts} hồ sơ cán bộ đang tự đánh giá." if drafts else ""
    return Desk(f"Không có hồ sơ nào chờ bạn.{rest}")


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


def _city_leader(user: User, plan: Plan, assessments: list[Assessment]) -> Desk:
    open_decisions = queries.decisions(user, plan).filter(confirmed_at__isnull=True)
    tasks = [
        Task(
            str(d),
            f"{d.units} tổ dân phố, bản: {d.recognised} công nhận",  # type: ignore[attr-defined]
            reverse("assessments:decision", args=[d.pk]),
            "Xem và xác nhận",
        )
        for d in open_decisions
    ]
    if tasks:
        return Desk(f"{len(tasks)} quyết định chờ xác nhận.", tasks)
    return Desk("Không có quyết định nào chờ xác nhận.")
