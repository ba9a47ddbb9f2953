"""Models and self-management groups."""

from django.urls import path

from assessments.views.year import community_models as views

_MODELS = "ke-hoach/<int:year>/mo-hinh/"

urlpatterns = [
    path(_MODELS, views.model_list, name="community_models"),
    path(f"{_MODELS}tieu-bieu/", views.exemplary, name="community_models_exemplary"),
    path(f"{_MODELS}moi/", views.create, name="community_model_new"),
    path(f"{_MODELS}<int:pk>/", views.detail, name="community_model"),
    path(f"{_MODELS}<int:pk>/sua/", views.edit, name="community_model_edit"),
    path(f"{_MODELS}<int:pk>/tinh-trang/", views.state, name="community_model_state"),
    path(f"{_MODELS}<int:pk>/chon-tieu-bieu/", views.choose, name="community_model_choose"),
    path(f"{_MODELS}<int:pk>/thoi-tieu-bieu/", views.take_back, name="community_model_take_back"),
    path(f"{_MODELS}<int:pk>/tep/", views.attach, name="community_model_attach"),
]
