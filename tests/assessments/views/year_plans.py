"""Plans in the small city: next year's draft, a ward plan being written, and one that was sent the year before."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from assessments.models import Plan, WardPlan
from assessments.year import city_plans, rows, ward_plans
from assessments.year.ward_plans import Content, Task


@dataclass(frozen=True)
class YearPlans:
    draft: Plan  # of the year after
    ward_plan: WardPlan  # of the world's ward and plan, being written, ready to be sent
    sent: WardPlan  # of the same ward, the year before


def written(officer: User, plan: Plan, **changes: object) -> WardPlan:
    """A ward's plan with everything it needs to be sent."""
    given = {
        "number": "15/KH-UBND",
        "signed_on": date(plan.year, 3, 5),
        "goals": "Duy trì các tổ dân phố, bản đã được công nhận.",
        "measures": "1. Tuyên truyền\nVận động Nhân dân.",
    }
    content = Content(**(given | changes))  # type: ignore[arg-type]
    tasks = [
        Task("Rà soát, kiện toàn", "Công chức Văn phòng - Thống kê", "Mặt trận", date(plan.year, 6, 15)),
        Task("Tổng vệ sinh", "Công chức Địa chính - Xây dựng", due_on=date(plan.year, 9, 30)),
    ]
    return ward_plans.save(user=officer, plan_id=plan.pk, version=rows.NEW, content=content, tasks=tasks)


def build_plans(people: dict[str, User], plan: Plan) -> YearPlans:
    """By the deeds, as the screens do."""
    earlier = Plan.objects.get(year=plan.year - 1)
    first = written(people["of"], earlier, funding="Ngân sách phường.")
    sent = ward_plans.send(user=people["lf"], ward_plan_id=first.pk, version=first.version)
    ward_plan = written(people["of"], plan)
    draft = city_plans.create(user=people["ha"], source_id=plan.pk, year=plan.year + 1)
    return YearPlans(draft, ward_plan, sent)
