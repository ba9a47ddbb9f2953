"""manage.py load_criteria [path]: bring in a criteria set, by default that of 2020."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from criteria.loading import CriteriaFileError, Outcome, load_criteria
from criteria.spec import EntryKind

SENTENCES = {
    Outcome.LOADED: "Đã nạp và đưa vào áp dụng",
    Outcome.PUBLISHED: "Đã đưa vào áp dụng bản dự thảo có sẵn",
    Outcome.UNCHANGED: "Không có thay đổi",
}


class Command(BaseCommand):
    help = "Nạp bộ tiêu chí từ tệp và đưa vào áp dụng; chạy lại thì chỉ so sánh."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "fixtures" / "criteria-2020.json",
            help="Tệp bộ tiêu chí (mặc định: fixtures/criteria-2020.json).",
        )

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            result = load_criteria(path)
        except CriteriaFileError as error:
            raise CommandError(str(error)) from error
        criteria_set, counts = result.criteria_set, result.counts
        self.stdout.write(
            f"{SENTENCES[result.outcome]}: bộ tiêu chí {criteria_set.code}, phiên bản {criteria_set.version}, gồm "
            f"{counts[EntryKind.CRITERION]} tiêu chí, {counts[EntryKind.ITEM]} mục nội dung tự quản, "
            f"{counts[EntryKind.CASE]} trường hợp không đảm bảo."
        )
