"""The same for commendation and for the units' figures of the year. `gui` is what was sent, `da-chot` what stands."""

from typing import Any

from assessments.unit_years import FIELDS
from tests import files
from tests.assessments.views.world import World


def commending_arguments(world: World, variant: str) -> dict[str, list[Any]]:
    """Arguments of the addresses by their names."""
    p, year = world.parts, world.plan.year
    row = p.sent_commendation if variant == "gui" else p.commendation
    decision = p.commended if variant == "da-chot" else p.commending
    found = {name: [year] for name in _YEAR}
    found |= {f"commendation{name}": [row.pk] for name in _ROW}
    found |= {f"commendation_decision{name}": [decision.pk] for name in _DECISION}
    return {f"assessments:{name}": arguments for name, arguments in found.items()}


_YEAR = ("profiles", "commendations", "commendation_new", "commendations_send", "commendations_judge")
_YEAR += ("commendation_decision_new",)
_ROW = ("", "_edit", "_remove", "_withdraw")
_DECISION = ("", "_edit", "_drop", "_confirm", "_attach")


def commending_bodies(world: World, today: Any) -> dict[str, dict[str, Any]]:
    """What is posted, by the address with its variant."""
    p, line = world.parts, f"to-{world.free_unit.pk}"
    proposal = {"kind": "collective", "name": "Tổ mới", "form": "Giấy khen", "achievements": "Thành tích"}
    paper = {"number": "83/QĐ-UBND", "issued_on": today, "title": "Khen thưởng", "signer_title": "CHỦ TỊCH"}
    listed = p.commending.commendations.get()
    sent, draft, decision = p.sent_commendation, p.commendation, {"version": p.commending.version}
    bodies: dict[str, dict[str, Any]] = {
        "profiles": {f"{line}-version": 0, f"{line}-seen": "|" * (len(FIELDS) - 1), f"{line}-households": 77},
        "commendation_new": proposal,
        "commendation_edit": proposal | {"version": draft.version},
        "commendation_remove": {"version": draft.version},
        "commendation_withdraw": {"version": draft.version},
        "commendation_withdraw?gui": {"version": sent.version},
        "commendations_send": {"commendation": draft.pk},
        "commendations_judge": {"commendation": sent.pk, f"version-{sent.pk}": sent.version, "do": "accept"},
        "commendation_decision_new": paper | {"commendation": listed.pk},
        "commendation_decision_edit": paper | {"commendation": listed.pk} | decision,
        "commendation_decision_drop": decision,
        "commendation_decision_confirm": decision,
        "commendation_decision_attach": {"file": files.upload("ban-ky.pdf", files.pdf())},
    }
    return {f"assessments:{name}": data for name, data in bodies.items()}
