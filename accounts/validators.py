"""Password rules beyond Django's own."""

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator


class UserSimilarityValidator(UserAttributeSimilarityValidator):
    """Django's validator over the attributes our user has."""

    DEFAULT_USER_ATTRIBUTES = ("username", "full_name", "email")
