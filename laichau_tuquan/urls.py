"""Every address of the application."""

from django.contrib import admin
from django.urls import include, path

from laichau_tuquan import views

urlpatterns = [
    path("", include("assessments.urls")),
    path("", include("reports.urls")),
    path("bo-tieu-chi/", include("criteria.urls")),
    path("tai-khoan/", include("accounts.urls")),
    path("quan-tri/", admin.site.urls),
    path("suc-khoe/", views.health, name="health"),
    # Browsers ask for this on pages that name no icon: the administration, a PDF.
    path("favicon.ico", views.icon, name="icon"),
]

handler400 = "laichau_tuquan.views.bad_request"
handler403 = "laichau_tuquan.views.forbidden"
handler404 = "laichau_tuquan.views.not_found"
