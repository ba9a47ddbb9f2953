"""Results over the years."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
