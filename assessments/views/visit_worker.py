"""The service worker of the visits' pages: its script knows the hashed names of the files it must keep."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SOURCE = Path(settings.BASE_DIR) / "static" / "js" / "visit-worker.js"
# Everything that the pages of visits load; tests/browser/test_visit_offline.py opens them without network.
ASSETS = (
    "bootstrap/bootstrap.min.css",
    "css/site.css",
    "css/papers.css",
    "css/assessment.css",
    "css/visit.css",
    "js/theme.js",
    "js/kept.js",
    "js/own-words.js",
    "js/ask.js",
    "js/menus.js",
    "js/nav-current.js",
    "js/drafts.js",
    "js/assessment.js",
    "js/outbox.js",
    "js/visit.js",
    "js/visit-list.js",
    "js/visit-minutes.js",
    "js/visit-photos.js",
    "js/visit-ready.js",
    "js/photo-store.js",
    "django_htmx/htmx-2.min.js",
    "img/icon.svg",
)


@lru_cache(maxsize=4)
def script(scope: str) -> str:
    """The worker with its list. It changes whenever a file it keeps does, and so browsers fetch it anew."""
    assets = [static(name) for name in ASSETS]
    source = SOURCE.read_text()
    version = hashlib.sha256("\n".join([*assets, source]).encode()).hexdigest()[:12]
    facts = {"version": version, "assets": assets, "scope": scope, "files": settings.STATIC_URL}
    return f"const FACTS = {json.dumps(facts)};\n{source}"


@login_not_required
@require_safe
@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """The script. It names no person and no record, so an ended session does not keep it from being renewed."""
    scope = reverse("assessments:my_visits")
    return HttpResponse(script(scope), "text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": scope})
