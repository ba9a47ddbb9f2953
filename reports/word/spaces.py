"""Spaces and line ends in a paragraph as a browser leaves them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from reports.word.model import Break, Piece, Text

SPACES = re.compile("[ \t\n\r\f]+")


def settled(pieces: Sequence[Piece]) -> list[Piece]:
    """One space between words, none at the ends of lines; typed line ends where the look keeps them."""
    done: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Text):
            lines = piece.text.split("\n") if piece.look.keeps_lines else [piece.text]
            for number, line in enumerate(lines):
                if number:
                    _end_line(done)
                    done.append(Break())
                _add(done, replace(piece, text=SPACES.sub(" ", line)))
        else:
            if isinstance(piece, Break):
                _end_line(done)
            done.append(piece)
    _end_line(done)
    if done and isinstance(done[-1], Break):
        done.pop()  # the end of the last line begins no other
    return done


def _add(done: list[Piece], piece: Text) -> None:
    last = done[-1] if done else None
    if last is None or isinstance(last, Break) or (isinstance(last, Text) and last.text.endswith(" ")):
        piece = replace(piece, text=piece.text.removeprefix(" "))
    if piece.text:
        done.append(piece)


def _end_line(done: list[Piece]) -> None:
    while done and isinstance(last := done[-1], Text):
        done.pop()
        if kept := last.text.rstrip(" "):
            done.append(replace(last, text=kept))
            return
