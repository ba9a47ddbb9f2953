"""Moving an assessment along the road: a page that asks, and the deed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments import moving, queries
from assessments.answers import Stored, outcome_of, read
from assessments.deeds import Refusal, table_of
from assessments.forms import MinutesForm, ReasonForm, ReturnForm
from assessments.models import Assessment, Layer
from assessments.permissions import possible_actions
from assessments.sheet import dom_id
from assessments.views.common import or_404, person, posted_version, visible
from assessments.workflow import ACTION_LABELS, Action, Facts, Refused, decide


@dataclass(frozen=True, slots=True)
class Step:
    """How one action is asked for: its address, its words, its form, its deed."""

    slug: str
    question: str
    done: str
    deed: Callable[..., Assessment]
    form: type[forms.Form] | type[forms.ModelForm] | None = None
    primary: bool = True


STEPS: dict[Action, Step] = {
    Action.SEND_TO_COUNCIL: Step(
        "gui-hoi-dong",
        "Sau khi gửi, bản tự đánh giá không sửa được nữa trừ khi lãnh đạo trả lại.",
        "Đã gửi hội đồng xã, phường.",
        moving.send_to_council,
    ),
    Action.SUBMIT: Step(
        "gui-thanh-pho",
        "Ghi biên bản họp hội đồng rồi gửi hồ sơ về thành phố.",
        "Đã thông qua và gửi thành phố.",
        moving.submit,
        MinutesForm,
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
    label: str
    url: str
    primary: bool


def buttons(assessment: Assessment, actions: Iterable[Action]) -> list[Button]:
    """The steps open to a person, the road's own direction first."""
    found = [
        Button(ACTION_LABELS[a], reverse("assessments:move", args=[assessment.pk, STEPS[a].slug]), STEPS[a].primary)
        for a in actions
        if a in STEPS
    ]
    return sorted(found, key=lambda button: not button.primary)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@or_404
def move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask for what the step needs, then take it. A refusal comes back to the same page with everything typed."""
    action = BY_SLUG.get(slug)
    if action is None:
        raise Http404
    assessment, step = visible(request, pk), STEPS[action]
    form = _form(step, request, assessment)
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
    if not refusal and action not in possible_actions(person(request), assessment):
        refused_now = decide(assessment.workflow_state, action, person(request).role, Facts())
        refusal = refused_now.reason if isinstance(refused_now, Refused) else "Bạn không thực hiện được bước này."
    context = _still_missing(assessment, action) | {
        "assessment": assessment,
        "plan": assessment.registration.plan,
        "action_label": ACTION_LABELS[action],
        "step": step,
        "form": form,
        "refusal": refusal,
        "summaries": queries.summaries(assessment),
        "possible": action in possible_actions(person(request), assessment),
        "needs_all": action in (Action.SEND_TO_COUNCIL, Action.SUBMIT),
        "back": _back(action, pk),
    }
    return render(request, "assessments/assessment_move.html", context, status=409 if refusal and form is None else 200)


def _still_missing(assessment: Assessment, action: Action) -> dict[str, Any]:
    """Before sending: what is unassessed, and what an appraiser will miss although it may be sent without."""
    if action not in (Action.SEND_TO_COUNCIL, Action.SUBMIT):
        return {}
    table = table_of(assessment)
    answers = read(assessment, table, (Layer.SELF,))
    unassessed = outcome_of(table, answers, Layer.SELF).unassessed
    without = sum(
        indicator.key not in answers[Layer.SELF].get(entry.key, Stored()).figures
        for entry in table
        for indicator in entry.indicators
    )
    warnings = ["Chưa nhập tổng số hộ của năm."] if getattr(assessment, "households", None) is None else []
    warnings += [f"{without} chỉ số chưa có số liệu."] if without else []
    if not assessment.evidence.filter(removed_at=None).exists():
        warnings.append("Hồ sơ chưa có minh chứng nào.")
    return {
        "open_count": len(unassessed),
        "first_open": dom_id(unassessed[0]) if unassessed else "",
        "warnings": warnings,
    }


def _form(step: Step, request: HttpRequest, assessment: Assessment) -> Any:
    if step.form is None:
        return None
    if request.method == "POST":
        return step.form(request.POST)
    if step.form is not MinutesForm:
        return step.form()
    # The council rarely changes between two meetings: what the last minutes said is offered again.
    last = assessment.minutes.first()
    kept = model_to_dict(last, ["place", "members", "members_total"]) if last else {}
    return step.form(initial=kept | {"held_on": timezone.localdate()})


def _do(step: Step, form: Any, request: HttpRequest, pk: int) -> None:
    facts: dict[str, Any] = {}
    if isinstance(form, MinutesForm):
        facts["minutes"] = form.save(commit=False)
    elif form is not None:
        facts.update(form.cleaned_data)
    step.deed(user=person(request), assessment_id=pk, version=posted_version(request), **facts)


def _after(action: Action, pk: int) -> str:
    if action in (Action.ACCEPT, Action.CONCLUDE, Action.PROPOSE):
        return reverse("assessments:appraise", args=[pk])
    return reverse("assessments:detail", args=[pk])


def _back(action: Action, pk: int) -> str:
    layer = Layer.AGENCY if action in (Action.CONCLUDE, Action.PROPOSE, Action.RETURN) else Layer.SELF
    return reverse("assessments:appraise" if layer == Layer.AGENCY else "assessments:detail", args=[pk])
