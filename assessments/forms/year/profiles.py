"""A line of the ward's table of figures: six whole numbers, each of which may be unknown."""

import re
from typing import Any

from django import forms

from assessments.forms.words import OwnWords
from assessments.queries.year.profiles import LABELS, ProfileRow
from assessments.unit_years import FIELDS
from localities.models import MOST, doubtful

_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}([. \u00a0][0-9]{3})+")


class CountField(forms.CharField):
    """A count as people write it: 1234, 1.234 or 1 234; nothing is unknown."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value) or "").strip()
        if not typed:
            return None
        digits = re.sub(r"[. \u00a0]", "", typed)
        if not _WHOLE.fullmatch(typed):
            raise forms.ValidationError(f"“{typed[:20]}” không phải số nguyên không âm. Chỉ nhập chữ số.")
        if int(digits) > MOST:
            most = f"{MOST:,}".replace(",", ".")
            raise forms.ValidationError(f"“{typed[:20]}” quá lớn; nhiều nhất {most}. Kiểm tra lại.")
        return int(digits)


class ProfileLine(OwnWords, forms.Form):
    """One unit's figures. `seen` are the numbers the page showed: what equals them was changed by nobody."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, row: ProfileRow, *, take_before: bool = False) -> None:
        self.row = row
        self.taken = {name for name in FIELDS if take_before and row.values[name] is None} & {
            name for name, value in row.before.items() if value is not None
        }
        shown = {name: row.before[name] if name in self.taken else row.values[name] for name in FIELDS}
        initial = {**shown, "seen": _joined(row.values), "version": row.version}
        super().__init__(data, initial=initial, prefix=f"to-{row.unit.pk}")
        for name in FIELDS:
            self.fields[name] = CountField(label=f"{LABELS[name].capitalize()} của {row.unit}")
            self.fields[name].widget.attrs = {
                "class": "form-control",
                "inputmode": "numeric",
                "autocomplete": "off",
                "maxlength": "40",
            }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, sentence in doubtful({name: data.get(name) for name in FIELDS}).items():
            self.add_error(name, sentence)
        return data

    @property
    def changed_by_person(self) -> bool:
        """Whether the numbers are others than those the page showed."""
        typed = [str(self.data.get(self.add_prefix(name), "")).strip() for name in FIELDS]
        return typed != str(self.data.get(self.add_prefix("seen"), "")).split("|")

    @property
    def values(self) -> dict[str, int | None]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    @property
    def cells(self) -> list[tuple[forms.BoundField, int | None, bool, str]]:
        """Input, the number of the year before, whether it was just taken over, and what the column is called."""
        return [(self[name], self.row.before.get(name), name in self.taken, LABELS[name]) for name in FIELDS]

    def show_fresh(self, row: ProfileRow) -> None:
        """What is stored by now becomes what this page showed."""
        fresh = {self.add_prefix("seen"): _joined(row.values), self.add_prefix("version"): str(row.version)}
        self.row, self.data = row, {name: self.data.get(name) for name in self.data} | fresh


def _joined(values: dict[str, int | None]) -> str:
    return "|".join("" if values[name] is None else str(values[name]) for name in FIELDS)
