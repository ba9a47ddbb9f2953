"""Addresses of documents, as the tests ask for them."""

from django.urls import reverse


def file_url(code: str, *ids: int, form: str = "pdf") -> str:
    """One format of a kind of document of what has these numbers."""
    return reverse("reports:paper_file", args=[code, ids, form])
