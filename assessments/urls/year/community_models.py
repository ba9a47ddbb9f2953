"""Models and self-management groups."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
