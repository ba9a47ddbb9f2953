"""Documents to take away: what to read, what to make of it, and under which name it comes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.models import User
from assessments.models import Assessment, CouncilMeeting, Layer, Plan, Submission
from assessments.permissions import may_see_city, visible_wards
from assessments.queries import decisions
from assessments.queries.standing import lines_of
from localities.models import Ward
from localities.queries import authority_on
from reports import consolidated, council_minutes, queries, submission_receipt
from reports import decision_list as lists
from reports import dossier as dossiers
from reports.files import download, paper, plain

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
    return paper("dossier", made, f"ho-so-danh-gia-{plain(record.assessment.unit.name)}-{made.year}", made.title)


@require_safe
def decision_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list that goes with a decision, as PDF; 404 for whoever does not see the decision."""
    decision = get_object_or_404(decisions(request.user), pk=pk)
    authority = authority_on(decision.issued_on) or authority_on(decision.plan.issued_on)
    made = lists.build(decision, lines_of(decision), authority)
    return paper("decision_list", made, f"danh-sach-quyet-dinh-{plain(decision.number)}", made.title)


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
    short = f"tong-hop-{plain(where)}-{year}.xlsx"
    return download(written, XLSX, short, f"Tổng hợp {where} năm {year}.xlsx")


@require_safe
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes of a council's meeting as PDF; 404 for whom the meeting does not exist."""
    try:
        made = council_minutes.read(request.user, pk)
    except CouncilMeeting.DoesNotExist as error:
        raise Http404 from error
    return paper(
        "council_minutes",
        made,
        f"bien-ban-hoi-dong-{plain(str(made.ward))}-{made.meeting.held_on:%Y-%m-%d}",
        made.title,
    )


@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt of a submission as PDF; 404 for whom it does not exist."""
    try:
        made = submission_receipt.read(request.user, pk)
    except Submission.DoesNotExist as error:
        raise Http404 from error
    return paper(
        "submission_receipt", made, f"phieu-gui-{plain(str(made.ward))}-{made.year}-lan-{made.sent.number}", made.title
    )


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
