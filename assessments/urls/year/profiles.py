"""The units' figures of the year."""

from django.urls import path

from assessments.views.year import profiles

urlpatterns = [path("ke-hoach/<int:year>/so-lieu/", profiles.profile_table, name="profiles")]
