"""Half-year and yearly reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
