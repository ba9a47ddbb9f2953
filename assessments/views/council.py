"""Meetings of a ward's council: prepared by the officer, concluded by the leader, read by the city."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from assessments import council
from assessments.deeds import InvalidInput, Refusal
from assessments.forms.council import ConclusionForm, MeetingForm, ResolutionForm
from assessments.models import CouncilItem, CouncilMeeting, CouncilMember, Plan
from assessments.permissions import may_conclude_meeting, may_keep_council, may_see_city, may_see_meetings, may_submit
from assessments.queries import councils
from assessments.views.common import (
    or_404,
    person,
    plan_of,
    posted_numbers,
    posted_version,
    put_refusal,
    tell,
    whole_number,
)
from assessments.views.papers import take_paper
from assessments.workflow import State


@require_safe
@never_cache
@or_404
def meeting_list(request: HttpRequest, year: int) -> HttpResponse:
    """The year's meetings: the ward's own, or every ward's concluded ones for the city."""
    plan, user = plan_of(year), person(request)
    if not may_see_meetings(user):
        raise CouncilMeeting.DoesNotExist
    context = {
        "plan": plan,
        "meetings": councils.meetings(user, plan),
        "sees_city": may_see_city(user),
        "may_keep": may_keep_council(user),
        "waiting": len(councils.candidates(user, plan)) if may_keep_council(user) else 0,
    }
    return render(request, "assessments/council_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def create(request: HttpRequest, year: int) -> HttpResponse:
    """A new meeting over the units that wait; ?ho-so= names the one to begin with."""
    if not may_keep_council(request.user):
        raise CouncilMeeting.DoesNotExist
    plan = plan_of(year)
    return _edit(request, plan, CouncilMeeting(plan=plan))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what was prepared, until the leader concludes it."""
    user = person(request)
    meeting = councils.meeting(user, pk)
    if not may_keep_council(user, meeting.ward):
        raise CouncilMeeting.DoesNotExist
    if meeting.concluded_at:
        messages.error(request, "Biên bản đã chốt nên không sửa được. Cuộc họp sau ghi biên bản mới.")
        return redirect("assessments:council_meeting", pk=pk)
    return _edit(request, meeting.plan, meeting)


def _edit(request: HttpRequest, plan: Plan, meeting: CouncilMeeting) -> HttpResponse:
    user, stored, version = person(request), meeting.pk, meeting.version
    initial = {"held_on": timezone.localdate()} | ({"place": f"Trụ sở {user.ward.authority_name}"} if user.ward else {})
    form = MeetingForm(request.POST or None, instance=meeting, initial=None if stored else initial)
    if request.method == "POST":
        version = posted_version(request) if stored else version
        if form.is_valid():
            try:
                saved = council.save_meeting(
                    user=user,
                    plan_id=plan.pk,
                    meeting=form.instance,
                    attendance=_attendance(request, councils.members(user.ward_id)),
                    assessment_ids=posted_numbers(request, "assessment"),
                    version=version if stored else None,
                )
            except Refusal as refusal:
                put_refusal(form, refusal)
            else:
                messages.success(request, "Đã lưu biên bản. Lãnh đạo xã, phường chốt biên bản để có hiệu lực.")
                return redirect("assessments:council_meeting", pk=saved.pk)
    rows = councils.members(user.ward_id)
    context = {
        "plan": plan,
        "meeting_id": stored,
        "version": version,
        "form": form,
        "members": _ticks(request, stored, [row for row in rows if row.active]),
        "lacking": councils.lacking(rows),
        "candidates": _candidates(request, user, plan, stored),
    }
    return render(request, "assessments/council_form.html", context)


def _attendance(request: HttpRequest, members: list[CouncilMember]) -> list[council.Present]:
    came = posted_numbers(request, "present")
    return [
        council.Present(member.pk, member.pk in came, request.POST.get(f"reason-{member.pk}", ""))
        for member in members
        if member.active
    ]


def _ticks(request: HttpRequest, stored: int | None, members: list[CouncilMember]) -> list[dict[str, Any]]:
    """Who is ticked as present: as posted, as stored, or everybody in a new meeting."""
    if request.method == "POST":
        said = {row.member_id: (row.present, row.reason) for row in _attendance(request, members)}
    elif stored:
        meeting = CouncilMeeting.objects.get(pk=stored)
        said = {row.member_id: (row.present, row.reason) for row in meeting.attendance.all() if row.member_id}
    else:
        said = {member.pk: (True, "") for member in members}
    rows = [(member, *said.get(member.pk, (False, ""))) for member in members]
    return [{"member": member, "present": present, "reason": reason} for member, present, reason in rows]


def _candidates(request: HttpRequest, user: User, plan: Plan, stored: int | None) -> list[councils.Candidate]:
    """The units on offer, ticked as posted, as stored, or all that no other open meeting has."""
    meeting = CouncilMeeting(pk=stored) if stored else None
    rows = councils.candidates(user, plan, meeting)
    asked = whole_number(request.GET.get("ho-so"))
    if request.method == "POST":
        chosen = posted_numbers(request, "assessment")
    elif stored:
        chosen = set(CouncilItem.objects.filter(meeting=stored).values_list("assessment", flat=True))
    elif asked is not None and any(row.assessment.pk == asked for row in rows):
        chosen = {asked}
    else:
        chosen = {row.assessment.pk for row in rows if not row.elsewhere}
    for row in rows:
        row.chosen = row.assessment.pk in chosen
    return rows


@require_safe
@never_cache
@or_404
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as they stand, what was resolved, the signed paper."""
    user = person(request)
    meeting = councils.meeting(user, pk)
    keeps = may_keep_council(user, meeting.ward)
    items = councils.agenda(meeting)
    results = councils.results(user, meeting)
    context = {
        "meeting": meeting,
        "plan": meeting.plan,
        "attendance": councils.attendance(meeting),
        "items": [(item, results.get(item.assessment_id)) for item in items],
        "attachments": meeting.attachments.select_related("added_by"),
        "sees_city": may_see_city(user),
        "may_edit": keeps and not meeting.concluded_at,
        "may_conclude": may_conclude_meeting(user, meeting) and not meeting.concluded_at,
        "may_attach": keeps and meeting.concluded_at,
        "may_submit": may_submit(user)
        and any(item.standing and item.assessment.state == State.COUNCIL for item in items),
    }
    return render(request, "assessments/council_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """The leader fixes the minutes: each unit approved or returned, all in one form."""
    user = person(request)
    meeting = councils.meeting(user, pk)
    if not may_keep_council(user, meeting.ward):
        raise CouncilMeeting.DoesNotExist
    if not may_conclude_meeting(user, meeting):
        messages.error(request, "Chỉ lãnh đạo xã, phường chốt biên bản họp hội đồng.")
        return redirect("assessments:council_meeting", pk=pk)
    items = councils.agenda(meeting)
    posted = request.POST if request.method == "POST" else None
    # Nothing is chosen beforehand: what the council resolved and how many voted is for somebody to say.
    units = [(item, ResolutionForm(posted, prefix=f"item-{item.assessment_id}")) for item in items]
    form = ConclusionForm(posted, initial={"conclusion": meeting.conclusion})
    if posted is not None and _conclude(request, meeting, units, form):
        return redirect("assessments:council_meeting", pk=pk)
    if posted is None and meeting.concluded_at:
        return redirect("assessments:council_meeting", pk=pk)
    results = councils.results(user, meeting)
    context = {
        "meeting": meeting,
        "plan": meeting.plan,
        "form": form,
        "units": [(item, unit_form, results.get(item.assessment_id)) for item, unit_form in units],
        "version": posted_version(request) if posted is not None else meeting.version,
    }
    return render(request, "assessments/council_conclude.html", context)


def _conclude(
    request: HttpRequest, meeting: CouncilMeeting, units: list[tuple[CouncilItem, ResolutionForm]], form: ConclusionForm
) -> bool:
    """Whether the minutes are concluded; otherwise the forms carry the sentences."""
    if not all([form.is_valid(), *(unit_form.is_valid() for _, unit_form in units)]):
        return False
    resolutions = {
        item.assessment_id: council.Resolution(
            approve=unit_form.cleaned_data["outcome"] == CouncilItem.Outcome.APPROVED,
            votes_for=unit_form.cleaned_data["votes_for"],
            opinion=unit_form.cleaned_data["opinion"],
        )
        for item, unit_form in units
    }
    try:
        council.conclude_meeting(
            user=person(request),
            meeting_id=meeting.pk,
            resolutions=resolutions,
            version=posted_version(request),
            conclusion=form.cleaned_data["conclusion"],
        )
    except InvalidInput as error:
        own = {f"item-{item.assessment_id}": unit_form for item, unit_form in units}.get(error.field)
        (own or form).add_error(None, error.message)
        return False
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, "Đã chốt biên bản họp hội đồng.")
    return True


@require_POST
@or_404
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was prepared."""
    user = person(request)
    meeting = councils.meeting(user, pk)
    if not may_see_meetings(user):
        raise CouncilMeeting.DoesNotExist
    try:
        council.drop_meeting(user=user, meeting_id=pk, version=posted_version(request))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("assessments:council_meeting", pk=pk)
    messages.success(request, "Đã bỏ biên bản chưa chốt. Các hồ sơ vẫn chờ hội đồng.")
    return redirect("assessments:council", year=meeting.plan.year)


@require_POST
@or_404
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the signed minutes."""
    councils.meeting(person(request), pk)
    take_paper(request, "biên bản đã ký", partial(council.attach_minutes, meeting_id=pk))
    return redirect("assessments:council_meeting", pk=pk)
