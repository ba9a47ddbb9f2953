"""Moving an assessment along the road: a page that asks, and the deed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from assessments import moving, queries, submitting
from assessments.answers import Stored, outcome_of, read
from assessments.comparison import compare
from assessments.deeds import Refusal, table_of
from assessments.forms import ReasonForm, ReturnForm
from assessments.models import ANSWERED, Assessment, Layer
from assessments.permissions import AnyUser, may_keep_council, possible_actions, visible_assessments
from assessments.queries import hands
from assessments.queries.councils import council_stage
from assessments.queries.questions import questions_of
from assessments.queries.submissions import standing_line
from assessments.sheet import dom_id
from assessments.views.common import or_404, person, posted_version, visible
from assessments.workflow import ACTION_LABELS, Action, Facts, Refused, State, decide


@dataclass(frozen=True, slots=True)
class Step:
    """How one action is asked for: its address, its words, its form, its deed."""

    slug: str
    question: str
    done: str
    deed: Callable[..., Assessment]
    form: type[forms.Form] | type[forms.ModelForm] | None = None
    primary: bool = True


def _submit(*, user: User, assessment_id: int, version: int | None = None) -> Assessment:
    """One dossier by itself, with a receipt of its own."""
    plan_id = visible_assessments(user).values_list("registration__plan", flat=True).get(pk=assessment_id)
    submitting.submit(user=user, plan_id=plan_id, assessment_ids=[assessment_id], version=version)
    return Assessment.objects.get(pk=assessment_id)


STEPS: dict[Action, Step] = {
    Action.SEND_TO_COUNCIL: Step(
        "gui-hoi-dong",
        "Sau khi gửi, bản tự đánh giá không sửa được nữa trừ khi lãnh đạo trả lại.",
        "Đã gửi hội đồng xã, phường.",
        moving.send_to_council,
    ),
    Action.HAND_OVER: Step(
        "chuyen-can-bo",
        "Sau khi chuyển, cán bộ xã, phường làm tiếp; bạn xem được nhưng không sửa nữa trừ khi cán bộ trả lại.",
        "Đã chuyển cán bộ xã, phường.",
        moving.hand_over,
    ),
    Action.HAND_BACK: Step(
        "tra-lai-to-ban",
        "Tổ trưởng, trưởng bản sửa tiếp bản tự đánh giá.",
        "Đã trả lại tổ trưởng, trưởng bản.",
        moving.hand_back,
        ReasonForm,
        primary=False,
    ),
    Action.SUBMIT: Step(
        "gui-thanh-pho",
        "Hồ sơ được gửi về thành phố kèm kết quả họp hội đồng.",
        "Đã gửi thành phố.",
        _submit,
    ),
    Action.COUNCIL_RETURN: Step(
        "tra-lai-can-bo",
        "Hồ sơ trở về trạng thái đang tự đánh giá.",
        "Đã trả lại cán bộ.",
        moving.council_return,
        ReasonForm,
        primary=False,
    ),
    Action.WITHDRAW: Step("rut", "Hồ sơ trở lại hội đồng xã, phường.", "Đã rút hồ sơ.", moving.withdraw, primary=False),
    Action.ACCEPT: Step("tiep-nhan", "Hồ sơ chuyển sang thẩm định.", "Đã tiếp nhận hồ sơ.", moving.accept),
    Action.RETURN: Step(
        "tra-lai-xa-phuong",
        "Hồ sơ trở về xã, phường để hoàn thiện; kết quả thẩm định đã nhập được giữ lại.",
        "Đã trả lại xã, phường.",
        moving.return_to_ward,
        ReturnForm,
        primary=False,
    ),
    Action.CONCLUDE: Step(
        "ket-luan",
        "Kết luận theo kết quả thẩm định của mọi mục.",
        "Đã kết luận thẩm định.",
        moving.conclude,
    ),
    Action.PROPOSE: Step(
        "trinh",
        "Hồ sơ được đưa vào danh sách trình UBND thành phố quyết định.",
        "Đã trình UBND thành phố.",
        moving.propose,
    ),
}
BY_SLUG = {step.slug: action for action, step in STEPS.items()}


@dataclass(frozen=True, slots=True)
class Button:
    """A step that leads on from the page."""

    label: str
    url: str
    primary: bool


def buttons(assessment: Assessment, actions: Iterable[Action], user: AnyUser | None = None) -> list[Button]:
    """The steps open to a person that fit now, the road's own direction first.

    Between council and city it depends on the approval: a meeting comes first, then the sending. Whoever
    prepares meetings (`user`) is led there too.
    """
    hidden = {Action.HAND_OVER if assessment.handed_over_at else Action.HAND_BACK}
    found = []
    if assessment.state == State.COUNCIL:
        stage = council_stage(assessment)
        if not stage.approved:
            hidden.add(Action.SUBMIT)
            if Action.APPROVE in actions or may_keep_council(user or AnonymousUser(), assessment.unit.ward):
                found.append(_meeting_button(assessment, stage.open_meeting))
    found += [
        Button(ACTION_LABELS[a], reverse("assessments:move", args=[assessment.pk, STEPS[a].slug]), STEPS[a].primary)
        for a in actions
        if a in STEPS and a not in hidden
    ]
    return sorted(found, key=lambda button: not button.primary)


def _meeting_button(assessment: Assessment, open_meeting: int | None) -> Button:
    """To the meeting that is being prepared about this unit, or to a new one."""
    if open_meeting:
        return Button("Biên bản họp hội đồng", reverse("assessments:council_meeting", args=[open_meeting]), True)
    address = reverse("assessments:council_new", args=[assessment.plan.year])
    return Button("Họp hội đồng", f"{address}?ho-so={assessment.pk}", True)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask for what the step needs, then take it. A refusal comes back to the same page with everything typed."""
    action = BY_SLUG.get(slug)
    if action is None:
        raise Http404
    assessment, step = visible(request, pk), STEPS[action]
    form = _form(step, request)
    refusal = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _do(step, form, request, pk)
        except Refusal as refused:
            refusal = refused.message
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            messages.success(request, step.done)
            return redirect(_after(action, pk))
    handed = bool(assessment.handed_over_at)
    done_already = action is (Action.HAND_OVER if handed else Action.HAND_BACK)
    possible = action in possible_actions(person(request), assessment) and not done_already
    if not refusal and not possible:
        refused_now = decide(assessment.workflow_state, action, person(request).role, Facts(handed_over=handed))
        refusal = refused_now.reason if isinstance(refused_now, Refused) else "Bạn không thực hiện được bước này."
    context = (
        _still_missing(assessment, action)
        | _for_the_reason(assessment, action)
        | {
            "assessment": assessment,
            "plan": assessment.registration.plan,
            "action_label": ACTION_LABELS[action],
            "step": step,
            "form": form,
            "refusal": refusal,
            "summaries": queries.summaries(assessment),
            "possible": possible,
            "needs_all": action in (Action.SEND_TO_COUNCIL, Action.SUBMIT),
            "back": _back(action, pk),
        }
    )
    return render(request, "assessments/assessment_move.html", context, status=409 if refusal and form is None else 200)


def _still_missing(assessment: Assessment, action: Action) -> dict[str, Any]:
    """Before sending: what is unassessed, and what an appraiser will miss although it may be sent without."""
    if action not in (Action.SEND_TO_COUNCIL, Action.SUBMIT, Action.HAND_OVER):
        return {}
    table = table_of(assessment)
    answers = read(assessment, table, (Layer.SELF,))
    unassessed = outcome_of(table, answers, Layer.SELF).unassessed
    without = sum(
        indicator.key not in answers[Layer.SELF].get(entry.key, Stored()).figures
        for entry in table
        for indicator in entry.indicators
    )
    warnings = []
    if action is Action.HAND_OVER and unassessed:
        warnings.append(f"Còn {len(unassessed)} mục chưa đánh giá; cán bộ xã, phường sẽ đánh giá tiếp.")
    if action is Action.SEND_TO_COUNCIL and not assessment.handed_over_at and hands.units_with_head([assessment]):
        warnings.append("Tổ trưởng, trưởng bản chưa chuyển hồ sơ này cho cán bộ.")
    warnings += ["Chưa nhập tổng số hộ của năm."] if getattr(assessment, "households", None) is None else []
    warnings += [f"{without} chỉ số chưa có số liệu."] if without else []
    if not assessment.evidence.filter(removed_at=None).exists():
        warnings.append("Hồ sơ chưa có minh chứng nào.")
    return {
        "open_count": len(unassessed),
        "first_open": dom_id(unassessed[0]) if unassessed else "",
        "warnings": warnings,
    }


def _for_the_reason(assessment: Assessment, action: Action) -> dict[str, Any]:
    """What a return to the ward may speak of: entries about which the parties differ, and what was asked."""
    if action is not Action.RETURN:
        return {}
    table = table_of(assessment)
    answers = read(assessment, table, ANSWERED)
    outcomes = {str(layer): outcome_of(table, answers, layer) for layer in Layer}
    differing = compare(table, answers, outcomes).differing
    return {
        "differences": [(row, [cell for cell in row.cells[:3] if cell.value]) for row in differing],
        "questions": list(questions_of(assessment)),
    }


def _form(step: Step, request: HttpRequest) -> Any:
    if step.form is None:
        return None
    if request.method == "POST":
        return step.form(request.POST)
    return step.form()


def _do(step: Step, form: Any, request: HttpRequest, pk: int) -> None:
    facts: dict[str, Any] = {}
    if form is not None:
        facts.update(form.cleaned_data)
    step.deed(user=person(request), assessment_id=pk, version=posted_version(request), **facts)


def _after(action: Action, pk: int) -> str:
    if action in (Action.ACCEPT, Action.CONCLUDE, Action.PROPOSE):
        return reverse("assessments:appraise", args=[pk])
    if action is Action.SUBMIT and (line := standing_line(pk)):
        return reverse("assessments:submission", args=[line.submission_id])
    return reverse("assessments:detail", args=[pk])


def _back(action: Action, pk: int) -> str:
    layer = Layer.AGENCY if action in (Action.CONCLUDE, Action.PROPOSE, Action.RETURN) else Layer.SELF
    return reverse("assessments:appraise" if layer == Layer.AGENCY else "assessments:detail", args=[pk])
