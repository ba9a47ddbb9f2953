"""How ward plans and their tasks stand, in the words of the table."""

from django import template

from reports.papers.ward_plan_table import state_words, task_words, time_words

register = template.Library()
register.filter("plan_state", state_words)
register.filter("plan_time", time_words)
register.filter("task_state", task_words)
