"""Guidance of the agencies."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
