"""manage.py send_notices: the daily command. Reminders into the application, then the letters."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.mailing import send_letters
from assessments.reminding import create


class Command(BaseCommand):
    help = "Nhắc việc đang chờ và các mốc thời gian, rồi gửi thư. Chạy mỗi ngày một lần; chạy lại không nhắc hai lần."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, help="coi hôm nay là ngày này (năm-tháng-ngày)")
        parser.add_argument("--dry-run", action="store_true", help="chỉ cho xem sẽ nhắc gì, không ghi, không gửi")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when a letter could not be sent; the next run tries again."""
        today = options["date"] or timezone.localdate()
        told = create(today, dry_run=options["dry_run"])
        if options["dry_run"]:
            for user, reminder in told:
                self.stdout.write(f"{user.username}: {reminder.text}")
            self.stdout.write(f"Sẽ nhắc {len(told)} việc.")
            return
        if not settings.MAIL_CONFIGURED:
            self._say(options, f"Đã nhắc {len(told)} việc. Chưa đặt EMAIL_URL nên không gửi thư.")
            return
        sent = send_letters()
        self._say(options, f"Đã nhắc {len(told)} việc, gửi {sent.letters} thư ({sent.notices} thông báo).")
        if sent.failed:
            raise CommandError(f"{sent.failed} thư chưa gửi được, lần chạy sau gửi lại.")

    def _say(self, options: dict[str, Any], sentence: str) -> None:
        if options["verbosity"]:
            self.stdout.write(sentence)
