"""Who signs and what offices are called: home affairs keeps all of it, a ward its own signers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Agency
from assessments.deeds import Refusal, Stale
from assessments.permissions import may_keep_offices, may_keep_own_signers
from assessments.views.common import or_404, person, put_refusal
from localities.models import Ward
from reports import keeping_offices as deeds
from reports import office_pages, signing_words
from reports.forms import OfficeNameForm, PeriodForm, SignerForm
from reports.models import OfficeName, Signer
from reports.offices import Office, Signing

LOOK = "xem"  # the button that only shows the block as it will be printed


@require_safe
@never_cache
@or_404
def offices(request: HttpRequest) -> HttpResponse:
    """All offices with their present signers; a ward's people go to their own."""
    user = person(request)
    if may_keep_offices(user):
        groups = office_pages.groups()
        context = {"groups": groups, "nameless": office_pages.nameless(groups)}
        return render(request, "reports/office_list.html", context)
    if not may_keep_own_signers(user):
        raise Ward.DoesNotExist
    return redirect("reports:office", "xa-phuong", user.ward_id)


@require_safe
@never_cache
@or_404
def office(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One office: its signers and names by period, and who changed them last."""
    user = person(request)
    found = office_pages.office_of(user, kind, pk)
    context = {
        "office": found,
        "kind": kind,
        "signers": office_pages.signers_of(found),
        "usual": office_pages.usual(found),
        "names": office_pages.names_of(found) if isinstance(found, Agency) else None,
        "changes": office_pages.changes(found),
        "keeps_all": may_keep_offices(user),
    }
    return render(request, "reports/office_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def signer_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Somebody else signs from a day on."""
    found = office_pages.office_of(person(request), kind, pk)
    usual = office_pages.usual(found)
    initial = {"capacity": usual.capacity, "title": "\n".join(usual.titles)}
    return _signer_page(request, found, None, initial)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def signer(request: HttpRequest, pk: int) -> HttpResponse:
    """One period of a signer: correct it, or end it."""
    row = Signer.objects.select_related("authority", "ward", "agency").get(pk=pk)
    of_row = row.authority or row.ward or row.agency
    assert of_row is not None, "the database keeps exactly one"
    found = office_pages.office_of(person(request), office_pages.slug_of(of_row), of_row.pk)
    return _signer_page(request, found, row, {name: getattr(row, name) for name in deeds.SIGNER_FIELDS})


def _signer_page(request: HttpRequest, found: Office, row: Signer | None, initial: dict[str, Any]) -> HttpResponse:
    previous = office_pages.open_signer(found) if row is None else None

    def form_of(data: Any, asks_past: bool) -> SignerForm:
        return SignerForm(data, initial=initial, previous=previous, asks_past=asks_past)

    def save(form: PeriodForm, shown: str) -> Signer:
        return deeds.save_signer(
            user=person(request),
            office=found,
            values=form.values(deeds.SIGNER_FIELDS),
            signer_id=row.pk if row else None,
            shown=shown,
            past_meant=bool(form.cleaned_data.get("past_meant")),
            end_previous=bool(form.cleaned_data.get("end_previous")),
        )

    given = request.POST if request.method == "POST" else initial
    capacity, title = (signing_words.capitals(str(given.get(name) or "")) for name in ("capacity", "title"))
    context = {
        "heading": "Sửa người ký" if row else "Thêm người ký",
        "verb": "Lưu người ký" if row else "Thêm người ký",
        "preview": Signing(capacity, title.splitlines(), " ".join(str(given.get("full_name") or "").split())),
        "advice": signing_words.advice(capacity, title),
        "abbreviations": signing_words.ABBREVIATIONS,
    }
    if request.method == "POST" and request.POST.get("step") == LOOK:
        if request.headers.get("HX-Request"):
            return render(request, "reports/partials/signing_preview.html", context)
        typed = request.POST.dict() | {"end_previous": "end_previous" in request.POST}
        form = SignerForm(initial=typed, previous=previous)
        return _show(request, found, row, form, request.POST.get("shown", ""), context)
    return _edit(request, found, row, form_of, save, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def name_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The agency is called otherwise during a period."""
    return _name_page(request, _agency(request, pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def name(request: HttpRequest, pk: int) -> HttpResponse:
    """One period of an agency's name."""
    row = OfficeName.objects.get(pk=pk)
    return _name_page(request, _agency(request, row.agency_id), row)


def _agency(request: HttpRequest, pk: int) -> Agency:
    if not may_keep_offices(request.user):
        raise Agency.DoesNotExist
    return Agency.objects.get(pk=pk)


def _name_page(request: HttpRequest, agency: Agency, row: OfficeName | None) -> HttpResponse:
    kept = row or agency
    initial = {"name": kept.name, "symbol": kept.symbol}
    if row:
        initial |= {name: getattr(row, name) for name in deeds.PERIOD}

    def form_of(data: Any, asks_past: bool) -> OfficeNameForm:
        return OfficeNameForm(data, initial=initial, asks_past=asks_past)

    def save(form: PeriodForm, shown: str) -> OfficeName:
        return deeds.save_name(
            user=person(request),
            agency=agency,
            values=form.values(deeds.NAME_FIELDS),
            name_id=row.pk if row else None,
            shown=shown,
            past_meant=bool(form.cleaned_data.get("past_meant")),
        )

    context = {
        "heading": "Sửa tên cơ quan" if row else "Thêm tên cơ quan theo thời gian",
        "verb": "Lưu tên cơ quan" if row else "Thêm tên cơ quan",
    }
    return _edit(request, agency, row, form_of, save, context)


def _edit(
    request: HttpRequest,
    found: Office,
    row: Signer | OfficeName | None,
    form_of: Callable[[Any, bool], PeriodForm],
    save: Callable[[PeriodForm, str], Signer | OfficeName],
    context: dict[str, Any],
) -> HttpResponse:
    """The page of a form: show it, or keep what was typed; nothing typed is lost when it cannot be kept."""
    if request.method != "POST":
        return _show(request, found, row, form_of(None, False), deeds.seen(row) if row else "", context)
    form, shown = form_of(request.POST, False), request.POST.get("shown", "")
    if form.is_valid():
        try:
            saved = save(form, shown)
        except deeds.PastChange as past:
            form = form_of(request.POST, True)
            form.is_valid()
            form.add_error("past_meant", past.message)
        except Stale as stale:
            form.add_error(None, stale.message)
            shown = deeds.seen(type(row).objects.get(pk=row.pk)) if row else ""
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã lưu “{saved}” ({deeds.period(saved)}).")
            return redirect("reports:office", office_pages.slug_of(found), found.pk)
    return _show(request, found, row, form, shown, context)


def _show(
    request: HttpRequest,
    found: Office,
    row: Signer | OfficeName | None,
    form: PeriodForm,
    shown: str,
    context: dict[str, Any],
) -> HttpResponse:
    context |= {"office": found, "kind": office_pages.slug_of(found), "row": row, "form": form, "shown": shown}
    return render(request, "reports/office_row_form.html", context)
