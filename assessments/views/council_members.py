"""The list of a ward's council: adding, correcting, ordering, leaving."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from assessments import council_members as deeds
from assessments.deeds import Refusal, Stale
from assessments.forms.council import MemberForm
from assessments.models import CouncilMember, CouncilRole
from assessments.permissions import may_keep_council
from assessments.queries import councils, current_plan
from assessments.views.common import or_404, person, put_refusal, tell


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def member_list(request: HttpRequest) -> HttpResponse:
    """The ward's list, and a form for one more."""
    user = person(request)
    if not may_keep_council(user):
        raise CouncilMember.DoesNotExist
    form = MemberForm(request.POST or None, initial={"role": CouncilRole.MEMBER})
    if request.method == "POST" and form.is_valid():
        try:
            member = deeds.save_member(user=user, **form.cleaned_data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, f"Đã thêm {member}.")
            return redirect("assessments:council_members")
    rows = councils.members(user.ward_id)
    context = {
        "ward": user.ward,
        "plan": current_plan(),
        "active": [row for row in rows if row.active],
        "former": [row for row in rows if not row.active],
        "lacking": councils.lacking(rows),
        "form": form,
    }
    return render(request, "assessments/council_members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a member; minutes that name the person keep what they say."""
    user = person(request)
    if not may_keep_council(user):
        raise CouncilMember.DoesNotExist
    member = CouncilMember.objects.get(pk=pk, ward=user.ward_id)
    shown = deeds.seen(member)
    form = MemberForm(request.POST or None, instance=member)
    if request.method == "POST":
        if form.is_valid():
            try:
                saved = deeds.save_member(
                    user=user, member_id=pk, shown=request.POST.get("shown", ""), **form.cleaned_data
                )
            except Stale as stale:
                form.add_error(None, f"{stale.message} Nội dung đang lưu: {_words(pk)}.")
            except Refusal as refusal:
                put_refusal(form, refusal)
                shown = request.POST.get("shown", "")
            else:
                messages.success(request, f"Đã lưu {saved}.")
                return redirect("assessments:council_members")
        else:
            shown = request.POST.get("shown", "")
    context = {"member": CouncilMember.objects.get(pk=pk), "form": form, "shown": shown}
    return render(request, "assessments/council_member_form.html", context)


def _words(pk: int) -> str:
    stored = CouncilMember.objects.get(pk=pk)
    return f"{stored.full_name}, {stored.job_title} ({stored.get_role_display()})"


STEPS: dict[str, Callable[..., CouncilMember]] = {
    "len": lambda **who: deeds.move_member(up=True, **who),
    "xuong": lambda **who: deeds.move_member(up=False, **who),
    "thoi": lambda **who: deeds.set_active(active=False, **who),
    "lai": lambda **who: deeds.set_active(active=True, **who),
}


@require_POST
@or_404
def do(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One place up or down, out of the council, or back into it."""
    user = person(request)
    if not may_keep_council(user):
        raise CouncilMember.DoesNotExist
    if step not in STEPS:
        raise Http404
    try:
        member = STEPS[step](user=user, member_id=pk)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        if step in ("thoi", "lai"):
            done = "thôi tham gia hội đồng" if step == "thoi" else "tham gia lại hội đồng"
            messages.success(request, f"{member} {done}. Biên bản các cuộc họp trước giữ nguyên.")
    return redirect("assessments:council_members")
