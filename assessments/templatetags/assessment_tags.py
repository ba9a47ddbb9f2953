"""Words and small pictures for states on pages."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from assessments.sheet import EntryRow
from assessments.workflow import STATE_LABELS, State

register = template.Library()


@register.filter
def state_label(state: str) -> str:
    """The Vietnamese label of a workflow state."""
    return STATE_LABELS[State(state)]


@register.simple_tag
def verdict_options(row: EntryRow) -> SafeString:
    """The radio buttons of an entry. The same few exist for everybody, so each is made once per process."""
    known = row.stated if any(o.value == row.stated for o in row.options) else ""
    return _options(row.dom, tuple((o.value, o.label, o.sign, o.key) for o in row.options), known)


@lru_cache(maxsize=4096)
def _options(dom: str, options: tuple[tuple[str, str, str, str], ...], stated: str) -> SafeString:
    return format_html_join(
        "",
        '<input type="radio" class="btn-check" name="stated" id="{0}-{1}" value="{1}"{5} data-key="{4}">'
        '<label class="btn verdict verdict-{1}" for="{0}-{1}"><span aria-hidden="true">{3}</span> {2}</label>',
        ((dom, v, label, sign, key, mark_safe(" checked") if v == stated else "") for v, label, sign, key in options),
    )


@register.simple_tag
def state_bar(counts: Iterable[tuple[State, int]]) -> SafeString:
    """A stacked bar of states in road order, with its figures as its name for those who do not see it."""
    present = [(state, number) for state, number in counts if number]
    total = sum(number for _, number in present)
    if not total:
        return format_html('<span class="small-print">{}</span>', "Chưa đăng ký")
    said = ", ".join(f"{STATE_LABELS[state]}: {number}" for state, number in present)
    parts, at = [], 0
    for state, number in present:
        parts.append((at, number, state.value, STATE_LABELS[state], number))
        at += number
    bars = format_html_join(
        "",
        '<rect x="{}" y="0" width="{}" height="1" class="bar-{}"><title>{}: {}</title></rect>',
        parts,
    )
    return format_html(
        '<span class="bar" role="img" aria-label="{}">'
        '<svg viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true">{}</svg></span>',
        said,
        total,
        bars,
    )


@register.simple_tag
def state_legend() -> SafeString:
    """The colours of the bars with their words."""
    items = format_html_join(
        "",
        '<li><svg viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" class="bar-{}"/></svg>{}</li>',
        ((state.value, STATE_LABELS[state]) for state in State),
    )
    return format_html('<ul class="legend">{}</ul>', items)
