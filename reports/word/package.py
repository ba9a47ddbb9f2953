"""The file itself: settings, styles, header, properties, and nothing of the program that made it."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from reports.word import styles
from reports.word.model import Paper
from reports.word.writing import Writer

# What the library's own blank document brings along.
UNWANTED = {
    *("thumbnail", "customXml", "extended-properties", "numbering", "stylesWithEffects", "webSettings", "theme"),
    "fontTable",
}
# Word 2013 and later; a line that ends before its time is not stretched.
SETTINGS = f"""<w:settings {nsdecls("w")}>
  <w:zoom w:percent="100"/>
  <w:defaultTabStop w:val="567"/>
  <w:characterSpacingControl w:val="doNotCompress"/>
  <w:compat>
    <w:doNotExpandShiftReturn/>
    <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
    <w:compatSetting w:name="overrideTableStyleFontSizeAndJustification"
      w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>
    <w:compatSetting w:name="doNotFlipMirrorIndents" w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>
  </w:compat>
  <w:themeFontLang w:val="{styles.LANGUAGE}"/>
  <w:decimalSymbol w:val=","/>
  <w:listSeparator w:val=";"/>
</w:settings>"""
NO_DAY = datetime(2020, 3, 5, tzinfo=UTC)  # of the entries in the package: the same paper gives the same bytes


def packed(paper: Paper) -> bytes:
    """The paper as .docx; equal papers give equal bytes."""
    document = docx.Document()
    _clear(document)
    styles.fill(document.styles.element)
    written = Writer(document).body(paper)
    body: Any = document.element.body
    for child in list(body):
        body.remove(child)
    body.extend(written)
    _describe(document, paper)
    buffer = BytesIO()
    document.save(buffer)
    return _undated(buffer)


def _clear(document: Document) -> None:
    for holder in (document.part.package, document.part):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.rpartition("/")[2] in UNWANTED:
                del holder.rels[key]
    settings = document.settings.element
    for child in list(settings):
        settings.remove(child)
    settings.extend(parse_xml(SETTINGS))


def _describe(document: Document, paper: Paper) -> None:
    """Title, office and language; no name of a person or program, no hour."""
    core = document.core_properties
    for child in list(core._element):
        core._element.remove(child)
    core.title, core.author, core.language = paper.title[:255], paper.author[:255], styles.LANGUAGE


def _undated(buffer: BytesIO) -> bytes:
    target = BytesIO()
    with ZipFile(buffer) as source, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in source.namelist():
            entry = ZipInfo(name, NO_DAY.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            made.writestr(entry, source.read(name))
    return target.getvalue()
