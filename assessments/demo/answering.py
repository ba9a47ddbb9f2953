"""Invented but consistent numbers and answers for one unit and year. Pure; the same seed gives the same."""

from collections.abc import Iterable, Mapping
from random import Random

from assessments.demo.data import EXEMPT_REASON, MET_NOTES, NOT_MET_NOTES, Quality
from assessments.self_assessment import NewAnswer
from criteria.spec import Entry, EntryKind, Figure, Table, Verdict

Profile = dict[str, int | None]

# Where a good unit misses something: never more than its standard or content bears.
_SLIPS = (("tc-2.1", "tc-2.3"), ("tc-4.5", "tc-4.8"), ("tc-6.6",), ("nd-5.1.2", "nd-5.2.1"), ("nd-6.2.4",))
# Each of these sets keeps a standard from holding.
_FAILURES = (
    ("tc-2.3", "tc-2.6"),
    ("tc-1.1", "tc-4.5"),
    ("nd-5.1.2", "nd-5.1.3", "nd-5.2.1", "nd-5.4.4", "tc-4.8"),
)


def profile(random: Random, kind: str) -> Profile:
    """The yearly figures of a residential group or a village."""
    village = kind == "village"
    households = random.randint(55, 130) if village else random.randint(90, 210)
    persons = households * random.randint(34, 43) // 10
    return {
        "households": households,
        "persons": persons,
        "poor_households": random.choice((0, 1, 2, 3)) if village else random.choice((0, 0, 0, 1)),
        "near_poor_households": random.randint(0, 5),
        "working_age_persons": persons * random.randint(54, 63) // 100,
        "business_households": random.randint(4, 14) if village else random.randint(18, 60),
    }


def self_answers(table: Table, numbers: Profile, quality: Quality, random: Random) -> dict[str, NewAnswer]:
    """A complete self-assessment that comes to the wanted result."""
    missed = _missed(quality, numbers, random)
    answers = {}
    for entry in table.judged_by_hand:
        stated = _stated(entry, missed, random)
        counted = _figures(entry, stated, numbers, random)
        answers[entry.key] = NewAnswer(stated, _note(entry.key, stated, random), counted)
    return answers


def _missed(quality: Quality, numbers: Profile, random: Random) -> set[str]:
    """Keys of what is not met, and of the cases that occur."""
    missed = {random.choice(slip) for slip in _SLIPS if random.random() < 0.4}
    if numbers["poor_households"]:
        missed.add("tc-5.2")
    if quality is Quality.WEAK:
        missed |= set(random.choice(_FAILURES))
    if quality is Quality.CASE:
        missed |= {"th-4", "tc-1.3"}
    if quality is Quality.CONTRADICTION:
        missed.add("th-1")
    return missed


def _stated(entry: Entry, missed: set[str], random: Random) -> Verdict:
    if entry.kind is EntryKind.CASE:
        return Verdict.OCCURS if entry.key in missed else Verdict.ABSENT
    if entry.may_be_exempt and random.random() < 0.8:
        return Verdict.NOT_APPLICABLE
    return Verdict.NOT_MET if entry.key in missed else Verdict.MET


def _note(key: str, stated: Verdict, random: Random) -> str:
    if stated is Verdict.NOT_APPLICABLE:
        return EXEMPT_REASON
    if stated in (Verdict.NOT_MET, Verdict.OCCURS):
        return NOT_MET_NOTES.get(key, "")
    return MET_NOTES.get(key, "") if random.random() < 0.7 else ""


def _figures(entry: Entry, stated: Verdict, numbers: Profile, random: Random) -> Mapping[str, Figure]:
    """Counts that fit the verdict, in the order of the entry's indicators."""
    if not entry.indicators or stated is Verdict.NOT_APPLICABLE:
        return {}
    fine = stated in (Verdict.MET, Verdict.ABSENT)
    counts = _counts(entry.key, fine, numbers, random)
    return dict(zip((indicator.key for indicator in entry.indicators), counts, strict=True))


def _counts(key: str, fine: bool, numbers: Profile, random: Random) -> Iterable[Figure]:
    homes, people = numbers["households"] or 0, numbers["persons"] or 0
    posts, helped, pupils = random.randint(9, 13), people * 8 // 100, people * 18 // 100
    shops, flags = numbers["business_households"] or 0, homes + random.randint(3, 8)
    keeping = homes - random.randint(0, homes // 50)
    counted: Mapping[str, tuple[Figure, ...]] = {
        "tc-1.1": (Figure(posts if fine else posts - 1, posts),),
        "tc-1.3": (Figure(keeping if fine else homes * 86 // 100),),
        "tc-1.4": (Figure(homes if fine else homes - 3),),
        "tc-2.2": (Figure(random.randint(1, 2) if fine else 0),),
        "tc-2.3": (Figure(1 if fine else 0),),
        "tc-2.6": (Figure(shops if fine else shops - 2, shops),),
        "tc-3.4": (Figure(2 if fine else 0),),
        "tc-4.4": (Figure(homes * (random.randint(88, 97) if fine else 82) // 100),),
        "tc-4.6": (Figure(flags if fine else flags - 4, flags),),
        "tc-5.2": (Figure(numbers["poor_households"]),),
        "tc-5.3": (Figure(helped if fine else helped - 1, helped),),
        "tc-5.5": (Figure(pupils if fine else pupils - 1, pupils), Figure(0 if fine else 1)),
        "tc-6.3": (Figure(homes), Figure(keeping if fine else homes * 9 // 10)),
        "tc-6.7": (Figure(posts if fine else posts - 1, posts), Figure(0 if fine else 1)),
        "th-4": (Figure(random.randint(0, 3) if fine else homes * 12 // 100),),
    }
    return counted[key]


def first_half(table: Table, answers: Mapping[str, NewAnswer]) -> dict[str, NewAnswer]:
    """What a draft in the middle has: standards 1 to 4, contents 1 to 3, and one count that overrules its verdict."""
    begun = [entry.key for part in (*table.standards[:4], *table.contents[:3]) for entry in part.entries]
    half = {key: answers[key] for key in begun if key in answers}
    short = {
        name: Figure((f.denominator or 2) - 2, f.denominator) for name, f in (half["tc-2.6"].figures or {}).items()
    }
    half["tc-2.6"] = NewAnswer(Verdict.MET, "Còn 02 hộ đang chờ cấp giấy đăng ký.", short)
    return half
