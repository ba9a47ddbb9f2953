"""One complete dossier, printed once for all tests that only look at it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from django.db import transaction
from django.template.loader import render_to_string
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from assessments.models import Assessment, Plan
from assessments.self_assessment import NewAnswer
from criteria import spec
from localities.models import Unit, UnitYear
from localities.queries import authority_on
from reports import queries, rendering
from reports.papers import dossier
from tests import factories
from tests.reports import data

LONG_NOTE = "Tuyên truyền vận động từng hộ. " * 64 + "Hết ghi chú dài"
LONG_WORD = "W" * 200
HOSTILE = "<script>alert(1)</script><img src=file:///etc/passwd><b>đậm</b> &amp; {{ settings.SECRET_KEY }}"
POINTS = 72 / 25.4  # in a millimetre


# Fixtures that print for many tests: with `--dist loadgroup` one process runs all these tests, and prints once.
DOSSIERS, OF_A_MODULE = {"draft", "decided"}, {"papers", "pictures"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares printed papers: the dossiers of this file over all modules, others in theirs."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and isinstance(item, pytest.Function):
            if DOSSIERS & {*item.fixturenames}:
                item.add_marker(pytest.mark.xdist_group("dossiers"))
            elif OF_A_MODULE & {*item.fixturenames}:
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


@dataclass(frozen=True)
class Printed:
    """A dossier on paper, with what it was made from."""

    record: queries.Record
    content: bytes

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(BytesIO(self.content))

    @cached_property
    def pages(self) -> list[str]:
        return [page.extract_text() for page in self.reader.pages]

    @cached_property
    def bodies(self) -> list[str]:
        """The pages squeezed, without number, foot and repeated head: what goes on over a page's end reads on."""
        feet = [re.sub(r"\d*Sốliệuđến\d\d:.*$", "", squeezed(page)) for page in self.pages]
        return [re.sub(r"^SốTT.{,150}?Ghichú,minhchứng", "", page) for page in feet]

    @cached_property
    def text(self) -> str:
        """All text without spaces and line ends: columns break words where they like."""
        return "".join(self.bodies)

    @cached_property
    def boxes(self) -> list[tuple[int, float, float, float, float]]:
        """Page number and left, bottom, right, top in mm of every visible letter."""
        return list(self._boxes())

    def _boxes(self) -> Iterator[tuple[int, float, float, float, float]]:
        for number, page in enumerate(pypdfium2.PdfDocument(self.content), 1):
            letters = page.get_textpage()
            for at in range(letters.count_chars()):
                if letters.get_text_range(at, 1).strip():
                    left, bottom, right, top = letters.get_charbox(at)
                    if right > left:
                        yield number, left / POINTS, bottom / POINTS, right / POINTS, top / POINTS


def squeezed(text: str) -> str:
    return "".join(text.split())


def printed(assessment: Assessment) -> Printed:
    """The dossier of an assessment, everybody's rights aside."""
    [record] = queries.records(Assessment.objects.filter(pk=assessment.pk))
    made = dossier.build(record, authority_on(record.assessment.plan.issued_on))
    return Printed(record, rendering.pdf(render_to_string("reports/dossier.html", {"d": made})))


def open_with_figures(unit: Unit, plan: Plan) -> Assessment:
    UnitYear.objects.create(
        unit=unit, year=plan.year, households=data.HOUSEHOLDS, persons=1250, poor_households=0, near_poor_households=3
    )
    return factories.open_assessment(unit=unit, plan=plan, officer=factories.WardOfficerFactory(ward=unit.ward))


@pytest.fixture(scope="session")
def draft(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Printed:
    """A draft with all there can be: long and hostile notes, missed figures, evidence of both sorts."""
    with django_db_blocker.unblock(), transaction.atomic():
        data.city_authority()
        ward = factories.WardFactory(name="Quyết Thắng")
        plan = factories.PlanFactory(year=2025, number="604/KH-UBND", notes="Năm 2025 áp dụng bộ tiêu chí năm 2020.")
        assessment = open_with_figures(factories.UnitFactory(ward=ward, name="Tổ 5"), plan)
        officer = assessment.registration.registered_by
        missed = {"ho-nghiem-chinh": spec.Figure(190, None)}  # 95.95 % where 98 are wanted
        data.fill(
            officer,
            assessment,
            {
                "tc-1.1": NewAnswer("met", LONG_NOTE),
                "tc-1.2": NewAnswer("met", LONG_WORD),
                "tc-1.3": NewAnswer("met", "Còn hộ vi phạm", missed),
                "tc-2.1": NewAnswer("met", HOSTILE),
                "tc-2.2": NewAnswer("", ""),
                "nd-2.2.1": NewAnswer("not_applicable", "Tổ dân phố không sản xuất nông nghiệp"),
            },
        )
        data.attach(officer, assessment, "tc-3.4", "ảnh ra quân <Chủ nhật xanh>.pdf")
        data.attach(officer, assessment, "tc-1.1", "Biên bản họp.pdf")
        data.refer(officer, assessment, "th-4", "Báo cáo số 15/BC-CB ngày 05/9/2025")
        made = printed(assessment)
        transaction.set_rollback(True)
    return made


@pytest.fixture(scope="session")
def decided(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Printed:
    """A unit of a village, walked all the way to the confirmed decision."""
    with django_db_blocker.unblock(), transaction.atomic():
        data.city_authority()
        unit = factories.UnitFactory(kind=Unit.Kind.VILLAGE, name="Bản 2")
        assessment = open_with_figures(unit, factories.PlanFactory(year=2025))
        officer = assessment.registration.registered_by
        data.fill(officer, assessment)
        data.walk_to_decision(
            assessment,
            officer=officer,
            leader=factories.WardLeaderFactory(ward=unit.ward),
            home_affairs=factories.HomeAffairsFactory(),
            city_leader=factories.CityLeaderFactory(),
        )
        made = printed(assessment)
        transaction.set_rollback(True)
    return made
