"""The fixture of 2020 as its tests read it."""

import json
from typing import Any

from django.conf import settings

PATH = settings.BASE_DIR / "fixtures" / "criteria-2020.json"
RECORDS: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))


def fields_of(model: str, records: list[dict[str, Any]] = RECORDS) -> list[dict[str, Any]]:
    """The fields of all records of a model of the criteria app."""
    return [record["fields"] for record in records if record["model"] == f"criteria.{model}"]
