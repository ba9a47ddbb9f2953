"""Milliseconds and SQL queries of the main pages, beside their floors measured in the same run."""

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import reverse

from accounts.models import User
from assessments.models import Layer, Verdict
from laichau_tuquan.bench import agency, appraisal, data, measure
from laichau_tuquan.bench import urls as floor
from reports import rendering

BACKEND = "django.contrib.auth.backends.ModelBackend"
HEAD = f"{'việc đo':<44}{'ms':>9}{'truy vấn':>10}{'sàn ms':>9}{'so sàn':>8}   sàn là"


class Command(BaseCommand):
    help = "Đo thời gian và số truy vấn của các trang chính trên cơ sở dữ liệu thử riêng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--units", type=int, default=100)
        parser.add_argument("--repeat", type=int, default=15)

    def handle(self, *args: Any, units: int, repeat: int, **options: Any) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        setup_test_environment()
        old = connection.creation.create_test_db(verbosity=0)
        try:
            with override_settings(ROOT_URLCONF="laichau_tuquan.bench.urls"):
                self.measure(data.prepare(units), repeat)
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)
            teardown_test_environment()

    def measure(self, scene: data.Scene, repeat: int) -> None:
        officer, home_affairs = signed_in(scene.officer), signed_in(scene.home_affairs)
        count = scene.plan.registrations.count()
        self.stdout.write(HEAD)
        sheet = reverse("assessments:detail", args=[scene.full.pk])
        self.page("trang đánh giá, đủ 84 mục", officer, sheet, repeat)
        self.save(officer, scene, repeat)
        listed = reverse("assessments:list", args=[scene.plan.year])
        self.page(f"danh sách của phường, {count} tổ", officer, listed, repeat)
        self.page(f"danh sách của thành phố, {count} tổ", home_affairs, listed, repeat)
        self.page("trang đầu của Phòng Nội vụ", home_affairs, reverse("assessments:home"), repeat)
        self.grids(scene, repeat)
        self.dossier(officer, scene, max(3, repeat // 4))
        appraisal.measure(scene, home_affairs, lambda name, client, url: self.page(name, client, url, repeat))

    def grids(self, scene: data.Scene, repeat: int) -> None:
        """The widest agency's grid with a city's and with a thousand units, and one cell of each."""
        for units, year in ((70, 2031), (1000, 2032)):
            found = agency.prepare(units, year, scene.home_affairs)
            client, url = signed_in(found.officer), reverse("assessments:grid", args=[year])
            self.page(f"bảng thẩm định của cơ quan, {units} hồ sơ", client, url, repeat if units < 500 else 5)
            packed = len(client.get(url, headers={"Accept-Encoding": "gzip"}).content)
            self.stdout.write(f"{'':<44}trang {len(floor.content) // 1024} KB, nén {packed // 1024} KB")
            self.cell(client, found, repeat)

    def cell(self, client: Client, found: agency.GridScene, repeat: int) -> None:
        """One cell answered and taken back, as the grid sends it."""
        url = reverse("assessments:grid_cell", args=[found.plan.year, found.first.pk, found.key])
        state: dict[str, Any] = {"version": 0, "stated": ""}

        def post() -> None:
            state["stated"] = "" if state["stated"] else "met"
            response = client.post(url, state)
            assert response.status_code == 200, response.content
            state["version"] += 1

        timing = measure.timed(post, repeat)
        seen = measure.statements(post)
        floor.content = b""
        empty = measure.timed(lambda: client.get("/san/"), repeat)
        bare = measure.replayed(without_transaction(seen[2:]), repeat)
        least = empty.median + bare.median
        self.row("lưu một ô của bảng thẩm định", timing.median, len(seen), least, "trang rỗng + SQL trần")

    def row(self, name: str, ms: float, queries: int, least: float, what: str) -> None:
        self.stdout.write(f"{name:<44}{ms:>9.1f}{queries:>10}{least:>9.1f}{ms / least:>8.2f}   {what}")

    def page(self, name: str, client: Client, url: str, repeat: int) -> None:
        """One page against an empty view of the same bytes plus its bare SQL."""

        def get() -> bytes:
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            return response.content

        floor.content = get()
        timing = measure.timed(get, repeat)
        seen = measure.statements(get)
        empty = measure.timed(lambda: client.get("/san/"), repeat)
        # The empty view signs the person in too: those two statements are counted once.
        bare = measure.replayed(seen[2:], repeat)
        self.row(name, timing.median, len(seen), empty.median + bare.median, "trang rỗng cùng độ dài + SQL trần")

    def save(self, client: Client, scene: data.Scene, repeat: int) -> None:
        """One verdict changed and changed back, as htmx sends it."""
        url = reverse("assessments:save", args=[scene.full.pk, "tc-1.2"])
        row = Verdict.objects.get(assessment=scene.full, layer=Layer.SELF, entry__key="tc-1.2")
        state: dict[str, Any] = {"version": row.version, "stated": row.stated}

        def post() -> None:
            state["stated"] = "not_met" if state["stated"] == "met" else "met"
            form = {"layer": "self", "note": data.NOTE, **state}
            response = client.post(url, form, headers={"HX-Request": "true"})
            assert response.status_code == 200, response.status_code
            state["version"] += 1

        timing = measure.timed(post, repeat)
        seen = measure.statements(post)
        floor.content = b""
        empty = measure.timed(lambda: client.get("/san/"), repeat)
        bare = measure.replayed(without_transaction(seen[2:]), repeat)
        self.row("lưu một đánh giá", timing.median, len(seen), empty.median + bare.median, "trang rỗng + SQL trần")

    def dossier(self, client: Client, scene: data.Scene, repeat: int) -> None:
        """The PDF through the application against WeasyPrint alone on the finished HTML."""
        url = reverse("reports:dossier", args=[scene.full.pk])
        pages: list[str] = []
        with caught_html(pages):
            client.get(url)

        def get() -> None:
            assert client.get(url)["Content-Type"] == "application/pdf"

        timing = measure.timed(get, repeat)
        alone = measure.timed(lambda: rendering.pdf(pages[0]), repeat)
        self.row("hồ sơ PDF", timing.median, len(measure.statements(get)), alone.median, "riêng WeasyPrint, cùng HTML")


def signed_in(user: User) -> Client:
    """A browser of its own for one person."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def without_transaction(seen: list[measure.Statement]) -> list[measure.Statement]:
    """The statements between BEGIN and COMMIT, and none of these."""
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return [statement for statement in seen if not statement[0].startswith(words)]


class caught_html:
    """Keeps the HTML that goes into the one PDF door while the block runs."""

    def __init__(self, pages: list[str]) -> None:
        self.pages = pages
        self.door: Callable[[str], bytes] = rendering.pdf

    def __enter__(self) -> None:
        def noting(html: str) -> bytes:
            self.pages.append(html)
            return self.door(html)

        rendering.pdf = noting

    def __exit__(self, *exception: object) -> None:
        rendering.pdf = self.door  # type: ignore[assignment]
