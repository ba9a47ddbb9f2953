from django.urls import path

from criteria import views

app_name = "criteria"

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
]
