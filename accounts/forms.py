"""Signing in, with messages that say what to do."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest

from localities.text import clean


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra bộ gõ tiếng Việt và phím Caps Lock rồi thử lại."
        ),
        "inactive": "Tài khoản này đã ngừng hoạt động. Liên hệ quản trị tài khoản.",
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"

    def clean_username(self) -> str:
        return clean(self.cleaned_data["username"])
