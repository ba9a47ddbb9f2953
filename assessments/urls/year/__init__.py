"""Addresses of the year of the plan, one module for each part."""

from assessments.urls.year import (
    budget,
    city_plans,
    commendations,
    community_models,
    duties,
    guidance,
    helping,
    looking_back,
    profiles,
    reports,
    ward_plans,
)

urlpatterns = [
    *city_plans.urlpatterns,
    *ward_plans.urlpatterns,
    *budget.urlpatterns,
    *profiles.urlpatterns,
    *guidance.urlpatterns,
    *community_models.urlpatterns,
    *helping.urlpatterns,
    *reports.urlpatterns,
    *commendations.urlpatterns,
    *duties.urlpatterns,
    *looking_back.urlpatterns,
]
