"""Papers made anew against what makes them alone, and the preview's picture."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from laichau_tuquan.bench import excel, measure
from laichau_tuquan.bench.data import Scene
from laichau_tuquan.bench.measure import Row
from reports import making, registry, rendering, store
from reports.models import StoredFile
from reports.models.files import Format
from reports.papers import city_table

UNITS = 70  # of the city's table as PDF
DOSSIER, CITY = "phieu-danh-gia", "bang-tu-danh-gia"


def measured(scene: Scene, officer: Client, repeat: int) -> Iterator[Row]:
    """Rows of the table, each paper with an empty store."""
    with TemporaryDirectory() as folder, override_settings(DOCUMENT_ROOT=Path(folder) / "documents"):
        yield _made_anew("hồ sơ PDF, lập mới", officer, scene.officer, DOSSIER, scene.full.pk, repeat)
        yield _picture(officer, scene, repeat)
        yield _workbook(scene, repeat)
        yield _city_table(scene, max(3, repeat // 2))


def empty_the_store() -> None:
    """So that the next paper is made, written and remembered anew."""
    StoredFile.objects.all().delete()
    shutil.rmtree(settings.DOCUMENT_ROOT, ignore_errors=True)


def _made_anew(name: str, client: Client, user: object, code: str, pk: int, repeat: int) -> Row:
    """The PDF through the application against WeasyPrint alone: the same HTML, stylesheet, fonts and variant."""
    paper = registry.find(code)
    filled = making.html(paper, making.read(user, paper, (pk,)))  # type: ignore[arg-type]
    get = _getter(client, reverse("reports:paper_file", args=[code, (pk,), "pdf"]))
    ours, alone = measure.in_turn([get, lambda: rendering.pdf(filled)], repeat, empty_the_store)
    empty_the_store()
    return Row(name, ours, alone, "riêng WeasyPrint, cùng HTML", len(measure.statements(get)))


def _city_table(scene: Scene, repeat: int) -> Row:
    """Read, laid out and stored, cut to as many units as the city has, against WeasyPrint alone on the same HTML."""
    paper, ids = registry.find(CITY), (scene.plan.pk,)

    def read() -> city_table.CityTable:
        made = city_table.read_self(scene.home_affairs, ids)
        return replace(made, records=made.records[:UNITS])

    filled = making.html(paper, read())

    def make() -> None:
        making.finish(scene.home_affairs, paper, ids, read(), Format.PDF)

    ours, alone = measure.in_turn([make, lambda: rendering.pdf(filled)], repeat, empty_the_store)
    empty_the_store()
    count = len(read().records)
    name = f"bảng PDF của thành phố, {count} tổ"
    return Row(name, ours, alone, "riêng WeasyPrint, cùng HTML", len(measure.statements(make)))


def _picture(client: Client, scene: Scene, repeat: int) -> Row:
    """A page of the preview as the page asks for it, against drawing the same page alone."""
    subject = (scene.full.pk,)
    shown = _getter(client, reverse("reports:paper_pages", args=[DOSSIER, subject]))()
    found = re.search(r'src="([^"]+trang-2\.png[^"]*)"', shown.decode())
    assert found, shown
    get = _getter(client, found[1].replace("&amp;", "&"))
    content = store.read(StoredFile.objects.get())
    ours, alone = measure.in_turn([get, lambda: rendering.page_image(content, 2, 1000)], repeat)
    return Row("ảnh một trang xem trước", ours, alone, "riêng PDFium, cùng trang", len(measure.statements(get)))


def _workbook(scene: Scene, repeat: int) -> Row:
    """The city's Excel table from records already read, against openpyxl writing the same cells."""
    made = city_table.read_self(scene.home_affairs, (scene.plan.pk,))
    ours, bare = excel.against_bare(made, repeat)
    name = f"bảng Excel của thành phố, {len(made.records)} tổ"
    return Row(name, ours, bare, "riêng openpyxl write-only, cùng ô, cùng kiểu")


def _getter(client: Client, url: str) -> Callable[[], bytes]:
    def get() -> bytes:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return response.getvalue()

    return get
