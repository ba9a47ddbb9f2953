"""Milliseconds and SQL queries of the main pages, beside their floors measured in the same run."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from assessments.models import Layer, Verdict
from laichau_tuquan.bench import agency, appraisal, data, measure, papers, printing
from laichau_tuquan.bench import urls as floor
from laichau_tuquan.bench.measure import Row

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Not Django's test environment: it copies the context of every template, which no server does.
TRIAL: dict[str, Any] = {
    "ROOT_URLCONF": "laichau_tuquan.bench.urls",
    "ALLOWED_HOSTS": ["testserver"],
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
}
HEAD = f"{'việc đo':<44}{'ms':>9}{'truy vấn':>10}{'sàn ms':>9}{'so sàn':>8}{'CPU ms':>9}{'so sàn':>8}   sàn là"
PAGES, PAPERS, ORDERS = "trang", "van-ban", "lenh-in"


class Command(BaseCommand):
    help = "Đo thời gian và số truy vấn của các trang chính trên cơ sở dữ liệu thử riêng."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--units", type=int, default=100)
        parser.add_argument("--repeat", type=int, default=15)
        parser.add_argument("--only", choices=[PAGES, PAPERS, ORDERS], help="chỉ đo phần này")

    def handle(self, *args: Any, units: int, repeat: int, only: str | None, **options: Any) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        old = connection.creation.create_test_db(verbosity=0)
        try:
            with override_settings(**TRIAL):
                self.measure(data.prepare(units), repeat, [only] if only else [PAGES, ORDERS, PAPERS])
        finally:
            connection.creation.destroy_test_db(old, verbosity=0)

    def measure(self, scene: data.Scene, repeat: int, parts: list[str]) -> None:
        officer, home_affairs = signed_in(scene.officer), signed_in(scene.home_affairs)
        self.stdout.write(HEAD)
        if PAGES in parts:
            self.pages(scene, officer, home_affairs, repeat)
        for row in printing.measured(scene) if ORDERS in parts else ():
            self.row(row)
        for row in papers.measured(scene, officer, max(3, repeat // 3)) if PAPERS in parts else ():
            self.row(row)
        if PAGES in parts:
            appraisal.measure(scene, home_affairs, lambda name, client, url: self.page(name, client, url, repeat))

    def pages(self, scene: data.Scene, officer: Client, home_affairs: Client, repeat: int) -> None:
        count = scene.plan.registrations.count()
        sheet = reverse("assessments:detail", args=[scene.full.pk])
        self.page("trang đánh giá, đủ 84 mục", officer, sheet, repeat)
        self.save(officer, scene, repeat)
        listed = reverse("assessments:list", args=[scene.plan.year])
        self.page(f"danh sách của phường, {count} tổ", officer, listed, repeat)
        self.page(f"danh sách của thành phố, {count} tổ", home_affairs, listed, repeat)
        self.page("trang đầu của Phòng Nội vụ", home_affairs, reverse("assessments:home"), repeat)
        self.grids(scene, repeat)

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
        self.row(Row("lưu một ô của bảng thẩm định", timing, empty + bare, "trang rỗng + SQL trần", len(seen)))

    def row(self, row: Row) -> None:
        def told(took: float, least: float) -> str:
            return f"{took / least:>8.2f}" if least else f"{'':>8}"

        took, floor = row.took, row.floor
        numbers = f"{took.median:>9.1f}{row.queries:>10}{floor.median:>9.1f}{told(took.median, floor.median)}"
        self.stdout.write(f"{row.name:<44}{numbers}{took.cpu:>9.1f}{told(took.cpu, floor.cpu)}   {row.floor_name}")

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
        self.row(Row(name, timing, empty + bare, "trang rỗng cùng độ dài + SQL trần", len(seen)))

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
        self.row(Row("lưu một đánh giá", timing, empty + bare, "trang rỗng + SQL trần", len(seen)))


def signed_in(user: User) -> Client:
    """A browser of its own for one person."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def without_transaction(seen: list[measure.Statement]) -> list[measure.Statement]:
    """The statements between BEGIN and COMMIT, and none of these."""
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return [statement for statement in seen if not statement[0].startswith(words)]
