"""Every address of this app, one module for each part of the work."""

from assessments.urls import agencies, appraisal, council, delegations, dossiers, record, year

app_name = "assessments"

urlpatterns = [
    *dossiers.urlpatterns,
    *council.urlpatterns,
    *agencies.urlpatterns,
    *delegations.urlpatterns,
    *appraisal.urlpatterns,
    *record.urlpatterns,
    *year.urlpatterns,
]
