"""Everything of a plan that one person may print, by what it is of; as many queries whatever the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from assessments.models import Certificate, DecisionLine, Plan
from assessments.permissions import (
    AnyUser,
    appraising_agencies,
    visible_assessments,
    visible_budget_decisions,
    visible_commendation_decisions,
    visible_estimates,
    visible_meetings,
    visible_reports,
    visible_submissions,
    visible_visits,
    visible_ward_plans,
    visible_wards,
    visible_year_reports,
)
from assessments.queries import decisions
from assessments.queries.standing import NEWEST_FIRST
from localities.models import Ward
from reports import menus, registry
from reports.readiness import Readiness

AT_A_GLANCE = 8  # rows of each part while all parts are shown
PAGE = 60
SHORT = 6  # papers of one thing that need no titles between them
OTHERS = "Văn bản khác"
# What a paper of a plan or of a ward in it is about, by its code.
_TOPICS = {
    "Kế hoạch, hướng dẫn": ("ke-hoach", "bang-ke-hoach-xa-phuong", "danh-muc-huong-dan", "bang-giup-do"),
    "Kết quả đánh giá": (
        "bang-tu-danh-gia", "bang-tham-dinh", "bang-tu-danh-gia-xa-phuong", "bang-tham-dinh-xa-phuong",
    ),
    "Công nhận": ("to-trinh-cong-nhan", "du-thao-quyet-dinh"),
    "Tiến độ, đôn đốc": ("bang-tien-do", "cong-van-don-doc", "cong-van-don-doc-xa-phuong"),
    "Kinh phí": ("bang-tham-dinh-kinh-phi", "to-trinh-kinh-phi"),
    "Mô hình, khen thưởng": (
        "mo-hinh-tieu-bieu", "bang-mo-hinh", "bang-mo-hinh-xa-phuong", "bang-khen-thuong", "de-nghi-khen-thuong",
    ),
    "Số liệu, báo cáo": (
        "bieu-so-lieu", "bieu-so-lieu-xa-phuong", "tong-hop-kien-nghi", "bao-cao-phan-tich",
        "bao-cao-phan-tich-xa-phuong",
    ),
}  # fmt: skip
_TOPIC_OF = {code: title for title, codes in _TOPICS.items() for code in codes}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: in one ward, with this text in its name."""

    ward: Ward | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing and what can be printed of it."""

    name: str
    place: str
    links: list[menus.Link]

    @property
    def groups(self) -> list[tuple[str, list[menus.Link]]]:
        """A long list by what the papers are about, each group under its title; a short one as it is."""
        if len(self.links) <= SHORT:
            return [("", self.links)]
        found: dict[str, list[menus.Link]] = {title: [] for title in (*_TOPICS, OTHERS)}
        for link in self.links:
            found[_TOPIC_OF.get(link.code, OTHERS)].append(link)
        return [(title, links) for title, links in found.items() if links]


@dataclass(frozen=True, slots=True)
class Part:
    """Things of one sort: the rows of a page, and how many there are in all."""

    code: str
    title: str
    rows: list[Row]
    page: Page

    @property
    def more(self) -> int:
        """How many are not shown at a glance."""
        return self.page.paginator.count - len(self.page.object_list)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the things of a part come from, and how a row names them."""

    code: str
    title: str
    about: registry.About
    find: Callable[[AnyUser, Plan, Wanted], Any]
    told: Callable[[Any], tuple[str, str]]
    thing: Callable[[Plan, Any], Any] = lambda plan, row: row


def parts(user: AnyUser, plan: Plan, wanted: Wanted, only: str = "", number: str | None = None) -> list[Part]:
    """The parts that have something; `only` one of them, and of that the page with this number."""
    found, ready = [], Readiness(user, plan)
    for source in _SOURCES:
        if (only and source.code != only) or not _any(user, source.about):
            continue
        page = Paginator(source.find(user, plan, wanted), PAGE if only else AT_A_GLANCE).get_page(number)
        rows = [_row(user, source, source.thing(plan, row), row, ready) for row in page.object_list]
        if any(row.links for row in rows):
            found.append(Part(source.code, source.title, [row for row in rows if row.links], page))
    return found


def _row(user: AnyUser, source: _Source, thing: Any, row: Any, ready: Readiness) -> Row:
    early = ready.early(source.about, thing)
    return Row(*source.told(row), menus.links(user, source.about, thing, without=early))


def choices(user: AnyUser) -> list[tuple[str, str]]:
    """The parts that there may be for this person, code and title."""
    return [(source.code, source.title) for source in _SOURCES if _any(user, source.about)]


def _any(user: AnyUser, about: registry.About) -> bool:
    return any(paper.about == about and paper.may(user) for paper in registry.PAPERS)


def _plan(user: AnyUser, plan: Plan, wanted: Wanted) -> list[Plan]:
    return [] if wanted.ward or wanted.text else [plan]


def _wards(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Ward]:
    found = visible_wards(user).filter(name__icontains=wanted.text).order_by("position", "pk")
    return found.filter(pk=wanted.ward.pk) if wanted.ward else found


def _units(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    own = _of_unit("registration__unit", wanted)
    found = visible_assessments(user).filter(own, registration__plan=plan)
    return found.select_related("registration__unit__ward", "registration__plan").order_by(
        "registration__unit__ward__position", "registration__unit__sort_name", "pk"
    )


def _visits(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    own = _of_unit("assessment__registration__unit", wanted)
    found = visible_visits(user).filter(own, delegation__plan=plan)
    return found.select_related("delegation__plan", "assessment__registration__unit__ward").order_by(
        "delegation", "assessment__registration__unit__ward__position", "assessment__registration__unit__sort_name"
    )


def _certificates(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    own = _of_unit("line__assessment__registration__unit", wanted)
    seen = visible_assessments(user).filter(registration__plan=plan).values("pk")
    # What a later decision took back has no more copies (reports/papers/certificate.py).
    lines = DecisionLine.objects.filter(assessment=OuterRef("line__assessment"), decision__confirmed_at__isnull=False)
    stands = Subquery(lines.order_by(*NEWEST_FIRST).values("pk")[:1])
    found = Certificate.objects.filter(own, plan=plan, line__assessment__in=seen, line=stands)
    return found.select_related("plan", "line__decision", "line__assessment__registration__unit__ward")


def _meetings(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    return _of_ward(visible_meetings(user), plan, wanted).order_by("ward__position", "-held_on", "-pk")


def _ward_plans(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    return _of_ward(visible_ward_plans(user), plan, wanted).order_by("ward__position", "pk")


def _submissions(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    return _of_ward(visible_submissions(user), plan, wanted).order_by("ward__position", "-number")


def _agencies(user: AnyUser, plan: Plan, wanted: Wanted) -> Any:
    found = appraising_agencies(user).filter(assignments__plan=plan, name__icontains=wanted.text).distinct()
    return found.none() if wanted.ward else found.order_by("pk")


def _reports(user: AnyUser, plan: Plan, wanted: Wanted) -> Any:
    found = visible_reports(user).filter(plan=plan, agency__name__icontains=wanted.text)
    return found.none() if wanted.ward else found.select_related("agency", "plan").order_by("agency", "-pk")


def _year_reports(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    found = visible_year_reports(user).filter(plan=plan).select_related("ward", "agency", "plan")
    if wanted.text:
        found = found.filter(Q(ward__name__icontains=wanted.text) | Q(agency__name__icontains=wanted.text))
    found = found.filter(ward=wanted.ward) if wanted.ward else found
    return found.order_by("period", F("ward__position").asc(nulls_last=True), "agency__position", "pk")


def _decisions(user: AnyUser, plan: Plan, wanted: Wanted) -> Any:
    found = decisions(user).filter(plan=plan, number__icontains=wanted.text)
    return found.none() if wanted.ward else found.order_by("-issued_on", "-pk")


def _estimates(user: AnyUser, plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    return _of_ward(visible_estimates(user), plan, wanted).order_by("ward__position", "pk")


def _budget_decisions(user: AnyUser, plan: Plan, wanted: Wanted) -> Any:
    found = visible_budget_decisions(user).filter(plan=plan, number__icontains=wanted.text)
    return found.none() if wanted.ward else found.order_by("-issued_on", "-pk")


def _commendation_decisions(user: AnyUser, plan: Plan, wanted: Wanted) -> Any:
    found = visible_commendation_decisions(user).filter(plan=plan, number__icontains=wanted.text)
    return found.none() if wanted.ward else found.order_by("-issued_on", "-pk")


def _of_unit(unit: str, wanted: Wanted) -> Q:
    ward = Q(**{f"{unit}__ward": wanted.ward}) if wanted.ward else Q()
    return ward & Q(**{f"{unit}__name__icontains": wanted.text})


def _of_ward(found: QuerySet[Any], plan: Plan, wanted: Wanted) -> QuerySet[Any]:
    found = found.filter(plan=plan, ward__name__icontains=wanted.text).select_related("ward", "plan")
    return found.filter(ward=wanted.ward) if wanted.ward else found


def _unit_words(unit: Any) -> tuple[str, str]:
    return str(unit), str(unit.ward)


_About = registry.About
_SOURCES = (
    _Source("thanh-pho", "Bảng và văn bản của thành phố", _About.PLAN, _plan, lambda row: (f"Năm {row.year}", "")),
    _Source(
        "xa-phuong", "Bảng của xã, phường", _About.WARD_PLAN, _wards, lambda row: (str(row), ""),
        lambda plan, row: (plan, row),
    ),
    _Source(
        "ke-hoach-xa-phuong", "Kế hoạch của xã, phường", _About.DETAILED_PLAN, _ward_plans,
        lambda row: (f"Kế hoạch {row.number}".strip(), str(row.ward)),
    ),
    _Source("to-ban", "Tổ dân phố, bản", _About.ASSESSMENT, _units, lambda row: _unit_words(row.registration.unit)),
    _Source(
        "hoi-dong", "Hội đồng xã, phường", _About.MEETING, _meetings,
        lambda row: (f"Họp ngày {row.held_on:%d/%m/%Y}", str(row.ward)),
    ),
    _Source(
        "gui-thanh-pho", "Hồ sơ gửi thành phố", _About.SUBMISSION, _submissions,
        lambda row: (f"Lần {row.number}, {timezone.localtime(row.submitted_at):%d/%m/%Y}", str(row.ward)),
    ),
    _Source(
        "tham-dinh", "Cơ quan thẩm định", _About.AGENCY_WORK, _agencies, lambda row: (str(row), ""),
        lambda plan, row: (plan, row),
    ),
    _Source(
        "bao-cao", "Báo cáo của cơ quan thẩm định", _About.REPORT, _reports,
        lambda row: (f"Chốt ngày {timezone.localtime(row.closed_at):%d/%m/%Y}", str(row.agency)),
    ),
    _Source(
        "bao-cao-ky", "Báo cáo 6 tháng, báo cáo năm", _About.YEAR_REPORT, _year_reports,
        lambda row: (f"Báo cáo {row.get_period_display().lower()}", str(row.ward or row.agency or "Thành phố")),
    ),
    _Source(
        "co-so", "Thẩm định tại cơ sở", _About.VISIT, _visits,
        lambda row: (_unit_words(row.assessment.registration.unit)[0],
                     f"{row.assessment.registration.unit.ward}, {row.delegation}"),
    ),
    _Source("quyet-dinh", "Quyết định", _About.DECISION, _decisions, lambda row: (str(row), "")),
    _Source("du-toan", "Dự toán kinh phí", _About.ESTIMATE, _estimates, lambda row: (str(row.ward), "")),
    _Source(
        "quyet-dinh-kinh-phi", "Quyết định kinh phí", _About.BUDGET_DECISION, _budget_decisions,
        lambda row: (str(row), ""),
    ),
    _Source(
        "khen-thuong", "Quyết định khen thưởng", _About.COMMENDATION_DECISION, _commendation_decisions,
        lambda row: (str(row), ""),
    ),
    _Source(
        "giay-cong-nhan", "Giấy công nhận", _About.CERTIFICATE, _certificates,
        lambda row: (f"Số {row}", "{}, {}".format(*_unit_words(row.line.assessment.registration.unit))),
    ),
)  # fmt: skip
