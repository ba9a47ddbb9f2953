"""Estimates and decisions on money for the matrix: the ward's own of several years, each in another state."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assessments.models import BudgetDecision, BudgetEstimate, Plan
from tests import factories, files
from tests.assessments.views.world import World

NAMES = ("estimate", "estimate_edit", "estimate_send", "estimate_paper_day", "estimate_attach", "estimate_appraise")
NAMES += ("estimate_return", "estimate_reopen")
OF_DECISION = ("budget_decision", "budget_decision_edit", "budget_decision_amounts", "budget_decision_confirm")
OF_DECISION += ("budget_decision_drop", "budget_decision_attach")
OF_YEAR = ("budget", "estimate_new", "estimate_import", "budget_decision_new")
# Variant: the year of its plan (the world's own for the draft), the state, and whether a decision holds it.
_YEARS = {"": 0, "da-gui": 2001, "da-tham-dinh": 2002, "trong-qd": 2003, "da-xac-nhan": 2004}
_STATES = {"": "draft", "da-gui": "submitted", "da-tham-dinh": "appraised", "trong-qd": "appraised"}


def estimate(world: World, variant: str) -> BudgetEstimate:
    """The ward's estimate of this variant; made when it is first asked for, without telling anybody."""
    plan = world.plan
    if variant:
        year = _YEARS[variant]
        plan = Plan.objects.filter(year=year).first() or factories.PlanFactory(year=year)
    found = BudgetEstimate.objects.filter(plan=plan, ward=world.ward).first()
    if found:
        return found
    now, state = timezone.now(), _STATES.get(variant, "approved")
    facts: dict[str, Any] = {}
    if state != "draft":
        facts |= {"submitted_at": now, "submitted_by": world["lf"], "received_on": timezone.localdate()}
    if state in ("appraised", "approved"):
        facts |= {"appraised_at": now, "appraised_by": world["fp"]}
    decision = _decision(world, plan, variant)
    made = BudgetEstimate.objects.create(plan=plan, ward=world.ward, decision=decision, **facts)
    amount = 6_000_000 if state in ("appraised", "approved") else None
    made.lines.create(
        position=1, content="Pa nô", measure="bộ", quantity=2, unit_price=3_000_000, asked=6_000_000,
        state_budget=6_000_000, appraised=amount, approved=amount if decision else None,
    )  # fmt: skip
    BudgetEstimate.objects.filter(pk=made.pk).update(state=state)
    return BudgetEstimate.objects.get(pk=made.pk)


def _decision(world: World, plan: Plan, variant: str) -> BudgetDecision | None:
    if variant not in ("trong-qd", "da-xac-nhan"):
        return None
    done = {"confirmed_at": timezone.now(), "confirmed_by": world["cl"]} if variant == "da-xac-nhan" else {}
    return BudgetDecision.objects.create(
        plan=plan, number="7/QĐ-UBND", issued_on=timezone.localdate(), title="Phê duyệt", signer_title="CHỦ TỊCH",
        recorded_by=world["fp"], **done,
    )  # fmt: skip


def budget_arguments(world: World, name: str, variant: str) -> dict[str, list[Any]]:
    """Arguments of the address if it is one of ours."""
    short = name.partition(":")[2]
    if name == "reports:estimate_template":
        return {name: [world.plan.year]}
    if short in OF_YEAR:
        estimate(world, "")
        return {name: [world.plan.year]}
    if short in NAMES:
        return {name: [estimate(world, variant).pk]}
    if short in OF_DECISION:
        held = estimate(world, variant or "trong-qd")
        return {name: [held.decision_id, *([held.pk] if short == "budget_decision_amounts" else [])]}
    return {}


def budget_bodies(world: World, address: str) -> dict[str, dict[str, Any]]:
    """What is posted to the address if it is one of ours."""
    name, _, variant = address.partition("?")
    short = name.partition(":")[2]
    if short not in (*OF_YEAR, *NAMES, *OF_DECISION):
        return {}
    held = estimate(world, variant or ("trong-qd" if short in OF_DECISION else ""))
    line = held.lines.get().pk
    version = {"version": held.version}
    lines = {"dong-TOTAL_FORMS": 1, "dong-INITIAL_FORMS": 0, "dong-0-content": "Khác", "dong-0-measure": "bộ"}
    lines |= {"dong-0-quantity": "1", "dong-0-unit_price": "5.000"}
    paper = {"number": "8/QĐ-UBND", "issued_on": timezone.localdate(), "title": "Khác", "signer_title": "CHỦ TỊCH"}
    scan = {"file": files.upload("ban-ky.pdf", files.pdf())}
    bodies: dict[str, dict[str, Any]] = {
        "estimate_new": lines | {"version": 0},
        "estimate_edit": lines | version,
        "estimate_paper_day": version
        | {"received_on": timezone.localdate() - timedelta(days=1), "reason": "Sổ công văn"},
        "estimate_attach": scan,
        "estimate_appraise": version | {f"so-{line}": "5.000.000", f"y-{line}": ""},
        "estimate_return": version | {"reason": "Thiếu báo giá"},
        "estimate_reopen": version | {"reason": "Nhầm"},
        "budget_decision_new": paper | {"version": 0},
        "budget_decision_edit": paper | {"version": 1, "estimate": held.pk},
        "budget_decision_amounts": {"version": 1, f"so-{line}": "5.000.000", f"y-{line}": "Cân đối"},
        "budget_decision_attach": scan,
    }
    return {address: bodies.get(short, version if short in NAMES else {"version": 1})}
