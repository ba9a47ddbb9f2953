"""The city's plan: drafting, issuing, adjusting."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
