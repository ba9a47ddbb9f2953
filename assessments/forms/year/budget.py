"""Shape of what is typed about money: estimates and their lines, appraised and approved amounts, decisions."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms

from assessments import money
from assessments.forms import CleanTextMixin, DateInput, inline_helper
from assessments.forms.words import OwnWords
from assessments.forms.year.dong import DongField
from assessments.models import BudgetDecision, BudgetEstimate, BudgetLine
from assessments.year import budget_appraisal, budget_decisions
from assessments.year.budget import LINES_MOST, Line
from assessments.year.budget_appraisal import NOTE_LIMIT
from localities.models import Unit
from localities.text import clean

PREFIX = "dong"
DAY = {"invalid": "Ngày không hợp lệ. Nhập theo dạng ngày/tháng/năm."}


class QuantityField(forms.CharField):
    """A quantity with up to three decimals; comes out as Decimal, None when empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, required=False, **options)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return money.parse_quantity(typed)
        except money.BadAmount as error:
            raise forms.ValidationError(error.message) from error

    def prepare_value(self, value: Any) -> Any:
        return money.quantity_text(value) if isinstance(value, Decimal) else value


class EstimateForm(CleanTextMixin, forms.ModelForm):
    """What an estimate says beside its lines."""

    class Meta:
        model = BudgetEstimate
        fields = ["number", "signed_on", "explanation"]
        widgets = {"signed_on": DateInput(), "explanation": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "number": "Số của tờ trình, ví dụ 15/TTr-UBND; để trống nếu chưa có.",
            "explanation": "Căn cứ, định mức, cách tính; in trong tờ trình.",
        }
        error_messages = {"signed_on": DAY}

    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("signed_on", css_class="col-md-6")), "explanation"
    )


class LineForm(CleanTextMixin, forms.Form):
    """One line. A line without content, quantity and price is none; a ticked one leaves."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    position = forms.IntegerField(label="Thứ tự", required=False, min_value=0, max_value=9999)
    content = forms.CharField(
        label="Nội dung", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="Tổ dân phố, bản", required=False, empty_label="Chung của xã, phường"
    )
    measure = forms.CharField(label="Đơn vị tính", max_length=50, required=False)
    quantity = QuantityField(label="Số lượng")
    unit_price = DongField(label="Đơn giá")
    state_budget = DongField(label=money.SOURCES["state_budget"])
    social = DongField(label=money.SOURCES["social"])
    other = DongField(label=money.SOURCES["other"])
    remove = forms.BooleanField(label="Bỏ dòng này", required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["unit"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        # One reading for all lines.
        choice.choices = [("", choice.empty_label), *((unit.pk, unit.name) for unit in units)]
        self.known = {str(unit.pk): unit for unit in units}
        for name, field in self.fields.items():
            if name not in ("pk", "remove"):
                kind = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
                field.widget.attrs["class"] = kind
        self.fields["remove"].widget.attrs["class"] = "form-check-input"

    def _clean_fields(self) -> None:
        # The choice asks the database once for each line; the ward's units are at hand.
        choice = self.fields["unit"]
        choice.clean = self._unit  # type: ignore[method-assign]
        super()._clean_fields()  # type: ignore[misc]

    def _unit(self, value: Any) -> Unit | None:
        if not value:
            return None
        if str(value) not in self.known:
            raise forms.ValidationError("Chọn tổ dân phố, bản trong danh sách.")
        return self.known[str(value)]

    @property
    def empty(self) -> bool:
        """Whether nobody wrote anything that makes a line."""
        names = ("content", "measure", "quantity", "unit_price", "state_budget", "social", "other")
        return not any(clean(str(self[name].value() or "")) for name in names)

    @property
    def amount(self) -> int | None:
        """Quantity times price as they stand in the form; None while they make no amount."""
        try:
            quantity, price = (str(self[name].value() or "") for name in ("quantity", "unit_price"))
            return money.product(money.parse_quantity(quantity), money.parse_dong(price))
        except money.BadAmount:
            return None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("remove") or self.empty:
            self.errors.clear()
            return data
        for name, sentence in _NEEDED.items():
            if name not in self.errors and data.get(name) in (None, ""):
                self.add_error(name, sentence)
        if not self.errors:
            self._sums(data)
        return data

    def _sums(self, data: dict[str, Any]) -> None:
        """The amount is quantity times price; a line that names no source is the State's."""
        try:
            asked = money.product(data["quantity"], data["unit_price"])
        except money.BadAmount as error:
            self.add_error("quantity", error.message)
            return
        given = [data.get(name) for name in money.SOURCES]
        sources = money.Sources(*(amount or 0 for amount in given))
        if all(amount is None for amount in given):
            sources = money.Sources(state_budget=asked)
        try:
            money.check_sources(asked, sources)
        except money.BadAmount as error:
            self.add_error("state_budget", error.message)
        data["sources"] = sources

    def line(self) -> Line:
        """The line, of a valid form that holds one."""
        data = self.cleaned_data
        unit = data.get("unit")
        return Line(
            content=data["content"],
            measure=data["measure"],
            quantity=data["quantity"],
            unit_price=data["unit_price"],
            sources=data["sources"],
            unit_id=unit.pk if unit else None,
            pk=data.get("pk"),
        )


_NEEDED = {
    "content": "Chưa nhập nội dung.",
    "measure": "Chưa nhập đơn vị tính.",
    "quantity": "Chưa nhập số lượng.",
    "unit_price": "Chưa nhập đơn giá.",
}


def lines_formset(
    data: Any, lines: Sequence[Mapping[str, Any]], units: Sequence[Unit], *, extra: int | None = None
) -> forms.BaseFormSet:
    """The lines as a form, with free ones at the end."""
    free = extra if extra is not None else (2 if lines else 5)
    made = forms.formset_factory(LineForm, extra=free, max_num=LINES_MOST + 50, absolute_max=LINES_MOST + 50)
    return made(data, initial=list(lines), prefix=PREFIX, form_kwargs={"units": units})


def told(line: BudgetLine, *, new: bool = False) -> dict[str, Any]:
    """A stored line as the form shows it; `new`: as a line of another estimate."""
    return {
        "pk": None if new else line.pk,
        "position": line.position,
        "content": line.content,
        "unit": line.unit_id,
        "measure": line.measure,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "state_budget": line.state_budget,
        "social": line.social,
        "other": line.other,
    }


def written(formset: forms.BaseFormSet) -> list[Line]:
    """The lines of a valid formset in the order their numbers give; a line without a number stays where it is."""
    kept = [form for form in formset.forms if not (form.empty or form.cleaned_data.get("remove"))]
    placed, last = [], 0
    for at, form in enumerate(kept):
        number = form.cleaned_data.get("position")
        last = number if number is not None else last
        placed.append((last, at, form))
    return [form.line() for _, _, form in sorted(placed, key=lambda item: item[:2])]


class SaidForm(OwnWords, forms.Form):
    """An amount and a remark for each line of an estimate, as appraised or as approved."""

    def __init__(self, *args: Any, lines: Sequence[BudgetLine], what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.wrong = budget_appraisal.wrong if what == "appraised" else budget_decisions.wrong
        word = "thẩm định" if what == "appraised" else "phê duyệt"
        for line in lines:
            self.fields[f"so-{line.pk}"] = DongField(
                label=f"Số {word} dòng {line.position}", initial=getattr(line, what)
            )
            self.fields[f"y-{line.pk}"] = forms.CharField(
                label=f"Ý kiến dòng {line.position}",
                required=False,
                max_length=NOTE_LIMIT,
                initial=getattr(line, f"{what}_note"),
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control"
            field.widget.attrs["aria-label"] = str(field.label)
            if name.startswith("so-"):
                field.widget.attrs["data-amount"] = "1"

    def clean(self) -> dict[str, Any]:
        """What is wrong with any line is said at once, beside what cannot be read in another."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for line in self.lines:
            amount, note = f"so-{line.pk}", f"y-{line.pk}"
            if amount in data and note in data:
                sentence = self.wrong(line, data[amount], clean(data[note]))
                if sentence:
                    self.add_error(amount, sentence)
        return data

    def rows(self) -> list[tuple[BudgetLine, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields."""
        return [(line, self[f"so-{line.pk}"], self[f"y-{line.pk}"]) for line in self.lines]

    def said(self) -> dict[int, tuple[Any, str]]:
        """What was typed, by line, of a valid form."""
        data = self.cleaned_data
        return {line.pk: (data[f"so-{line.pk}"], clean(data[f"y-{line.pk}"])) for line in self.lines}


class AppraisalNoteForm(CleanTextMixin, forms.Form):
    """What the finance agency says of the estimate as a whole."""

    note = forms.CharField(
        label="Ý kiến thẩm định chung", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    helper = inline_helper()


class PaperDayForm(CleanTextMixin, forms.Form):
    """On which day a paper copy came, and how one knows."""

    received_on = forms.DateField(
        label="Ngày nhận bản giấy", widget=DateInput(), error_messages={"required": "Chưa nhập ngày nhận.", **DAY}
    )
    reason = forms.CharField(label="Căn cứ", max_length=500, help_text="Ví dụ: công văn đến số 125, ngày 10/3/2025.")
    helper = inline_helper(Row(Column("received_on", css_class="col-md-4"), Column("reason", css_class="col-md-8")))


class BudgetDecisionForm(CleanTextMixin, forms.ModelForm):
    """The decision's own words."""

    class Meta:
        model = BudgetDecision
        fields = ["number", "issued_on", "title", "signer_title", "signer_name"]
        widgets = {"issued_on": DateInput(), "signer_title": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "number": "Ví dụ: 1234/QĐ-UBND",
            "signer_title": "Mỗi dòng một chức vụ, như in trên văn bản.",
            "signer_name": "Có thể để trống nếu chưa ký.",
        }
        error_messages = {"issued_on": DAY}

    helper = inline_helper(
        Row(Column("number", css_class="col-md-6"), Column("issued_on", css_class="col-md-6")),
        "title",
        Row(Column("signer_title", css_class="col-md-6"), Column("signer_name", css_class="col-md-6")),
    )
