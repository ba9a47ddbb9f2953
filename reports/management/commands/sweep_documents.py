"""Once a day: make room where nothing is needed any more."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.sweeping import sweep


class Command(BaseCommand):
    help = "Dọn lệnh in và tệp văn bản cũ; văn bản đã chốt được giữ mãi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=90, help="giữ lại bấy nhiêu ngày")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        if days < 1:
            raise CommandError("--days phải từ 1 trở lên.")
        swept = sweep(days)
        self.stdout.write(
            f"Đã dọn {swept.orders} lệnh in, {swept.files} tệp văn bản, {swept.strays} tệp lạc, "
            f"{swept.tasks} việc nền cũ."
        )
