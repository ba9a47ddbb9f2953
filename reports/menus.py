"""What of a thing can be printed, as links: for the menus of the pages and the plan's list. No query happens here."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assessments.models import Plan, WardPlan
from assessments.permissions import AnyUser
from assessments.workflow import State
from reports import registry


@dataclass(frozen=True, slots=True)
class Link:
    """A paper of one thing: its preview and its files by format."""

    name: str
    url: str
    files: list[tuple[str, str]]  # label, address
    draft: bool
    code: str = ""  # of the kind of paper


def links(user: AnyUser, about: str, thing: Any, only: Sequence[str] = (), without: Collection[str] = ()) -> list[Link]:
    """What the person may print of this thing now. `thing` is the row itself (or a tuple of rows), already visible.

    `only`: the codes of the papers wanted; without any, all of them. Those in `without` are left out.
    """
    subject = registry.subject(thing)
    offered = registry.offered(user, registry.About(about), thing)
    wanted = [paper for paper in offered if (not only or paper.code in only) and paper.code not in without]
    return [_link(paper, subject, thing) for paper in wanted]


def _link(paper: registry.Paper, subject: str, thing: Any) -> Link:
    formats = () if paper.compose else paper.formats  # what is composed is ordered on a page of its own
    files = [(form.label, reverse("reports:paper_file", args=[paper.code, subject, form])) for form in formats]
    open_still = _OPEN.get(paper.code)
    url = reverse("reports:paper", args=[paper.code, subject])
    return Link(paper.name, url, files, bool(open_still and open_still(thing)), paper.code)


# The papers that say DỰ THẢO, where the row at hand knows it; the others do not say it in a menu.
_OPEN: Mapping[str, Callable[[Any], bool]] = {
    "phieu-tu-danh-gia": lambda assessment: assessment.state in (State.DRAFT, State.COUNCIL),
    "phieu-danh-gia": lambda assessment: assessment.state in (State.DRAFT, State.COUNCIL),
    "bien-ban-hoi-dong": lambda meeting: meeting.concluded_at is None,
    "bien-ban-tham-dinh": lambda visit: visit.closed_at is None,
    "ke-hoach": lambda plan: plan.status == Plan.Status.DRAFT,
    "ke-hoach-xa-phuong": lambda ward_plan: ward_plan.state != WardPlan.State.SUBMITTED,
    "quyet-dinh": lambda decision: decision.confirmed_at is None,
    "quyet-dinh-khen-thuong": lambda decision: decision.confirmed_at is None,
    "danh-sach-quyet-dinh": lambda decision: decision.confirmed_at is None,
    "bao-cao-ky": lambda report: report.state in ("draft", "returned"),
    "du-toan": lambda estimate: estimate.state in ("draft", "returned"),
    "quyet-dinh-kinh-phi": lambda decision: decision.confirmed_at is None,
}
