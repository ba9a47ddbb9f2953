"""Pages that belong to no app: errors and the health address."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: an old page, or cookies switched off."""
    return render(request, "403_csrf.html", status=403)


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """200 when the application answers and reaches its database; for monitors and the start command."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/icon.svg"), permanent=True)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be read: broken form data, too many fields or files."""
    return render(request, "400.html", status=400)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or none that concerns this person; the two look the same on purpose."""
    return render(request, "404.html", status=404)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)
