"""The typography of the content and the markup it may use.

Content files are written with ordinary spaces, so that they can be read and mended in any editor;
the unbreakable ones are set here, once, when the files are read.
"""

import re
from html.parser import HTMLParser

from essor.presentation.templatetags.typography import NARROW_NO_BREAK, NO_BREAK, nbsp

BLOCKS = {"p", "h3", "ul", "ol", "li"}
INLINES = {"b", "i", "a"}

_ADDRESS = re.compile(r"page:|https?://|/(?!/)")
_TAG = re.compile(r"(<[^>]*>)")
_BEFORE_HIGH_MARK = re.compile(r" +(?=[;?!])")
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_UNBREAKABLE = (
    re.compile(rf"(?<=\d) (?=(?:{_MONTHS})\b)"),
    re.compile(r"(?<=\d) (?=km\b|h\b|°)"),
    re.compile(r"(?<=\bn°) (?=\d)"),
    re.compile(r"(?<=\b[A-Z]\.) (?=\d)"),
)


def french_spaces(text: str) -> str:
    """Make the spaces of French typography unbreakable, in plain text."""
    spaced = _BEFORE_HIGH_MARK.sub(NARROW_NO_BREAK, text)
    for pattern in _UNBREAKABLE:
        spaced = pattern.sub(NO_BREAK, spaced)
    return nbsp(spaced)


def french_spaces_in_html(html: str) -> str:
    """Do the same in rich text, without touching tags and addresses."""
    return "".join(
        part if part.startswith("<") else french_spaces(part) for part in _TAG.split(html)
    )


def one_line(html: str) -> str:
    """Undo the line breaks of the content file, which have no meaning in rich text."""
    joined = re.sub(r"\s*\n\s*", " ", html.strip())
    return re.sub(rf"\s*(</?(?:{'|'.join(BLOCKS)})>)\s*", r"\1", joined)


def markup_faults(html: str) -> list[str]:
    """Name what is outside the safe subset or badly nested; an empty list means sound."""
    reader = _MarkupReader()
    reader.feed(html)
    reader.close()
    return reader.faults + [f"<{tag}> is not closed" for tag in reader.opened]


class _MarkupReader(HTMLParser):
    """Follow the tags and keep what should not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a known tag, with no attribute but the address of a link."""
        if tag not in BLOCKS | INLINES:
            self.faults.append(f"<{tag}> is not allowed")
        if [name for name, _ in attrs] != (["href"] if tag == "a" else []):
            self.faults.append(f"<{tag}> has unexpected attributes")
        for name, value in attrs:
            if name == "href" and not _ADDRESS.match(value or ""):
                self.faults.append(f"{value!r} is not an address")
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the last tag opened, and no other."""
        if not self.opened or self.opened.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        """Refuse text outside any paragraph."""
        if data.strip() and not BLOCKS & set(self.opened):
            self.faults.append(f"{data.strip()!r} is outside any paragraph")
