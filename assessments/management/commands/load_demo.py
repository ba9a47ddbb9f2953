"""manage.py load_demo: invented units, accounts and assessments for a database that has no users yet."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from assessments.demo.loading import load


class Command(BaseCommand):
    help = "Nạp dữ liệu minh họa (tổ, bản, tài khoản, hồ sơ đều hư cấu) khi cơ sở dữ liệu chưa có tài khoản nào."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Không nạp dữ liệu minh họa khi vận hành chính thức: mật khẩu của nó ai cũng biết.")
        if User.objects.exists():
            self._say(options, "Đã có tài khoản nên không nạp dữ liệu minh họa.")
            return
        call_command("load_reference", verbosity=0)
        self._say(options, f"Đã nạp dữ liệu minh họa: {load()} hồ sơ đánh giá.")

    def _say(self, options: dict[str, Any], sentence: str) -> None:
        if options["verbosity"]:
            self.stdout.write(sentence)
