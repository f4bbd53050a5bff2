"""A guide as PDF: a booklet in reading order (A5, tagged, PDF/UA), and the same imposed for printing (A4).

What people wrote travels as plain strings in JSON: in the template it is text, never markup.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from essor.presentation.share_pictures import printable
from essor.presentation.typesetting import Pdf, typeset_pdf
from essor.register.guides.contents import (
    Contents,
    Entry,
    Section,
    cut_sentence,
    left_out_sentence,
)
from essor.register.guides.imposing import sides_of
from essor.search.words import clean, folded

FOLDER = Path(__file__).resolve().parent.parent / "typst"
BOOKLET, IMPOSED = FOLDER / "guide.typ", FOLDER / "imposed.typ"
COVER, COVER_SIDE = "cover.jpg", 1_400
LONGEST_NAME, LONGEST_LINE, LONGEST_TEXT = 200, 300, 600


@dataclass(frozen=True, slots=True)
class Printed:
    """The two files of a guide, and the pages of the booklet."""

    booklet: bytes
    imposed: bytes
    pages: int


def printed(contents: Contents, *, portal: str) -> Printed:
    """Set a guide; `portal` is the name of the portal. Raises TypesettingFailed."""
    cover = _cover(contents)
    files = {COVER: cover} if cover else {}
    booklet = typeset_pdf(
        BOOKLET, _values(contents, portal=portal, has_cover=bool(cover)), files=files
    )
    return Printed(booklet.content, imposed(booklet).content, booklet.pages)


def imposed(booklet: Pdf) -> Pdf:
    """Put the pages of a booklet two on each side of A4 sheets, in the order of a stapled fold."""
    sides = [list(side) for side in sides_of(booklet.pages)]
    files = {"booklet.pdf": booklet.content}
    return typeset_pdf(IMPOSED, {"sides": sides}, files=files, is_accessible=False)


def _values(contents: Contents, *, portal: str, has_cover: bool) -> dict[str, object]:
    guide = contents.guide
    paragraphs = [part for part in guide.introduction.replace("\r", "").split("\n\n") if part]
    return {
        "language": (get_language() or "fr")[:2],
        "title": printable(guide.title, LONGEST_NAME),
        "territory": printable(contents.territory, LONGEST_LINE),
        "portal": printable(portal, LONGEST_LINE),
        "count": contents.count,
        "month": contents.month,
        "cover": COVER if has_cover else "",
        "alternative": printable(guide.cover.description or guide.title, LONGEST_LINE)
        if guide.cover
        else "",
        "introduction": [printable(part, 3_000) for part in paragraphs],
        "sections": [_section(section) for section in contents.sections],
        "index": _index(contents),
        "colophon": [printable(capfirst(line), LONGEST_TEXT) for line in _colophon(contents)],
        "words": {
            "contents": _("Contents"),
            "index": _("Index of names"),
            "introduction": _("Introduction"),
            "colophon": _("Where this guide comes from"),
            "vintage": _("Vintage %(month)s") % {"month": contents.month},
        },
    }


def _index(contents: Contents) -> list[dict[str, object]]:
    """Give each name once, in the order of a dictionary, with the numbers of its sections and entries."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, section in enumerate(contents.sections):
        for place, entry in enumerate(section.entries):
            places.setdefault(printable(entry.name, LONGEST_NAME), []).append((number, place))
    names = sorted(places, key=lambda name: (folded(clean(name)), name))
    return [{"name": name, "places": places[name]} for name in names]


def _section(section: Section) -> dict[str, object]:
    entries = [_entry(entry) for entry in section.entries]
    return {"title": printable(section.title, LONGEST_NAME), "entries": entries}


def _entry(entry: Entry) -> dict[str, str]:
    return {
        "name": printable(entry.name, LONGEST_NAME),
        "what": printable(entry.what, LONGEST_LINE),
        "place": printable(entry.place, LONGEST_LINE),
        "site": printable(_bare(entry.web_site), LONGEST_LINE),
        "tags": printable(", ".join(entry.tags), LONGEST_LINE),
        "said": printable(entry.said, LONGEST_TEXT),
    }


def _bare(address: str) -> str:
    """Give a web address as paper has it: without its scheme, nor the slash at its end."""
    parts = urlsplit(address)
    return (parts.netloc + parts.path).rstrip("/")


def _colophon(contents: Contents) -> list[str]:
    told = contents.provenance
    if told is None:
        return []
    lines = [
        _("SYNTHETIC DATA, for demonstration") if told.is_synthetic else "",
        _("Source: %(source)s") % {"source": told.source},
        _("Vintage %(month)s") % {"month": contents.month},
        _("ESS perimeter %(version)s") % {"version": told.perimeter},
        _("Licence of the data: %(licence)s") % {"licence": told.licence},
        left_out_sentence(contents),
        cut_sentence(contents),
        _("Something is wrong? Each structure has a page where it can be corrected: %(address)s")
        % {"address": told.portal},
    ]
    return [line for line in lines if line]


def _cover(contents: Contents) -> bytes | None:
    """Give the picture of the cover, made small enough; None when its file is gone or is no picture."""
    if contents.guide.cover is None:
        return None
    try:
        with contents.guide.cover.file.open("rb") as file, Image.open(file) as picture:
            small = picture.convert("RGB")
            small.thumbnail((COVER_SIDE, COVER_SIDE))
            made = BytesIO()
            small.save(made, "JPEG", quality=85)
            return made.getvalue()
    except (OSError, UnidentifiedImageError):
        return None
