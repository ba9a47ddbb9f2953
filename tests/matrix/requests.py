"""Where each address of the matrix leads in the small city, and what somebody with the right would send there."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assessments.workflow import State
from tests.assessments.views.world import World
from tests.factories import PASSWORD
from tests.matrix.papers import PAPERS, office_arguments, office_bodies, paper_arguments
from tests.matrix.parts import part_arguments, part_bodies
from tests.matrix.plans import plan_arguments, plan_bodies
from tests.matrix.year_budget import budget_arguments, budget_bodies
from tests.matrix.year_commendations import commending_arguments, commending_bodies
from tests.matrix.year_duties import duty_arguments, duty_bodies


def address_of(world: World, address: str) -> str:
    name, _, variant = address.partition("?")
    a, key = world.assessment.pk, "tc-1.2"
    arguments: dict[str, list[Any]] = {
        "assessments:undo": [a, world.event.pk],
        "assessments:save": [a, key],
        "assessments:mark_standard": [a, 2],
        "assessments:move": [a, variant or "khong-co"],
        "assessments:evidence_upload": [a, key],
        "assessments:evidence_remove": [a, world.evidence.pk],
        "assessments:evidence_download": [a, world.evidence.pk],
        "assessments:unit": [world.unit.pk],
        "assessments:unit_year": [world.unit.pk, world.plan.year],
        "criteria:detail": [world.plan.criteria_set_id],
    }
    of_year = ("plan", "register", "list", "decision_list", "decision_new", "consolidated")
    of_decision = ("decision", "decision_edit", "decision_confirm", "decision_drop")
    arguments |= {f"assessments:{n}": [world.plan.year] for n in of_year}
    arguments |= {f"assessments:{n}": [world.decision.pk] for n in of_decision}
    arguments |= {
        f"assessments:{n}": [a] for n in ("detail", "appraise", "visit_sheet", "confirm_self", "fill_last_year")
    }
    arguments |= part_arguments(world, variant) | office_arguments(world, variant)
    arguments |= duty_arguments(world)
    arguments |= plan_arguments(world, variant)
    arguments |= budget_arguments(world, name, variant)
    arguments |= commending_arguments(world, variant)
    if name in PAPERS:
        arguments[name] = paper_arguments(world, name, variant)
    query = f"?xa={world.ward.pk}" if variant == "xa" else ""
    return reverse(name, args=arguments.get(name, [])) + query


def body(world: World, address: str) -> dict[str, Any]:
    """What a person who may would send, and have done."""
    today = timezone.localdate()
    verdict = {"stated": "not_met", "note": "Ghi chú mới", "version": "1", "layer": "self"}
    if world.assessment.state == State.DRAFT:  # the bulk change has raised the version
        verdict["version"] = "2"
    paper = {"number": "34/QĐ-UBND", "issued_on": today, "title": "Công nhận", "signer_title": "CHỦ TỊCH"}
    passwords = {"new_password1": "mat-khau-moi-hoan-toan", "new_password2": "mat-khau-moi-hoan-toan"}
    decision = world.decision
    bodies: dict[str, dict[str, Any]] = {
        "assessments:save": verdict,
        "assessments:save?agency": verdict | {"layer": "agency", "version": "1"},
        "assessments:save?delegation": verdict | {"layer": "delegation", "version": "0"},
        "assessments:register": {"unit": world.free_unit.pk, f"aim-{world.free_unit.pk}": "new", "do": "register"},
        "assessments:decision_new": paper | {"assessment": world.waiting.pk},
        "assessments:decision_edit": paper | {"assessment": world.waiting.pk, "version": decision.version},
        "assessments:decision_confirm": {"version": decision.version},
        "assessments:move?tra-lai-can-bo": {"reason": "Thiếu số liệu"},
        "assessments:move?tra-lai-xa-phuong": {"reason": "Thiếu", "new_due": today + timedelta(days=9)},
        "assessments:evidence_upload": {"layer": "self", "reference": "Biên bản số 9"},
        "assessments:unit_year": {"version": 0, "households": 130, "persons": 500},
        "accounts:sign_in": {"username": world["of"].username, "password": PASSWORD},
        "accounts:password_change": passwords | {"old_password": PASSWORD},
    }
    bodies |= budget_bodies(world, address)
    known = {"version": world.assessment.version} if address.startswith("assessments:move") else {}
    bodies |= part_bodies(world, today) | office_bodies(today)
    bodies |= duty_bodies(today) | plan_bodies(world)
    bodies |= commending_bodies(world, today)
    return known | bodies.get(address, {})
