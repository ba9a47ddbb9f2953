"""manage.py create_admin: the first administrator of a new installation."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.administrators import follow_group, follow_role
from accounts.models import Role, User
from localities.text import clean


class Command(BaseCommand):
    help = "Tạo một tài khoản quản trị (quản lý tài khoản và danh mục, không đánh giá); mật khẩu được hỏi khi chạy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True, help="Tên đăng nhập.")
        parser.add_argument("--full-name", required=True, help="Họ và tên.")

    @transaction.atomic
    def handle(self, *args: Any, username: str, full_name: str, **options: Any) -> None:
        """Ask for the password and create the account; a refusal names what is wrong."""
        user = User(username=User.normalize_username(username), full_name=clean(full_name), role=Role.ADMINISTRATOR)
        follow_role(user)
        try:
            user.full_clean(exclude=["password"])
            if User.objects.filter(username__iexact=user.username).exists():
                raise ValidationError("Tên đăng nhập này đã có.")
            password = ask_password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.save()
        follow_group(user)
        self.stdout.write(f"Đã tạo tài khoản quản trị {user.username}. Trang quản trị: /quan-tri/")


def ask_password() -> str:
    """Typed twice at a terminal; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass("Mật khẩu: ")
    if password != getpass("Nhập lại mật khẩu: "):
        raise CommandError("Hai lần nhập mật khẩu không giống nhau.")
    return password
