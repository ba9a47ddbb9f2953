"""Shape of what a ward types about its plan, its tasks and how far they are."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from assessments.forms import CleanTextMixin, DateInput, ReasonForm, inline_helper
from assessments.models import Plan, WardPlan, WardPlanTask
from assessments.year.ward_plans import MOST_TASKS, Content, Progress, Task, done_problem, due_problem

_DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}
BLANK_LINES = 3


class WardPlanForm(CleanTextMixin, forms.Form):
    """The plan's own words."""

    number = forms.CharField(label="Số, ký hiệu", max_length=50, required=False, help_text="Ví dụ: 15/KH-UBND")
    signed_on = forms.DateField(label="Ngày ký", required=False, widget=DateInput(), error_messages=_DAY)
    goals = forms.CharField(label="Mục tiêu", max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    measures = forms.CharField(
        label="Giải pháp", max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    funding = forms.CharField(
        label="Kinh phí", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("signed_on", css_class="col-md-6")),
        "goals",
        "measures",
        "funding",
    )

    def content(self) -> Content:
        """As the deed takes it."""
        return Content(**self.cleaned_data)


def initial_of(ward_plan: WardPlan | None) -> dict[str, Any]:
    """The form of a plan that is there already."""
    names = ("number", "signed_on", "goals", "measures", "funding")
    return {name: getattr(ward_plan, name) for name in names} if ward_plan else {}


class TaskForm(CleanTextMixin, forms.Form):
    """One line. A line without content is no task; lines stand in the order of their numbers."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput())
    order = forms.IntegerField(label="Thứ tự", required=False, max_value=999)
    content = forms.CharField(
        label="Nội dung", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    responsible = forms.CharField(label="Người, bộ phận phụ trách", max_length=200, required=False)
    partners = forms.CharField(label="Phối hợp", max_length=300, required=False)
    due_on = forms.DateField(label="Trước ngày", required=False, widget=DateInput(), error_messages=_DAY)
    remove = forms.BooleanField(label="Bỏ dòng này", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-check-input" if name == "remove" else "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("content") and not data.get("remove") and not data.get("responsible"):
            self.add_error("responsible", "Chưa ghi người, bộ phận phụ trách.")
        if not data.get("content") and not data.get("remove") and (data.get("responsible") or data.get("due_on")):
            self.add_error("content", "Chưa ghi nội dung nhiệm vụ, hoặc đánh dấu “Bỏ dòng này”.")
        if data.get("content") and not data.get("remove"):
            sentence = due_problem(self.plan, data.get("due_on"))
            if sentence:
                self.add_error("due_on", sentence)
        return data


def tasks_formset(data: Any, tasks: Sequence[WardPlanTask], plan: Plan) -> forms.BaseFormSet:
    """The tasks as a form, with free lines at its end."""
    made = forms.formset_factory(TaskForm, extra=BLANK_LINES, max_num=MOST_TASKS, absolute_max=MOST_TASKS)
    lines = [
        {
            "pk": task.pk,
            "order": number,
            "content": task.content,
            "responsible": task.responsible,
            "partners": task.partners,
            "due_on": task.due_on,
        }
        for number, task in enumerate(tasks, 1)
    ]
    return made(data, initial=lines, prefix="nhiem-vu", form_kwargs={"plan": plan})


def tasks_of(lines: forms.BaseFormSet) -> list[Task]:
    """What was filled in, in the order of its numbers; a line without a number stays where it is."""
    found = []
    for place, form in enumerate(lines.forms, 1):
        typed = form.cleaned_data
        if typed.get("content") and not typed.get("remove"):
            order = typed.get("order")
            key = (place if order is None else order, place)
            found.append(
                (key, Task(typed["content"], typed["responsible"], typed["partners"], typed["due_on"], typed.get("pk")))
            )
    return [task for _, task in sorted(found, key=lambda pair: pair[0])]


class ProgressForm(CleanTextMixin, forms.Form):
    """How far one task is."""

    pk = forms.IntegerField(widget=forms.HiddenInput())
    state = forms.ChoiceField(label="Tình trạng", choices=WardPlanTask.State.choices)
    done_on = forms.DateField(label="Hoàn thành ngày", required=False, widget=DateInput(), error_messages=_DAY)
    result = forms.CharField(label="Kết quả", max_length=500, required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "state" else "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        done_on = data.get("done_on")
        sentence = done_problem(self.plan, done_on) if data.get("state") == WardPlanTask.State.DONE and done_on else ""
        if sentence:
            self.add_error("done_on", sentence)
        return data

    def progress(self) -> Progress:
        """As the deed takes it."""
        return Progress(**self.cleaned_data)


def progress_formset(data: Any, tasks: Sequence[WardPlanTask], plan: Plan) -> forms.BaseFormSet:
    """One line for each task."""
    made = forms.formset_factory(ProgressForm, extra=0, max_num=MOST_TASKS, absolute_max=MOST_TASKS)
    lines = [{"pk": t.pk, "state": t.state, "done_on": t.done_on, "result": t.result} for t in tasks]
    return made(data, initial=lines, prefix="tien-do", form_kwargs={"plan": plan})


class ReceivedForm(ReasonForm):
    """On which earlier day the paper copy came."""

    received_on = forms.DateField(
        label="Ngày nhận bản giấy",
        widget=DateInput(),
        error_messages=_DAY | {"required": "Chưa nhập ngày nhận."},
    )
    field_order = ("received_on", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.help_text = "Ví dụ: bản giấy đến văn thư trước khi xã, phường gửi trên hệ thống."
        reason.widget.attrs["rows"] = 2
