"""What a certificate's code confirms to anybody: its number, the unit, the year, and nothing else.

No account, no cookie, no script; nothing here knows who asks.
"""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.certificates import LENGTH, LETTERS
from assessments.models import Certificate
from assessments.queries.standing import standing_lines

_CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015._]+")  # what people put between groups of letters
_MOST = 100  # letters read of what was typed


@login_not_required
@require_safe
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """A field for the code on paper; leads to what it confirms."""
    typed = request.GET.get("ma", "")[:_MOST].strip()
    if not typed:
        return _page(request, {})
    code = plain(typed)
    return redirect("reports:certificate_check", code) if _CODE.fullmatch(code) else _unknown(request, typed)


@login_not_required
@require_safe
@never_cache
def check(request: HttpRequest, code: str) -> HttpResponse:
    """What the code confirms; the same code written otherwise leads here."""
    wanted = plain(code[:_MOST])
    if not _CODE.fullmatch(wanted):
        return _unknown(request, code[:_MOST])
    if wanted != code:
        return redirect("reports:certificate_check", wanted)
    found = Certificate.objects.select_related(
        "plan", "line__assessment__registration__unit__ward", "line__assessment__registration__plan"
    )
    certificate = found.filter(code=code).first()
    if certificate is None:
        return _unknown(request, code)
    line = certificate.line
    standing = standing_lines([line.assessment_id]).get(line.assessment_id)
    # A correction always says the opposite: whatever stands instead of this line took the recognition back.
    in_force = standing is not None and standing.pk == line.pk
    return _page(request, {"certificate": certificate, "unit": line.assessment.unit, "in_force": in_force})


def plain(typed: str) -> str:
    """The code as it is kept: capital letters, nothing between them."""
    return _BETWEEN.sub("", typed).upper()


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    return _page(request, {"unknown": True, "typed": typed}, 404)


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "reports/certificate_check.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
