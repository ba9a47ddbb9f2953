"""Papers of a visit: its minutes, and the sheet for writing by hand."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.models import Visit
from localities.queries import authority_on
from reports import visit_minutes
from reports.files import paper, plain


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as PDF, a draft until they are closed; 404 for whom the visit does not concern."""
    made = _made(request, pk)
    return _answer(made, "visit_minutes", "bien-ban-tham-dinh", made.title)


@require_safe
def sheet_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Every entry with the ward's and the agency's verdict and room to write."""
    made = _made(request, pk)
    return _answer(made, "visit_sheet_paper", "phieu-tham-dinh", made.sheet_title)


def _made(request: HttpRequest, pk: int) -> visit_minutes.Minutes:
    try:
        visit, record = visit_minutes.read(request.user, pk)
    except Visit.DoesNotExist as error:
        raise Http404 from error
    issued_on = visit.delegation.plan.issued_on
    authority = authority_on(visit.held_on or issued_on) or authority_on(issued_on)
    return visit_minutes.build(visit, record, authority, visit_minutes.members_of(visit))


def _answer(made: visit_minutes.Minutes, template: str, short: str, title: str) -> HttpResponse:
    name = f"{short}-{plain(made.record.assessment.unit.name)}-{made.year}"
    return paper(template, made, name, title)
