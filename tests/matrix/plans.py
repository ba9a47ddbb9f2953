"""The same for the city's plan and the wards' plans."""

from datetime import date
from typing import Any

from assessments.models import Registration
from tests import files
from tests.assessments.views.world import World

_DRAFT = ("plan_draft", "plan_edit", "plan_issue", "plan_discard")
_ISSUED = ("plan_adjust", "plan_close", "plan_reopen", "plan_attach")
_ISSUED += ("ward_plans", "ward_plan_edit", "ward_plan_fill", "ward_plan_units")
_ONE = ("ward_plan", "ward_plan_send", "ward_plan_return", "ward_plan_received", "ward_plan_tasks", "ward_plan_attach")


def plan_arguments(world: World, variant: str) -> dict[str, list[Any]]:
    """Arguments of the addresses by their names."""
    plans = world.parts.plans
    one = plans.sent if variant == "da-gui" else plans.ward_plan
    found: dict[str, list[Any]] = {f"assessments:{name}": [plans.draft.year] for name in _DRAFT}
    found |= {f"assessments:{name}": [world.plan.year] for name in _ISSUED}
    return found | {f"assessments:{name}": [one.pk] for name in _ONE}


def plan_bodies(world: World) -> dict[str, dict[str, Any]]:
    """What is posted, by the address with its variant."""
    plans, plan = world.parts.plans, world.plan
    draft, one, sent = plans.draft, plans.ward_plan, plans.sent
    registration = Registration.objects.get(plan=plan, unit=world.unit)
    scan = {"file": files.upload("ban-ky.pdf", files.pdf())}
    words = {"title": "Kế hoạch khác", "goals": "Mục tiêu khác"}
    draft_words = words | {
        "issued_on": date(draft.year, 3, 2),
        "criteria_set": draft.criteria_set_id,
        "before_dossier": date(draft.year, 10, 15),
        "version": draft.version,
    }
    lines = {"nhiem-vu-TOTAL_FORMS": 1, "nhiem-vu-INITIAL_FORMS": 0, "nhiem-vu-0-content": "Nhiệm vụ khác"}
    lines |= {"nhiem-vu-0-responsible": "Công chức", "goals": "Mục tiêu khác", "version": one.version}
    task = one.task_lines.first()
    assert task is not None
    progress = {"tien-do-TOTAL_FORMS": 1, "tien-do-INITIAL_FORMS": 1, "tien-do-0-pk": task.pk}
    progress |= {"tien-do-0-state": "doing", "version": one.version}
    bodies: dict[str, dict[str, Any]] = {
        "plan_new": {"source": plan.pk, "year": draft.year + 1},
        "plan_edit": draft_words,
        "plan_issue": {"number": "7/KH-UBND", "issued_on": date(plan.year, 12, 31), "version": draft.version},
        "plan_discard": {"version": draft.version},
        "plan_adjust": words | {"reason": "Sắp xếp lại đơn vị", "version": plan.version},
        "plan_close": {"version": plan.version},
        "plan_reopen": {"version": plan.version, "reason": "Còn hồ sơ"},
        "plan_attach": scan,
        "ward_plan_edit": lines,
        "ward_plan_units": {f"aim-{registration.pk}": "maintain", f"seen-{registration.pk}": "new"},
        "ward_plan_send": {"version": one.version},
        "ward_plan_return?da-gui": {"tra-reason": "Thiếu nhiệm vụ", "version": sent.version},
        "ward_plan_received?da-gui": {
            "nhan-reason": "Bản giấy đến trước",
            "nhan-received_on": date(sent.plan.year, 3, 10),
            "version": sent.version,
        },
        "ward_plan_tasks": progress,
        "ward_plan_attach": scan,
        "ward_plan_attach?da-gui": scan,
    }
    return {f"assessments:{name}": data for name, data in bodies.items()}
