"""The papers' stylesheet read for Word: one description of the layout, two writers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2
from django.template.loader import render_to_string

from reports import rendering
from reports.word.looks import EDGES, POINTS, Look, Tokens, compute, lengths, points

# What every browser presumes of elements; the papers' stylesheet goes before.
PRESUMED = """
b, strong, th, h1, h2, h3, h4, h5, h6 { font-weight: bold }
i, em, cite, address { font-style: italic }
u, ins { text-decoration: underline }
th, caption, center { text-align: center }
th, td { vertical-align: middle }
sup { vertical-align: super }
sub { vertical-align: sub }
pre { white-space: pre }
h1, h2, h3, h4, h5, h6 { break-after: avoid }
head, script, style, title, template { display: none }
"""
MM = POINTS["mm"]
A4 = (210 * MM, 297 * MM)
# The name of an appendix's page that lies on its side, if the stylesheet has no page of that name.
WIDE = "wide"


@dataclass(frozen=True, slots=True)
class Box:
    """A place in the page's margin: how words look there, and the running text that it shows."""

    look: Look
    running: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of page, in points; header and footer are distances of their text from the page's edges."""

    width: float = A4[0]
    height: float = A4[1]
    margin: tuple[float, ...] = (20 * MM, 15 * MM, 20 * MM, 30 * MM)  # as EDGES
    number: Box = Box(Look(13))
    corner: Box = Box(Look(11))
    foot: Box = Box(Look(9.5))
    header: float = 10 * MM
    footer: float = 10 * MM

    @property
    def room(self) -> float:
        """How wide the text is."""
        return self.width - self.margin[1] - self.margin[3]


@dataclass(slots=True)
class Rules:
    """A stylesheet made ready: which declarations an element gets, and how the pages are set up."""

    matcher: cssselect2.Matcher = field(default_factory=cssselect2.Matcher)
    pages: dict[str, dict[str, Tokens]] = field(default_factory=dict)

    def declared(self, element: cssselect2.ElementWrapper, pseudo: str | None = None) -> dict[str, Tokens]:
        """The longhands that hold for the element or for its ::before or ::after, the deciding ones last."""
        found = [
            (important, origin, specificity, order, name, tokens)
            for specificity, order, about, (origin, longhands) in self.matcher.match(element)
            if about == pseudo
            for name, tokens, important in longhands
        ]
        found.sort(key=lambda item: item[:4])
        result = {item[4]: item[5] for item in found}
        style = element.etree_element.get("style") if pseudo is None else None
        if style:
            result |= {name: tokens for name, tokens, _ in _longhands(tinycss2.parse_blocks_contents(style))}
        return result

    def look(self, element: cssselect2.ElementWrapper, parent: Look, pseudo: str | None = None) -> Look:
        return compute(parent, self.declared(element, pseudo))

    def page(self, name: str) -> Page:
        """The page of this name, which begins as the unnamed one does."""
        said = self.pages.get("", {}) | self.pages.get(name, {})
        width, height = A4
        words = {token.lower_value for token in said.get("size", ()) if token.type == "ident"}
        if "landscape" in words or (name == WIDE and name not in self.pages):
            width, height = height, width
        margin = tuple(_first(said.get(f"margin-{edge}", ()), 20 * MM) for edge in EDGES)
        number, corner, foot = (_box(said, name) for name in ("top-center", "top-right", "bottom-left"))
        head, below = number.look, foot.look
        return Page(
            width, height, margin, number, corner, foot,
            header=margin[0] - head.padding[2] - head.size * head.line,
            footer=margin[2] - below.padding[0] - below.size * below.line,
        )  # fmt: skip


@lru_cache(maxsize=1)
def rules() -> Rules:
    """The papers' stylesheet."""
    return parse(render_to_string(rendering.STYLESHEET))


def parse(css: str) -> Rules:
    """A stylesheet over what is presumed of every element."""
    made = Rules()
    for origin, text in enumerate((PRESUMED, css)):
        for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
            if rule.type == "qualified-rule":
                longhands = list(_longhands(tinycss2.parse_blocks_contents(rule.content)))
                for selector in cssselect2.compile_selector_list(rule.prelude):
                    made.matcher.add_selector(selector, (origin, longhands))
            elif rule.type == "at-rule" and rule.lower_at_keyword == "page" and rule.content is not None:
                _add_page(made, rule)
    return made


def wrapped(root: Element) -> cssselect2.ElementWrapper:
    """The tree as selectors want it."""
    return cssselect2.ElementWrapper.from_html_root(root)


def _add_page(made: Rules, rule: Any) -> None:
    """Declarations of an @page rule by the page's name; those of first pages say only that no number stands there."""
    prelude = tinycss2.serialize(rule.prelude).strip()
    for name in (part.strip() for part in prelude.split(",")):
        if ":" in name:
            continue
        said = made.pages.setdefault(name, {})
        for item in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            if item.type == "declaration":
                said |= {longhand: tokens for longhand, tokens, _ in _longhands([item])}
            elif item.type == "at-rule" and item.content is not None:
                inside = _longhands(tinycss2.parse_blocks_contents(item.content))
                said |= {f"@{item.lower_at_keyword} {longhand}": tokens for longhand, tokens, _ in inside}


def _box(said: dict[str, Tokens], name: str) -> Box:
    start = f"@{name} "
    look = compute(Look(), {key.removeprefix(start): said[key] for key in said if key.startswith(start)})
    shown = [token.arguments for token in look.content if token.type == "function" and token.lower_name == "string"]
    return Box(look, shown[0][0].value if shown else "")


def _first(tokens: Tokens, otherwise: float) -> float:
    found = lengths(tokens)
    return points(found[0], 0) if found else otherwise


def _longhands(items: Sequence[Any]) -> Iterator[tuple[str, Tokens, bool]]:
    """Name, value and importance of every declaration, shorthands taken apart."""
    for item in items:
        if item.type != "declaration":
            continue
        tokens = [token for token in item.value if token.type not in ("whitespace", "comment")]
        for name, value in _apart(item.lower_name, tokens):
            yield name, value, item.important


def _apart(name: str, tokens: Tokens) -> Iterator[tuple[str, Tokens]]:
    if name in ("margin", "padding"):
        order = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}.get(len(tokens), ())
        yield from ((f"{name}-{edge}", [tokens[at]]) for edge, at in zip(EDGES, order, strict=False))
    elif name == "border":
        yield from ((f"border-{edge}", tokens) for edge in EDGES)
    elif name in ("background", "page-break-before", "page-break-after", "page-break-inside"):
        yield {"background": "background-color"}.get(name, name.removeprefix("page-")), tokens
    elif name == "font":
        yield from _font(tokens)
    else:
        yield name, tokens


def _font(tokens: Tokens) -> Iterator[tuple[str, Tokens]]:
    """The parts of `font: italic bold 13pt/1.25 Tinos`; what it does not name returns to the ordinary."""
    at = next((n for n, token in enumerate(tokens) if token.type in ("dimension", "percentage")), len(tokens))
    before, rest = tokens[:at], tokens[at + 1 :]
    yield "font-style", [token for token in before if token.type == "ident"] or _ORDINARY
    yield "font-weight", [token for token in before if token.type in ("ident", "number")] or _ORDINARY
    if at < len(tokens):
        yield "font-size", [tokens[at]]
    slash = bool(rest) and rest[0].type == "literal" and rest[0].value == "/"
    yield "line-height", rest[1:2] if slash else _ORDINARY


_ORDINARY = tinycss2.parse_component_value_list("normal")
