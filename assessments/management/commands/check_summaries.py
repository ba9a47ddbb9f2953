"""manage.py check_summaries: prove that the stored results equal a fresh scoring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.checking import stale_summaries
from assessments.models import Summary


class Command(BaseCommand):
    help = "Kiểm tra kết quả tổng hợp đã lưu có đúng bằng kết quả tính lại từ các đánh giá hay không."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per wrong result and exit code 1, or one line that all are right."""
        wrong = stale_summaries()
        for summary in wrong:
            self.stderr.write(line(summary))
        if wrong:
            raise CommandError(f"Có {len(wrong)} kết quả tổng hợp không khớp với kết quả tính lại.")
        if options["verbosity"]:
            self.stdout.write(f"Cả {Summary.objects.count()} kết quả tổng hợp đều khớp với kết quả tính lại.")


def line(summary: Summary) -> str:
    """Where to look: ward, unit, year and layer."""
    assessment = summary.assessment
    return (
        f"Hồ sơ {assessment.pk}, {assessment.unit.ward}, {assessment.unit}, năm {assessment.plan.year}, "
        f"{summary.get_layer_display().lower()}: kết quả đã lưu ({summary}) khác kết quả tính lại."
    )
