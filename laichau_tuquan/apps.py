from django.apps import AppConfig
from django.core.checks import register

from laichau_tuquan import checks


class SiteConfig(AppConfig):
    name = "laichau_tuquan"
    verbose_name = "Tự quản Lai Châu"

    def ready(self) -> None:
        register(checks.check_fonts)
        register(checks.check_libraries)
