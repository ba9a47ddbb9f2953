"""Results over the years."""

from django.urls import path

from assessments.views.year import looking_back

urlpatterns = [
    path("ke-hoach/<int:year>/nhin-lai/", looking_back.criteria, name="looking_back"),
    path("ke-hoach/<int:year>/nhin-lai/nguy-co/", looking_back.risks, name="looking_back_risks"),
    path("ke-hoach/<int:year>/nhin-lai/so-sanh/", looking_back.comparison, name="looking_back_comparison"),
    path("ke-hoach/<int:year>/nhin-lai/tieu-chi/<str:key>/", looking_back.criterion, name="looking_back_criterion"),
]
