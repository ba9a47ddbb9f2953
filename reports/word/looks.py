"""How one element looks, in points: as much of CSS as an office's word processor can follow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

Tokens: TypeAlias = Sequence[Any]  # of tinycss2
Length: TypeAlias = tuple[float, str]  # 40, "%"

POINTS = {"pt": 1.0, "mm": 72 / 25.4, "cm": 72 / 2.54, "in": 72.0, "px": 0.75}
# A line of Times New Roman takes 1.149 of its size; Word counts its lines in this, CSS in the size.
SINGLE = 1.149
EDGES = ("top", "right", "bottom", "left")
NAMED_COLOURS = {"black": "000000", "white": "FFFFFF"}


@dataclass(frozen=True, slots=True)
class Look:
    """The computed values of one element. The first group passes to the elements inside."""

    size: float = 13
    bold: bool = False
    italic: bool = False
    underline: bool = False
    raised: str = ""  # super, sub
    caps: bool = False
    colour: str = "000000"
    align: str = "left"
    indent: float = 0
    line: float = SINGLE
    keeps_lines: bool = False  # white-space: pre-line
    page: str = ""  # the kind of page it is printed on

    display: str = ""
    margin: tuple[float, ...] = (0, 0, 0, 0)  # as EDGES
    padding: tuple[float, ...] = (0, 0, 0, 0)
    border: tuple[float, ...] = (0, 0, 0, 0)
    centred: bool = False  # margins of equal size to both sides
    fill: str = ""
    width: Length | None = None
    height: float = 0
    vertical: str = ""
    keep_next: bool = False
    keep_previous: bool = False
    whole: bool = False
    new_page: bool = False
    counts: tuple[tuple[str, int], ...] = ()
    restarts: tuple[tuple[str, int], ...] = ()
    content: tuple[Any, ...] = ()
    string: tuple[Any, ...] = ()  # the running text that it sets: its name, then what it says

    @property
    def hidden(self) -> bool:
        return self.display == "none" or not self.size


INHERITED = 12
_OWN: dict[str, Any] = {field.name: field.default for field in fields(Look)[INHERITED:]}


def points(length: Length, size: float, whole: float = 0) -> float:
    """A length in points; em of `size`, % of `whole`."""
    number, unit = length
    if unit == "%":
        return number * whole / 100
    if unit in ("em", "rem"):
        return number * size
    return number * POINTS.get(unit, 0)


def compute(parent: Look, declared: Mapping[str, Tokens]) -> Look:
    """The look of an element by its declarations (longhands) inside of an element of look `parent`."""
    state: dict[str, Any] = {}
    if "font-size" in declared:
        state["size"] = _size(declared["font-size"], parent.size)
    size = state.get("size", parent.size)
    for name, tokens in declared.items():
        handle = _HANDLERS.get(name)
        if handle is not None and tokens:
            state |= handle(tokens, size)
    for group in ("margin", "padding", "border"):
        state[group] = tuple(state.pop(f"{group}-{edge}", 0) for edge in EDGES)
    sides = [declared.get(f"margin-{edge}", ()) for edge in ("left", "right")]
    state["centred"] = all(tokens and _word(tokens) == "auto" for tokens in sides)
    return replace(parent, **(_OWN | state))


def lengths(tokens: Tokens) -> list[Length]:
    """Every length among the tokens."""
    found: list[Length] = []
    for token in tokens:
        if token.type == "dimension":
            found.append((token.value, token.lower_unit))
        elif token.type == "percentage":
            found.append((token.value, "%"))
        elif token.type == "number":
            found.append((token.value, "" if token.value else "pt"))
    return found


def _word(tokens: Tokens) -> str:
    return next((token.lower_value for token in tokens if token.type == "ident"), "")


def _words(tokens: Tokens) -> set[str]:
    return {token.lower_value for token in tokens if token.type == "ident"}


def _size(tokens: Tokens, parent: float) -> float:
    found = lengths(tokens)
    return points(found[0], parent, parent) if found else {"smaller": parent / 1.2, "larger": parent * 1.2}.get(
        _word(tokens), parent
    )  # fmt: skip


def _line(tokens: Tokens, size: float) -> dict[str, Any]:
    """Never below Word's single spacing, the least that the decree allows; "normal" is that."""
    for number, unit in lengths(tokens):
        if unit == "":
            return {"line": max(number, SINGLE)}
        if size:
            return {"line": max(points((number, unit), size, size) / size, SINGLE)}
    return {"line": SINGLE}


def _bold(tokens: Tokens, size: float) -> dict[str, Any]:
    heavy = any(token.type == "number" and token.value >= 600 for token in tokens)
    return {"bold": heavy or bool(_words(tokens) & {"bold", "bolder"})}


def colour(tokens: Tokens) -> str:
    """The first colour among the tokens as six digits, "" without one."""
    for token in tokens:
        if token.type == "hash":
            digits = token.value if len(token.value) == 6 else "".join(digit * 2 for digit in token.value[:3])
            return digits.upper()
        if token.type == "ident" and token.lower_value in NAMED_COLOURS:
            return NAMED_COLOURS[token.lower_value]
    return ""


def _counters(tokens: Tokens, unless_said: int) -> tuple[tuple[str, int], ...]:
    pairs: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "ident" and token.lower_value != "none":
            pairs.append((token.value, unless_said))
        elif token.type == "number" and pairs:
            pairs[-1] = (pairs[-1][0], int(token.value))
    return tuple(pairs)


def _edge(name: str) -> Callable[[Tokens, float], dict[str, Any]]:
    def handle(tokens: Tokens, size: float) -> dict[str, Any]:
        found = lengths(tokens)
        return {name: points(found[0], size) if found else 0}

    return handle


def _border(edge: str) -> Callable[[Tokens, float], dict[str, Any]]:
    def handle(tokens: Tokens, size: float) -> dict[str, Any]:
        if _word(tokens) in ("none", "hidden"):
            return {f"border-{edge}": 0}
        found = lengths(tokens)
        return {f"border-{edge}": points(found[0], size) if found else 0.75}

    return handle


def _is(field: str, *words: str) -> Callable[[Tokens, float], dict[str, Any]]:
    return lambda tokens, size: {field: not _words(tokens).isdisjoint(words)}


def _says(field: str) -> Callable[[Tokens, float], dict[str, Any]]:
    return lambda tokens, size: {field: _word(tokens)}


_HANDLERS: dict[str, Callable[[Tokens, float], dict[str, Any]]] = {
    "font-weight": _bold,
    "font-style": _is("italic", "italic", "oblique"),
    "line-height": _line,
    "text-decoration": _is("underline", "underline"),
    "text-transform": _is("caps", "uppercase"),
    "text-align": lambda tokens, size: {"align": {"start": "left", "end": "right"}.get(_word(tokens), _word(tokens))},
    "text-indent": _edge("indent"),
    "white-space": _is("keeps_lines", "pre-line", "pre-wrap", "pre"),
    "color": lambda tokens, size: {"colour": colour(tokens) or "000000"},
    "page": lambda tokens, size: {"page": "" if _word(tokens) == "auto" else _word(tokens)},
    "display": _says("display"),
    "background-color": lambda tokens, size: {"fill": colour(tokens)},
    "width": lambda tokens, size: {"width": next(iter(lengths(tokens)), None)},
    "height": _edge("height"),
    "min-height": _edge("height"),
    "vertical-align": lambda tokens, size: (
        {"raised": _word(tokens)} if _word(tokens) in ("super", "sub") else {"vertical": _word(tokens)}
    ),
    "break-before": lambda tokens, size: {
        "keep_previous": _word(tokens) in ("avoid", "avoid-page"),
        "new_page": _word(tokens) in ("page", "always", "left", "right"),
    },
    "break-after": _is("keep_next", "avoid", "avoid-page"),
    "break-inside": _is("whole", "avoid", "avoid-page"),
    "counter-increment": lambda tokens, size: {"counts": _counters(tokens, 1)},
    "counter-reset": lambda tokens, size: {"restarts": _counters(tokens, 0)},
    "counter-set": lambda tokens, size: {"restarts": _counters(tokens, 0)},
    "content": lambda tokens, size: {"content": tuple(tokens)},
    "string-set": lambda tokens, size: {"string": tuple(tokens)},
    **{f"{group}-{edge}": _edge(f"{group}-{edge}") for group in ("margin", "padding") for edge in EDGES},
    **{f"border-{edge}": _border(edge) for edge in EDGES},
}
