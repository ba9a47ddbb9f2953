"""The figures of units that did not take part in a year, as a ward fills its whole table; some cells stay open."""

from random import Random

from assessments.demo import answering, data
from assessments.demo.stage import Stageplay
from assessments.unit_years import FIELDS
from assessments.year.profiles import Line, save_lines
from localities.models import UnitYear

# Known only in part: the households were counted, the rest is still being asked.
_PARTLY = {("03387", "Tổ 6"): ("households", "persons"), ("03388", "Tổ 3"): ("households",)}


def load(play: Stageplay) -> None:
    """2020 complete everywhere; in 2025 one ward still misses figures and another has them in part."""
    for code, places in data.PLACES.items():
        for year in (2020, 2025):
            lines = []
            for entry in places:
                unit = play.units[code, entry.name]
                wanted = FIELDS if year == 2020 else _PARTLY.get((code, entry.name), ())
                if not wanted or UnitYear.objects.filter(unit=unit, year=year).exists():
                    continue
                known = answering.profile(Random(f"{code} {entry.name}"), entry.kind)  # noqa: S311 (not secret)
                values = {name: known[name] if name in wanted else None for name in FIELDS}
                lines.append(Line(unit.pk, 0, values))
            save_lines(user=play.officer(code), year=year, lines=lines)
