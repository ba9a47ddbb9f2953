"""Milestones, and who owes what."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
