"""manage.py export_heads: the last hash of every chain, for a file kept outside the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.exporting import heads, lines
from assessments.models import Plan


class Command(BaseCommand):
    help = "Xuất mã băm cuối của mọi nhật ký ra CSV (màn hình hoặc tệp), để lưu ngoài hệ thống."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", type=int, help="chỉ xuất kế hoạch của năm này")
        parser.add_argument("--output", type=Path, help="tệp ghi ra; không ghi đè tệp đã có")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = None
        if options["plan"] is not None:
            plan = Plan.objects.filter(year=options["plan"]).first()
            if plan is None:
                raise CommandError(f"Không có kế hoạch năm {options['plan']}.")
        content = lines(heads(plan))
        if options["output"] is None:
            for line in content:
                self.stdout.write(line, ending="")
            return
        try:
            with options["output"].open("x", encoding="utf-8", newline="") as file:
                file.writelines(content)
        except OSError as error:
            raise CommandError(f"Không ghi được tệp {options['output']}: {error.strerror}.") from error
        if options["verbosity"]:
            self.stdout.write(f"Đã xuất ra {options['output']}.")
