"""Signing in, with messages that say what to do."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import USERNAME_LENGTH
from localities.text import clean


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which failed attempts are counted: every spelling that signs in counts as one."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return clean(str(typed)).casefold()


class NewPasswordForm(PasswordChangeForm):
    """A new password that is one: the old password again would leave the administrator's in use."""

    def clean_new_password1(self) -> str:
        new: str = self.cleaned_data["new_password1"]
        if new and new == self.cleaned_data.get("old_password"):
            raise ValidationError("Mật khẩu mới phải khác mật khẩu cũ.")
        return new


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
        name = clean(self.cleaned_data["username"])
        if len(name) > USERNAME_LENGTH:
            # Nobody has such a name, and the list of failed attempts could not hold it.
            raise self.get_invalid_login_error()
        return name


class AdministratorSignInForm(SignInForm, AdminAuthenticationForm):
    """The administration's own sign-in page: the same care with what is typed, for administrators only."""
