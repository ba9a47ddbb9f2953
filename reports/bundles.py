"""Which papers are ordered together: of what, for whom, in which form. One row for each set."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from assessments import permissions
from assessments.models import Assessment, Decision, Plan
from assessments.permissions import AnyUser
from assessments.queries import decisions
from assessments.queries.standing import standing_lines
from localities.models import Ward
from reports import registry, wording
from reports.binding import safe_name, unique
from reports.models.files import Format
from reports.registry import About, Ids

PDF, ZIP = Format.PDF, Format.ZIP
MOST = 2000  # papers of one order
UNIT = "registration__unit__ward"
DOSSIER, CERTIFICATE, WHOLE = "phieu-danh-gia", "giay-cong-nhan", "toan-bo-ho-so"
SHEET, MINUTES = "phieu-tham-dinh-co-so", "bien-ban-tham-dinh"


@dataclass(frozen=True, slots=True)
class Item:
    """One paper of a set."""

    kind: str
    subject: str
    format: Format
    label: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A set of papers as one person finds it now."""

    title: str
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Bundle:
    """One kind of set."""

    code: str  # in addresses
    name: str  # on screens
    button: str  # what orders it in one click
    about: About
    find: Callable[[AnyUser, Ids], Chosen]  # raises ObjectDoesNotExist outside the person's scope
    papers: tuple[str, ...]  # the kinds in it: without one of them in the registry there is no such set
    formats: tuple[Format, ...] = (PDF, ZIP)
    may: Callable[[AnyUser], bool] = permissions.may_print_many
    ready: Callable[[Any], bool] = lambda _: True

    def offered_to(self, user: AnyUser) -> bool:
        return self.may(user) and all(code in _KNOWN for code in self.papers)


def _dossiers(user: AnyUser, ids: Ids) -> Chosen:
    plan, ward = _of_ward(user, ids)
    title = f"Phiếu đánh giá của các tổ dân phố, bản, {_named(ward)}, năm {plan.year}"
    return Chosen(title, _items(DOSSIER, _of_plan(user, plan).filter(registration__unit__ward=ward)))


def _all_dossiers(user: AnyUser, ids: Ids) -> Chosen:
    [pk] = ids
    plan = Plan.objects.get(pk=pk)
    title = f"Phiếu đánh giá của các tổ dân phố, bản toàn thành phố, năm {plan.year}"
    return Chosen(title, _items(DOSSIER, _of_plan(user, plan)))


def _whole_of_ward(user: AnyUser, ids: Ids) -> Chosen:
    plan, ward = _of_ward(user, ids)
    title = f"Toàn bộ hồ sơ của các tổ dân phố, bản, {_named(ward)}, năm {plan.year}"
    return Chosen(title, _items(WHOLE, _of_plan(user, plan).filter(registration__unit__ward=ward)))


def _whole(user: AnyUser, ids: Ids) -> Chosen:
    [pk] = ids
    assessment = _with_unit(permissions.visible_assessments(user)).get(pk=pk)
    title = f"Toàn bộ hồ sơ {wording.place(assessment.unit)}, năm {assessment.plan.year}"
    return Chosen(title, _items(WHOLE, [assessment]))


def _of_visits(code: str) -> Callable[[AnyUser, Ids], Chosen]:
    """The papers of this kind of a delegation's visits, in the order of the schedule."""
    about_visit = code in (SHEET, MINUTES)

    def find(user: AnyUser, ids: Ids) -> Chosen:
        [pk] = ids
        delegation = permissions.visible_delegations(user).select_related("plan").get(pk=pk)
        visits = permissions.visible_visits(user).filter(delegation=delegation)
        visits = visits.select_related("assessment__registration__plan", f"assessment__{UNIT}")
        if code == DOSSIER:  # a dossier that went back to its ward is no business of the delegation's for that time
            visits = visits.filter(assessment__in=permissions.visible_assessments(user).values("pk"))
        if code == MINUTES:
            visits = visits.filter(held_on__isnull=False)
        found = [(visit.pk if about_visit else visit.assessment_id, visit.assessment) for visit in visits]
        title = f"{_short(code)}, {delegation}, năm {delegation.plan.year}"
        return Chosen(title, _named_items(code, found))

    return find


def _certificates(user: AnyUser, ids: Ids) -> Chosen:
    [pk] = ids
    decision: Decision = decisions(user).get(pk=pk)
    given = permissions.visible_certificates(user).filter(line__decision=decision).order_by("number")
    given = given.select_related("line__assessment__registration__plan", f"line__assessment__{UNIT}")
    stands = {line.pk for line in standing_lines(row.line.assessment_id for row in given).values()}
    return Chosen(
        f"Giấy công nhận theo Quyết định số {decision.number}",
        _named_items(CERTIFICATE, [(row.pk, row.line.assessment) for row in given if row.line_id in stands]),
    )


BUNDLES: tuple[Bundle, ...] = (
    Bundle(
        "phieu-danh-gia-xa-phuong", "Phiếu đánh giá của mọi tổ dân phố, bản", "In tất cả hồ sơ",
        About.WARD_PLAN, _dossiers, (DOSSIER,), may=permissions.may_print_for_ward,
    ),
    Bundle(
        "toan-bo-ho-so-xa-phuong", "Toàn bộ hồ sơ (kèm minh chứng) của mọi tổ dân phố, bản", "Lập toàn bộ hồ sơ",
        About.WARD_PLAN, _whole_of_ward, (WHOLE,), formats=(ZIP,), may=permissions.may_print_for_ward,
    ),
    Bundle(
        "phieu-danh-gia-thanh-pho", "Phiếu đánh giá của mọi tổ dân phố, bản", "In tất cả hồ sơ",
        About.PLAN, _all_dossiers, (DOSSIER,), may=permissions.may_see_city,
    ),
    Bundle(
        WHOLE, "Toàn bộ hồ sơ (kèm minh chứng)", "Lập bộ hồ sơ",
        About.ASSESSMENT, _whole, (WHOLE,), may=permissions.may_print,
    ),
    Bundle(
        "ho-so-doan", "Phiếu đánh giá của các nơi đến", "In tất cả hồ sơ",
        About.DELEGATION, _of_visits(DOSSIER), (DOSSIER,),
    ),
    Bundle(
        "phieu-tham-dinh-doan", "Phiếu thẩm định tại cơ sở", "In phiếu thẩm định",
        About.DELEGATION, _of_visits(SHEET), (SHEET,),
    ),
    Bundle(
        "bien-ban-doan", "Biên bản thẩm định", "In biên bản",
        About.DELEGATION, _of_visits(MINUTES), (MINUTES,),
    ),
    Bundle(
        "giay-cong-nhan-quyet-dinh", "Giấy công nhận của mọi tổ dân phố, bản", "In tất cả giấy công nhận",
        About.DECISION, _certificates, (CERTIFICATE,), may=permissions.may_see_city,
        ready=lambda decision: decision.confirmed_at is not None,
    ),
)  # fmt: skip
_BY_CODE = {bundle.code: bundle for bundle in BUNDLES}
_KNOWN = {paper.code for paper in registry.PAPERS}


def find(code: str) -> Bundle:
    """The kind of set with this code. Raises KeyError for none."""
    return _BY_CODE[code]


def offered(user: AnyUser, about: About, thing: Any) -> list[Bundle]:
    """What of this thing the person may order now."""
    return [row for row in BUNDLES if row.about == about and row.ready(thing) and row.offered_to(user)]


def _of_ward(user: AnyUser, ids: Ids) -> tuple[Plan, Ward]:
    plan_pk, ward_pk = ids
    return Plan.objects.get(pk=plan_pk), permissions.visible_wards(user).get(pk=ward_pk)


def _of_plan(user: AnyUser, plan: Plan) -> QuerySet[Assessment]:
    found = permissions.visible_assessments(user).filter(registration__plan=plan)
    place = f"{UNIT}__position", UNIT, "registration__unit__sort_name", "pk"
    return _with_unit(found).order_by(*place)


def _with_unit(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    return assessments.select_related("registration__plan", UNIT)


def _items(kind: str, assessments: Iterable[Assessment]) -> list[Item]:
    return _named_items(kind, [(assessment.pk, assessment) for assessment in assessments])


def _named_items(kind: str, found: list[tuple[int, Assessment]]) -> list[Item]:
    """One paper of each, in a folder of its ward."""
    if len(found) > MOST:
        raise ObjectDoesNotExist  # no plan of one city has so many
    names = unique(_file_names(kind, found))
    return [
        Item(kind, str(pk), PDF, wording.place(assessment.unit), name)
        for (pk, assessment), name in zip(found, names, strict=True)
    ]


def _file_names(kind: str, found: list[tuple[int, Assessment]]) -> Iterator[str]:
    for number, (_, assessment) in enumerate(found, 1):
        unit = assessment.unit
        yield safe_name(str(unit.ward), f"{number:03d}. {unit.name} - {_short(kind)}.pdf")


def _short(kind: str) -> str:
    return registry.find(kind).name.split(",")[0]


def _named(ward: Ward) -> str:
    return f"{ward.get_kind_display().lower()} {ward.name}"
