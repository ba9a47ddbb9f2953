"""Session lock after idleness and the forced change of a first password."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

_SEEN = "seen"
# Rewriting the session at every request would cost two queries; once a minute is exact enough.
_REFRESH_SECONDS = 60

GetResponse = Callable[[HttpRequest], HttpResponse]


class SessionLockMiddleware:
    """Ends a session that was idle for settings.SESSION_IDLE_SECONDS (level 2: 15 minutes)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.session.get(_SEEN)
        now = int(time.time())
        if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
            request.session["locked"] = True
        elif (seen is None or now - seen > _REFRESH_SECONDS) and request.user.is_authenticated:
            request.session[_SEEN] = now
        return self.get_response(request)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page wants a signed-in person, unless its view says otherwise.

    A part of a page asked for by htmx gets a plain 401 instead of the sign-in page: the page keeps
    what was typed and says so.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse("Phiên làm việc đã hết.", status=401, content_type="text/plain; charset=utf-8")
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        # A step cannot be repeated by going to its address: back to the page it was taken on.
        messages.warning(request, "Việc vừa bấm chưa được thực hiện vì phiên làm việc đã hết. Đăng nhập rồi làm lại.")
        came_from = urlsplit(request.headers.get("Referer", ""))
        back = came_from.path if came_from.netloc == request.get_host() else "/"
        return redirect_to_login(back or "/", resolve_url(settings.LOGIN_URL))


class PasswordChangeMiddleware:
    """Sends whoever still has a password given by the administrator to the page that changes it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated or not user.must_change_password:
            return self.get_response(request)
        allowed = {reverse("accounts:password_change"), reverse("accounts:sign_out")}
        if request.path in allowed:
            return self.get_response(request)
        messages.info(request, "Đổi mật khẩu do quản trị cấp trước khi tiếp tục.")
        return redirect("accounts:password_change")
