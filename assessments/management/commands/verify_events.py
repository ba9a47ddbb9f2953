"""manage.py verify_events: prove that nobody changed, removed or added anything in the record."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.exporting import BadFile, Exported, parse
from assessments.models import Assessment, Plan
from assessments.verifying import verify


class Command(BaseCommand):
    help = "Kiểm tra nhật ký: tính lại mọi mã băm, đối chiếu với hồ sơ và, nếu có, với tệp mã băm đã xuất."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--assessment", type=int, help="chỉ kiểm tra hồ sơ có mã này")
        parser.add_argument("--plan", type=int, help="chỉ kiểm tra kế hoạch của năm này")
        parser.add_argument("--against", type=Path, help="tệp CSV của export_heads để đối chiếu")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per fault and exit code 1, or one line that everything is intact."""
        exported = _read(options["against"]) if options["against"] else None
        report = verify(assessment_id=_assessment(options), plan=_plan(options), exported=exported)
        for fault in report.faults:
            self.stderr.write(str(fault))
        if report.faults:
            raise CommandError(f"Nhật ký có {len(report.faults)} chỗ sai lệch.")
        if options["verbosity"]:
            compared = f", khớp với {report.compared} mã băm đã xuất" if exported else ""
            self.stdout.write(f"Nhật ký nguyên vẹn: {report.events} sự kiện trong {report.chains} chuỗi{compared}.")


def _assessment(options: dict[str, Any]) -> int | None:
    pk: int | None = options["assessment"]
    if pk is not None and not Assessment.objects.filter(pk=pk).exists():
        raise CommandError(f"Không có hồ sơ {pk}.")
    return pk


def _plan(options: dict[str, Any]) -> Plan | None:
    year = options["plan"]
    plan = Plan.objects.filter(year=year).first() if year is not None else None
    if year is not None and plan is None:
        raise CommandError(f"Không có kế hoạch năm {year}.")
    return plan


def _read(path: Path) -> Exported:
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise CommandError(f"Không đọc được tệp {path}.") from error
    except BadFile as error:
        raise CommandError(str(error)) from error
