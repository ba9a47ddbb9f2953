"""Estimates, their appraisal and approval."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
