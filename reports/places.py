"""Where on the screens the thing is that a paper is of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from accounts.models import Agency
from assessments.models import Certificate, Plan
from reports.registry import About, Ids


@dataclass(frozen=True, slots=True)
class Place:
    """A page and what a link to it is called."""

    url: str
    label: str


def place_of(about: About, ids: Ids, year: int, code: str = "") -> Place | None:
    """The page of the thing with these numbers; None where it has none. `year` is the plan's.

    `code` is the paper's: some papers of a plan belong to a page of their own.
    """
    find = _PLACES_OF_PAPERS.get(code) or _PLACES.get(about)
    try:
        return find(ids, year) if find else None
    except ObjectDoesNotExist:
        return None


def _of_row(name: str, label: str) -> Callable[[Ids, int], Place]:
    """A page whose address is the row's own number."""
    return lambda ids, year: Place(reverse(f"assessments:{name}", args=[ids[0]]), label)


def _agency_work(ids: Ids, year: int) -> Place:
    code = Agency.objects.values_list("code", flat=True).get(pk=ids[1])
    return Place(f"{reverse('assessments:grid', args=[year])}?co-quan={code}", "Thẩm định")


def _certificate(ids: Ids, year: int) -> Place:
    decision = Certificate.objects.values_list("line__decision", flat=True).get(pk=ids[0])
    return Place(reverse("assessments:decision", args=[decision]), "Quyết định")


def _plan(ids: Ids, year: int) -> Place:
    """A draft has only a page of its own; of an issued plan the dossiers."""
    if Plan.every.get(pk=ids[0]).status == Plan.Status.DRAFT:
        return Place(reverse("assessments:plan_draft", args=[year]), "Dự thảo kế hoạch")
    return Place(reverse("assessments:list", args=[year]), "Hồ sơ")


def _budget(ids: Ids, year: int) -> Place:
    return Place(reverse("assessments:budget", args=[year]), "Kinh phí")


def _commendations(ids: Ids, year: int) -> Place:
    return Place(reverse("assessments:commendations", args=[year]), "Khen thưởng")


_PLACES: Mapping[str, Callable[[Ids, int], Place]] = {
    "assessment": _of_row("detail", "Hồ sơ"),
    "meeting": _of_row("council_meeting", "Họp hội đồng"),
    "submission": _of_row("submission", "Phiếu gửi hồ sơ"),
    "agency_work": _agency_work,
    "report": lambda ids, year: Place(reverse("assessments:agency_report", args=[year, ids[0]]), "Báo cáo của cơ quan"),
    "visit": _of_row("visit", "Thẩm định tại cơ sở"),
    "delegation": _of_row("delegation", "Đoàn thẩm định"),
    "plan": _plan,
    "detailed_plan": _of_row("ward_plan", "Kế hoạch của xã, phường"),
    "ward_plan": lambda ids, year: Place(f"{reverse('assessments:list', args=[year])}?xa={ids[1]}", "Hồ sơ"),
    "decision": _of_row("decision", "Quyết định"),
    "certificate": _certificate,
    "year_report": _of_row("year_report", "Báo cáo kỳ"),
    "estimate": _of_row("estimate", "Dự toán"),
    "budget_decision": _of_row("budget_decision", "Quyết định kinh phí"),
    "commendation_decision": _of_row("commendation_decision", "Quyết định khen thưởng"),
}
_PLACES_OF_PAPERS: Mapping[str, Callable[[Ids, int], Place]] = {
    "bang-tham-dinh-kinh-phi": _budget,
    "de-nghi-khen-thuong-co-quan": _commendations,
    "to-trinh-kinh-phi": _budget,
}
