"""The structure of a PDF, where WeasyPrint's own says too little or too much."""

from collections.abc import Iterator
from typing import Any

import pydyf

_LAYOUT = {"/Table": "/Div", "/TBody": "/Div", "/TR": "/Div", "/TD": "/Div"}


def finish(document: Any, pdf: Any) -> None:
    """Headings of tables say of what they are the heading; tables without any are mere layout and no tables.

    What is read aloud with rows and columns is then only what is a table: not the letterhead, not the signatures.
    """
    below = _Elements(pdf)
    for table in below.all:
        if table["S"] == "/Table":
            parts = [(table, ""), *below.under(table)]
            if any(part["S"] == "/TH" for part, _ in parts):
                for part, within in parts:
                    if part["S"] == "/TH":
                        part["A"]["Scope"] = "/Column" if within == "/THead" else "/Row"
            else:
                for part, _ in parts:
                    part.pop("A", None)
                    part["S"] = _LAYOUT[part["S"]]


class _Elements:
    """The elements of the structure by the reference that others name them with."""

    def __init__(self, pdf: Any) -> None:
        self.all = [
            thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/StructElem"
        ]
        self._by_reference = {thing.reference: thing for thing in self.all}

    def under(self, parent: Any, within: str = "") -> Iterator[tuple[Any, str]]:
        """Rows, cells and their groups below a table, each with the group it stands in."""
        for reference in parent["K"]:
            child = self._by_reference.get(reference)
            if child is not None and child["S"] in ("/THead", "/TBody", "/TFoot", "/TR", "/TH", "/TD"):
                group = child["S"] if child["S"] in ("/THead", "/TBody", "/TFoot") else within
                yield child, group
                yield from self.under(child, group)
