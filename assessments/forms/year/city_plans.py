"""Shape of what home affairs types about the city's plan."""

from datetime import date
from typing import Any

from crispy_forms.layout import HTML, Column, Fieldset, Row
from django import forms

from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.models import Milestone, Plan, Target
from assessments.queries.year.city_plans import selectable_sets
from assessments.year.city_plans import LABELS, TEXTS, Wanted
from criteria.models import CriteriaSet

DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}
_ROWS = {"purpose": 6, "goals": 6, "tasks": 14, "funding": 4, "notes": 3}
_LONGEST = {"purpose": 8000, "goals": 8000, "tasks": 20000, "funding": 4000, "notes": 8000}


class NewPlanForm(CleanTextMixin, forms.Form):
    """From which plan, for which year."""

    source = forms.ModelChoiceField(
        Plan.objects.none(),
        label="Lấy nội dung từ",
        empty_label=None,
        error_messages={"invalid_choice": "Kế hoạch này không còn. Chọn kế hoạch khác."},
    )
    year = forms.IntegerField(label="Cho năm", max_value=2100)
    helper = inline_helper(Row(Column("source", css_class="col-md-8"), Column("year", css_class="col-md-4")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        assert isinstance(source, forms.ModelChoiceField)
        source.queryset = Plan.objects.order_by("-year")


class _SetChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} (mã {obj.code}, phiên bản {obj.version})"


class PlanForm(CleanTextMixin, forms.Form):
    """What a plan says: its words, one line for each milestone and each target."""

    title = forms.CharField(label="Trích yếu", max_length=300)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(plan) | kwargs.pop("initial", {}), **kwargs)
        for duty in Milestone.Duty:
            self.fields[f"before_{duty}"] = forms.DateField(
                label=duty.label, required=False, widget=DateInput(), error_messages=DAY
            )
        for kind in Target.Kind:
            for end, label in (("min", "ít nhất"), ("max", "nhiều nhất")):
                self.fields[f"{end}_{kind}"] = forms.IntegerField(
                    label=f"{kind.label}, {label}", required=False, min_value=0, max_value=10_000
                )
        for name in TEXTS:
            self.fields[name] = forms.CharField(
                label=LABELS[name],
                required=False,
                max_length=_LONGEST[name],
                widget=forms.Textarea(attrs={"rows": _ROWS[name]}),
            )
        self.helper = inline_helper(*self.before(), *_layout(), *self.after())

    def before(self) -> list[Any]:
        """What stands above the plan's own words."""
        return []

    def after(self) -> list[Any]:
        """What stands below them."""
        return []

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for kind in Target.Kind:
            if data.get(f"max_{kind}") is not None and data.get(f"min_{kind}") is None:
                self.add_error(f"min_{kind}", "Nhập số ít nhất, hoặc xóa số nhiều nhất.")
        return data

    def wanted(self) -> Wanted:
        """As the deeds take it."""
        data = self.cleaned_data
        milestones = {duty.value: data[f"before_{duty}"] for duty in Milestone.Duty if data[f"before_{duty}"]}
        targets = {
            kind.value: (data[f"min_{kind}"], data[f"max_{kind}"])
            for kind in Target.Kind
            if data[f"min_{kind}"] is not None
        }
        return Wanted(data["title"], {name: data[name] for name in TEXTS}, milestones, targets)


def _initial(plan: Plan) -> dict[str, Any]:
    initial: dict[str, Any] = {"title": plan.title, **{name: getattr(plan, name) for name in TEXTS}}
    initial |= {f"before_{m.duty}": m.before for m in plan.milestones.all()}
    for target in plan.targets.all():
        initial |= {f"min_{target.kind}": target.minimum, f"max_{target.kind}": target.maximum}
    return initial


def _layout() -> list[Any]:
    milestones = [Column(f"before_{duty}", css_class="col-12 col-sm-6 col-lg-4") for duty in Milestone.Duty]
    targets = [
        Row(Column(f"min_{kind}", css_class="col-md-6"), Column(f"max_{kind}", css_class="col-md-6"))
        for kind in Target.Kind
    ]
    days = HTML('<p class="small-print">“Trước ngày” không gồm chính ngày đó. Để trống việc kế hoạch không nêu.</p>')
    spans = HTML('<p class="small-print">Để trống chỉ tiêu kế hoạch không giao; “nhiều nhất” chỉ ghi khi có.</p>')
    return [
        "title",
        Fieldset("Mốc thời gian (trước ngày)", days, Row(*milestones)),
        Fieldset("Chỉ tiêu", spans, *targets),
        Fieldset("Nội dung kế hoạch", *TEXTS),
    ]


class DraftForm(PlanForm):
    """A draft also says when it is meant for and which table it applies."""

    issued_on = forms.DateField(
        label="Ngày ban hành dự kiến", widget=DateInput(), error_messages=DAY | {"required": "Chưa nhập ngày."}
    )
    criteria_set = _SetChoice(CriteriaSet.objects.none(), label="Bộ tiêu chí", empty_label=None)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        kwargs["initial"] = {"issued_on": plan.issued_on, "criteria_set": plan.criteria_set_id}
        super().__init__(*args, plan=plan, **kwargs)
        chosen = self.fields["criteria_set"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = selectable_sets() | CriteriaSet.objects.filter(pk=plan.criteria_set_id)

    def before(self) -> list[Any]:
        return [Row(Column("issued_on", css_class="col-md-4"), Column("criteria_set", css_class="col-md-8"))]


class AdjustForm(PlanForm):
    """Why an issued plan is adjusted, and by which document."""

    reason = forms.CharField(
        label="Lý do điều chỉnh",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Cần ghi rõ lý do điều chỉnh."},
    )
    document = forms.CharField(
        label="Số, ký hiệu văn bản điều chỉnh", max_length=50, required=False, help_text="Nếu có, ví dụ: 700/KH-UBND"
    )

    def after(self) -> list[Any]:
        return [Fieldset("Căn cứ điều chỉnh", "reason", "document")]


class IssueForm(CleanTextMixin, forms.Form):
    """Number, day and text with which a draft becomes the plan."""

    number = forms.CharField(label="Số, ký hiệu", max_length=50, help_text="Ví dụ: 604/KH-UBND")
    issued_on = forms.DateField(
        label="Ngày ban hành", widget=DateInput(), error_messages=DAY | {"required": "Chưa nhập ngày ban hành."}
    )
    file = forms.FileField(
        label="Tệp văn bản đã ban hành",
        required=False,
        help_text="Có thể đính kèm sau.",
        error_messages={"empty": "Tệp rỗng. Chọn tệp khác."},
    )
    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("issued_on", css_class="col-md-6")), "file"
    )

    def __init__(self, *args: Any, day: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if day is not None:
            self.fields["issued_on"].initial = day
