"""Documents to take away: what to read, what to make of it, and under which name it comes."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.models import User
from assessments.models import Assessment, Layer, Plan
from assessments.permissions import may_see_city, visible_wards
from localities.models import Ward
from localities.queries import authority_on
from reports import consolidated, queries, rendering
from reports import dossier as dossiers

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCORED = (Layer.SELF, Layer.EFFECTIVE)


@require_safe
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """The assessment's dossier as PDF; 404 for a stranger to it."""
    try:
        record = queries.assessment_record(request.user, pk)
    except Assessment.DoesNotExist as error:
        raise Http404 from error
    made = dossiers.build(record, authority_on(record.assessment.plan.issued_on))
    written = rendering.document("reports/dossier.html", {"d": made})
    short = f"ho-so-danh-gia-{_ascii(record.assessment.unit.name)}-{made.year}.pdf"
    return _file(written, "application/pdf", short, f"{made.title}.pdf", inline=True)


@require_safe
def consolidated_table(request: HttpRequest, year: int) -> HttpResponse:
    """The plan's table as Excel: the city's for city-wide roles, else one ward's (?xa=) within one's scope.

    ?ben=self or effective chooses whose verdicts fill the first sheet; the others show all.
    """
    ward = _ward(request)
    layer = request.GET.get("ben", Layer.SELF)
    if layer not in SCORED:
        raise Http404
    plan = get_object_or_404(Plan.objects.select_related("criteria_set"), year=year)
    records = queries.plan_records(request.user, plan, ward)
    authority = authority_on(plan.issued_on)
    written = consolidated.workbook(plan, ward, Layer(layer), records, authority)
    where = str(ward) if ward else "toàn thành phố"
    short = f"tong-hop-{_ascii(where)}-{year}.xlsx"
    return _file(written, XLSX, short, f"Tổng hợp {where} năm {year}.xlsx")


def _ward(request: HttpRequest) -> Ward | None:
    """The ward asked for; without one, the city for those who see it and the own ward for a ward's people."""
    wards = visible_wards(request.user)
    asked = request.GET.get("xa", "")
    if asked:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
            raise Http404
        return get_object_or_404(wards, pk=int(asked))
    if may_see_city(request.user):
        return None
    own = request.user.ward_id if isinstance(request.user, User) else None
    return get_object_or_404(wards, pk=own)


def _ascii(name: str) -> str:
    return slugify(name.replace("Đ", "D").replace("đ", "d"))


def _file(content: bytes, kind: str, short: str, full: str, *, inline: bool = False) -> HttpResponse:
    """A document that nobody but its reader keeps; old programs see the name without marks."""
    how = "inline" if inline else "attachment"
    full = full.replace("/", "-").replace("\\", "-")
    named = f"{how}; filename=\"{short}\"; filename*=UTF-8''{quote(full, safe='')}"
    return HttpResponse(content, kind, headers={"Content-Disposition": named, "Cache-Control": "private, no-store"})
