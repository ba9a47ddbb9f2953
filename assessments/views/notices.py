"""A person's own notices: the list, the way to what each speaks of, and whether they come by mail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessments.models import Notice
from assessments.permissions import visible_assessments
from assessments.queries import notices as queries
from assessments.views.common import or_404, person

PAGE = 50


@require_safe
@never_cache
def notice_list(request: HttpRequest) -> HttpResponse:
    """The person's own notices, and the choice about letters."""
    user = person(request)
    page = Paginator(queries.own(user), PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "rows": list(page.object_list), "newest": queries.newest(user)}
    return render(request, "assessments/notice_list.html", context)


@require_safe
@never_cache
@or_404
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the notice read and go on to what it speaks of, if that still is there for this person."""
    user = person(request)
    notice = Notice.objects.get(pk=pk, recipient=user)
    if request.method == "GET" and notice.read_at is None:
        Notice.objects.filter(pk=pk, read_at__isnull=True).update(read_at=timezone.now())
    if notice.assessment_id and not visible_assessments(user).filter(pk=notice.assessment_id).exists():
        messages.info(request, "Hồ sơ trong thông báo này hiện không còn ở chỗ bạn.")
        return redirect("assessments:notices")
    if not notice.url.startswith("/") or not url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None):
        return redirect("assessments:notices")
    return redirect(notice.url)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Every notice the page had shown is read; those that came since stay unread."""
    shown = request.POST.get("toi", "")
    unread = Notice.objects.filter(recipient=person(request), read_at__isnull=True)
    if shown.isascii() and shown.isdigit() and len(shown) < 19:
        unread = unread.filter(pk__lte=int(shown))
    number = unread.update(read_at=timezone.now())
    messages.success(request, f"Đã đánh dấu đã đọc {number} thông báo." if number else "Không có thông báo chưa đọc.")
    return redirect("assessments:notices")


@require_POST
def mail_preference(request: HttpRequest) -> HttpResponse:
    """Whether the person's notices also come by mail, once a day."""
    wants = request.POST.get("nhan") == "1"
    User.objects.filter(pk=person(request).pk).update(wants_mail=wants)
    messages.success(
        request,
        "Thông báo được gửi thêm qua thư điện tử, mỗi ngày một thư." if wants else "Thông báo không gửi qua thư nữa.",
    )
    return redirect("assessments:notices")
