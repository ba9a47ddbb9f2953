from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("ho-so/<int:pk>/ho-so.pdf", views.dossier, name="dossier"),
    path("ke-hoach/<int:year>/tong-hop.xlsx", views.consolidated_table, name="consolidated"),
]
