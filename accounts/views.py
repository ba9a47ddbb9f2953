"""Signing in and out, the own password, and the answer to too many failed attempts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages.views import SuccessMessageMixin
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from accounts.forms import NewPasswordForm, SignInForm
from accounts.models import User


@method_decorator(login_not_required, name="dispatch")
class SignIn(auth_views.LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        wanted: str = super().get_redirect_url()
        return "" if wanted == self.request.path else wanted

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(locked=self.request.session.pop("locked", False), **kwargs)


class PasswordChange(SuccessMessageMixin, auth_views.PasswordChangeView):
    template_name = "accounts/password_change.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("assessments:home")
    success_message = "Đã đổi mật khẩu."

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        User.objects.filter(username=self.request.user.get_username()).update(must_change_password=False)
        return response


class SignOut(auth_views.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        messages.success(request, "Đã đăng xuất.")
        return response


@login_not_required
def locked_out(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """After too many failed attempts from one address for one name (axes)."""
    return render(request, "accounts/locked_out.html", status=429)
