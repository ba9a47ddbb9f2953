"""How static files are collected: hashed names, and of Bootstrap's many builds only the one the pages use."""

from django.contrib.staticfiles.apps import StaticFilesConfig as DjangoStaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesConfig(DjangoStaticFilesConfig):
    ignore_patterns = [
        *DjangoStaticFilesConfig.ignore_patterns,
        "bootstrap-*",
        "*.rtl.*",
        "bootstrap.css*",
        "htm?x-4*",
        "htmx-2.js",
        "ext",
    ]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Hashed names inside script modules too: a page never mixes an old module with a new one."""

    support_js_module_import_aggregation = True
