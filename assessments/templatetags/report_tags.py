"""What templates of half-year and yearly reports share."""

from django import template

from assessments.queries.year import report_words

register = template.Library()


@register.filter
def shown(value: report_words.Value) -> str:
    """A figure as it is written: 1.250; 05/06/2025; a dash for what is not known."""
    return report_words.shown(value, unknown="–")
