from django.urls import path

from reports import views, visit_views

app_name = "reports"

urlpatterns = [
    path("ho-so/<int:pk>/ho-so.pdf", views.dossier, name="dossier"),
    path("quyet-dinh/<int:pk>/danh-sach.pdf", views.decision_list, name="decision_list"),
    path("ke-hoach/<int:year>/tong-hop.xlsx", views.consolidated_table, name="consolidated"),
    path("tham-dinh-co-so/<int:pk>/bien-ban.pdf", visit_views.minutes, name="visit_minutes"),
    path("tham-dinh-co-so/<int:pk>/phieu.pdf", visit_views.sheet_paper, name="visit_sheet_paper"),
    path("hoi-dong/<int:pk>/bien-ban.pdf", views.minutes, name="council_minutes"),
    path("gui/<int:pk>/phieu-gui.pdf", views.receipt, name="submission_receipt"),
]
