"""What an address of a kind of paper is asked for. The variant is its code, with `+da-chot` the finished thing."""

from datetime import date, timedelta
from typing import Any

from assessments.models import Certificate
from reports import registry
from reports.registry import About
from tests.assessments.views.world import World
from tests.assessments.views.year_reports import report
from tests.matrix.year_budget import estimate

PAPERS = ("reports:paper", "reports:paper_pages", "reports:paper_file", "reports:paper_page")
NOBODY = 999_999
WITHOUT_VARIANT = "phieu-danh-gia"


def paper_arguments(world: World, name: str, variant: str) -> list[Any]:
    """Code, subject and what else the address asks for."""
    code, _, standing = (variant or WITHOUT_VARIANT).partition("+")
    paper = registry.find(code)
    last: dict[str, list[Any]] = {"reports:paper_file": [paper.formats[0]], "reports:paper_page": [1]}
    return [code, registry.subject(thing(world, paper.about, done=bool(standing))), *last.get(name, [])]


def thing(world: World, about: About, *, done: bool) -> Any:
    """What the document is of; `done` where there is an open and a finished one."""
    parts = world.parts
    agency = world["ag"].agency
    if about in (About.ESTIMATE, About.BUDGET_DECISION):  # made when they are asked for
        open_one = "" if about == About.ESTIMATE else "trong-qd"
        found = estimate(world, "da-xac-nhan" if done else open_one)
        return found if about == About.ESTIMATE else found.decision
    return {
        About.ASSESSMENT: world.assessment,
        About.MEETING: parts.minutes if done else parts.meeting,
        About.SUBMISSION: parts.submission,
        About.AGENCY_WORK: (world.plan, agency),
        About.REPORT: parts.report,
        About.VISIT: parts.closed_visit if done else parts.visit,
        About.PLAN: world.plan,
        About.WARD_PLAN: (world.plan, world.ward),
        About.DECISION: world.decision,
        About.YEAR_REPORT: report(world.plan, "year" if done else "half", world.ward),
        About.DETAILED_PLAN: parts.plans.sent if done else parts.plans.ward_plan,
        About.COMMENDATION_DECISION: parts.commended if done else parts.commending,
        # The small city has recognised nobody; who gets a certificate stands in papers/test_certificate.py.
        About.CERTIFICATE: Certificate(pk=NOBODY),
    }[about]


def office_arguments(world: World, variant: str) -> dict[str, list[Any]]:
    """The addresses of signers and names of offices, of a certificate's confirmation, and of orders."""
    parts = world.parts
    return {
        "reports:papers_of_plan": [world.plan.year],
        "reports:office": ["xa-phuong", world.ward.pk],
        "reports:signer_new": ["xa-phuong", world.ward.pk],
        "reports:signer": [parts.signer.pk],
        "reports:office_name_new": [parts.office_name.agency_id],
        "reports:office_name": [parts.office_name.pk],
        "reports:certificate_check": ["2" * 20],
        "reports:order": [parts.order.pk],
        "reports:order_progress": [parts.order.pk],
        "reports:order_cancel": [parts.order.pk],
        "reports:order_retry": [parts.cancelled_order.pk],
        "reports:order_file": [parts.finished_order.pk],
        "reports:order_new": (
            ["toan-bo-ho-so", world.assessment.pk]
            if variant == "toan-bo-ho-so"
            else ["phieu-danh-gia-xa-phuong", (world.plan.pk, world.ward.pk)]
        ),
    }


def office_bodies(today: date) -> dict[str, dict[str, Any]]:
    """What somebody with the right would send there."""
    later = {"valid_from": today + timedelta(days=400), "valid_until": ""}
    sooner = {"valid_from": today + timedelta(days=1), "valid_until": today + timedelta(days=300)}
    signer = {"capacity": "TM. ỦY BAN NHÂN DÂN", "title": "CHỦ TỊCH", "full_name": ""}
    name = {"name": "Phòng Tên Mới", "symbol": "PTM"}
    return {
        "reports:signer_new": signer | later,
        "reports:signer": signer | sooner | {"full_name": "Chủ tịch"},
        "reports:office_name_new": name | later,
        "reports:office_name": name | sooner,
    }
