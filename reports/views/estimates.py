"""The empty Excel table in which a ward writes its estimate."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.models import Plan
from assessments.permissions import may_write_estimate
from reports.files import download
from reports.making import CONTENT_TYPES
from reports.models.files import Format
from reports.workbooks import budget


@require_safe
def template(request: HttpRequest, year: int) -> HttpResponse:
    """The table with its headings and room for lines; for whoever writes estimates."""
    if not may_write_estimate(request.user) or not Plan.objects.filter(year=year).exists():
        raise Http404
    title = f"Dự toán kinh phí năm {year}"
    return download(
        budget.template(title), CONTENT_TYPES[Format.EXCEL], f"mau-du-toan-{year}.xlsx", f"Mẫu dự toán {year}.xlsx"
    )
