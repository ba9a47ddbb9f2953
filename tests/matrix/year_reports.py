"""Which report the addresses of half-year and yearly reports lead to, and what is posted there."""

from datetime import date, timedelta
from typing import Any

from assessments.models import YearReport
from tests import files
from tests.assessments.views.world import World
from tests.assessments.views.year_reports import report


def one(world: World, variant: str) -> YearReport:
    """The ward's draft; the one it has sent; the city's own, issued or being written."""
    if variant in ("thanh-pho", "thanh-pho-nhap", "phat-hanh"):
        return report(world.plan, "year" if variant == "thanh-pho" else "half")
    sent = variant in ("da-gui", "rut-lai", "tiep-nhan", "tra-lai", "ban-giay")
    return report(world.plan, "year" if sent else "half", world.ward)


def arguments(world: World, variant: str) -> dict[str, list[Any]]:
    pk = one(world, variant).pk
    names = ("year_report", "year_report_edit", "year_report_attach")
    return {f"assessments:{name}": [pk] for name in names} | {
        "assessments:year_reports": [world.plan.year],
        "assessments:year_report_begin": [world.plan.year, "6-thang"],
        "assessments:year_report_step": [pk, variant or "khong-co"],
    }


def bodies(today: date) -> dict[str, dict[str, Any]]:
    version = {"version": 1}
    steps = dict.fromkeys(("gui", "rut-lai", "tiep-nhan", "phat-hanh"), version) | {
        "tra-lai": version | {"tra-lai-reason": "Thiếu số liệu"},
        "ban-giay": version
        | {"ban-giay-received_on": today - timedelta(days=1), "ban-giay-reason": "Theo sổ công văn đến"},
    }
    return {f"year_report_step?{step}": data for step, data in steps.items()} | {
        "year_report_edit": version | {"results": "Kết quả khác", "do": "save"},
        "year_report_edit?da-gui": version | {"results": "Kết quả khác", "do": "save"},
        "year_report_edit?thanh-pho-nhap": version | {"results": "Kết quả khác", "do": "save"},
        "year_report_attach": {"file": files.upload("bieu.pdf", files.pdf())},
    }
