"""Many papers at once: what to order, how far it is, and the file."""

import logging
from collections.abc import Callable
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.permissions import may_print
from reports import bundles, making, order_queries, ordering, registry, store
from reports.files import plain
from reports.models import PrintJob
from reports.models.files import Format

logger = logging.getLogger(__name__)

FORMAT_WORDS = {
    Format.PDF: ("Một tệp PDF", "để in liền một lượt, có dấu trang để tìm nhanh"),
    Format.ZIP: ("Tệp ZIP", "từng văn bản, từng tệp riêng, kèm mục lục và mã kiểm tra"),
}


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The own orders."""
    if not may_print(request.user):
        raise Http404
    return render(request, "reports/order_list.html", {"jobs": order_queries.latest(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: HttpRequest, code: str, subject: registry.Ids) -> HttpResponse:
    """What the order would be; POST orders it, in the first form where none is named."""
    try:
        bundle = bundles.find(code)
        if not bundle.offered_to(request.user):
            raise Http404
        if request.method == "POST":
            return _order(request, bundle, subject)
        chosen = bundle.find(request.user, subject)
    except (KeyError, ObjectDoesNotExist, ValueError, OverflowError) as error:
        raise Http404 from error
    context = {
        "bundle": bundle,
        "subject": subject,
        "chosen": chosen,
        "formats": [(form, *FORMAT_WORDS[form]) for form in bundle.formats],
    }
    return render(request, "reports/order_form.html", context)


def _order(request: HttpRequest, bundle: bundles.Bundle, subject: registry.Ids) -> HttpResponse:
    wanted = request.POST.get("dang") or bundle.formats[0]
    if wanted not in bundle.formats:
        messages.error(request, "Chọn một dạng tệp có trong danh sách.")
        return redirect("reports:order_new", bundle.code, subject)
    try:
        job = ordering.order(user=request.user, bundle=bundle, ids=subject, form=Format(wanted))  # type: ignore[arg-type]
    except ordering.NothingToPrint:
        return redirect("reports:order_new", bundle.code, subject)
    return redirect("reports:order", job.pk)


@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: its progress, then its file."""
    job = _own(request, pk)
    return render(request, "reports/order_detail.html", {"job": job, "progress": order_queries.progress(job)})


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that is asked for every second; at the end it asks for the whole page."""
    job = _own(request, pk)
    context = {"job": job, "progress": order_queries.progress(job)}
    response = render(request, "reports/partials/order_progress.html", context)
    if not job.open:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an order."""
    return _done(request, pk, ordering.cancel, "Lệnh in đã xong hoặc đang ghép tệp, không hủy được nữa.")


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Make again what could not be made."""
    return _done(request, pk, ordering.retry, "Không còn văn bản nào phải in lại, hoặc lệnh in này đang chạy.")


def _done(request: HttpRequest, pk: int, deed: Callable[..., object], too_late: str) -> HttpResponse:
    """The own order after the deed, with a sentence where it came too late."""
    try:
        deed(user=request.user, job_id=pk)
    except PrintJob.DoesNotExist as error:
        raise Http404 from error
    except ordering.TooLate:
        messages.warning(request, too_late)
    return redirect("reports:order", pk)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The finished file, as a stream."""
    job = _own(request, pk)
    if job.file is None:
        raise Http404
    if not order_queries.may_take(request.user, job):
        messages.error(request, "Có hồ sơ trong tệp không còn trong phạm vi của bạn. Đặt lệnh in mới.")
        return redirect("reports:order", pk)
    try:
        content = store.place(job.file).open("rb")
    except OSError:
        logger.exception("The file of order %s is lost", pk)
        messages.error(request, "Tệp không còn trên máy chủ. Đặt lệnh in mới để lập lại.")
        return redirect("reports:order", pk)
    name = f"{job.title}.{job.format}".replace("/", "-").replace("\\", "-")
    short = f"{plain(job.title)[:100]}.{job.format}"
    response = FileResponse(content, content_type=making.CONTENT_TYPES[Format(job.format)])
    response["Content-Disposition"] = f"attachment; filename=\"{short}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["Cache-Control"] = "private, no-store"
    return response


def _own(request: HttpRequest, pk: int) -> PrintJob:
    return get_object_or_404(order_queries.own_orders(request.user), pk=pk)
