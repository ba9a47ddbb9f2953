"""What is looked at when somebody looks back: a ward, a standard, the own criteria, another year."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from assessments.forms import CleanTextMixin
from assessments.models import Plan
from localities.models import Ward

OWN, EVERY = "co-quan", "tat-ca"


class _Filter(CleanTextMixin, forms.Form):
    """Wards are offered where there are several."""

    xa = forms.ModelChoiceField(Ward.objects.none(), label="Xã, phường", required=False, empty_label="Tất cả")

    def __init__(self, *args: Any, wards: QuerySet[Ward] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["xa"]
        if wards is None:
            del self.fields["xa"]
        elif isinstance(field, forms.ModelChoiceField):
            field.queryset = wards
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class RiskFilter(_Filter):
    """Units at risk, of one ward or all."""


class CriteriaFilter(_Filter):
    """Criteria of one standard; those of the own agency, or all."""

    tieu_chuan = forms.TypedChoiceField(label="Tiêu chuẩn", required=False, coerce=int, empty_value=None)
    cua = forms.ChoiceField(
        label="Tiêu chí", required=False, choices=[(OWN, "Cơ quan phụ trách"), (EVERY, "Tất cả tiêu chí")]
    )

    def __init__(self, *args: Any, standards: list[tuple[int, str]], own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tieu_chuan"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Tất cả"), *((number, f"{number}. {name[:60]}") for number, name in standards)]
        if not own:
            del self.fields["cua"]


class YearChoice(forms.ModelChoiceField):
    """Plans by their year."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.year)


class ComparisonFilter(_Filter):
    """With which earlier year the plan is compared."""

    voi = YearChoice(Plan.objects.none(), label="So với năm", required=False, to_field_name="year", empty_label=None)

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["voi"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = plans
