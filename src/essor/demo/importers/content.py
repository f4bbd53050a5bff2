"""Read the content of the demonstration from its YAML files.

The files are ours: a fault in one is an error of the package, raised with the name of the file,
never a row to skip.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from essor.demo import rules
from essor.demo.types import (
    AccordionBox,
    Box,
    FeedBox,
    KeyFiguresBox,
    KioskBox,
    Link,
    PageContent,
    PageKind,
    Partner,
    PartnersBox,
    Picture,
    PictureBox,
    ReadingBox,
    TextBox,
)

PACKAGE = Path(__file__).resolve().parents[1]
CONTENT = PACKAGE / "content"
PICTURES = PACKAGE / "pictures"
DATA = PACKAGE / "data"

BOXES: dict[str, type[Box]] = {
    "text": TextBox,
    "picture": PictureBox,
    "accordion": AccordionBox,
    "reading": ReadingBox,
    "key_figures": KeyFiguresBox,
    "partners": PartnersBox,
    "feed": FeedBox,
    "kiosk": KioskBox,
}
PARTS: dict[str, type[Link] | type[Partner]] = {"links": Link, "partners": Partner}
PROSE = {"title", "introduction", "caption", "note", "name", "line"}


class ContentError(Exception):
    """A content file of the package is not what its types say."""


def read_page(path: Path) -> PageContent:
    """Read one page. Raises ContentError, which names the file and the fault."""
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        language = written.get("language", "fr")
        zones = {
            zone: tuple(_box(box, language) for box in written.get(zone, ()))
            for zone in ("boxes", "side")
        }
        kind = PageKind(written["kind"])
        return PageContent(**{**_prose(written, language), **zones, "kind": kind})
    except (TypeError, ValueError, KeyError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name}: {error}") from error


def read_articles(folder: Path) -> Iterator[PageContent]:
    """Give the articles beside a dossier or a section, oldest first."""
    paths = [path for path in folder.glob("*.yaml") if path.name != "page.yaml"]
    return iter(sorted(map(read_page, paths), key=lambda page: (str(page.published), page.slug)))


def read_pictures() -> tuple[Picture, ...]:
    """Give the drawings, with the description read aloud to those who do not see them."""
    written = yaml.safe_load((CONTENT / "pictures.yaml").read_text(encoding="utf-8"))
    return tuple(
        Picture(
            name, title=rules.french_spaces(about["title"]), alt=rules.french_spaces(about["alt"])
        )
        for name, about in written.items()
    )


def _box(written: Mapping[str, Any], language: str) -> Box:
    box_class = BOXES[written["kind"]]
    values = _prose({key: value for key, value in written.items() if key != "kind"}, language)
    unknown = values.keys() - {field.name for field in fields(box_class)}
    if unknown:
        raise ValueError(f"a box of kind {written['kind']} has no {', '.join(sorted(unknown))}")
    return box_class(**values)


def _prose(written: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Set the typography of what is read, and turn lists into tuples."""
    return {key: _value(key, value, language) for key, value in written.items()}


def _value(key: str, value: Any, language: str) -> Any:
    if key in PARTS:
        return tuple(PARTS[key](**_prose(part, language)) for part in value)
    if isinstance(value, list):
        return tuple(value)
    if key == "html":
        return _rich_text(value, language)
    if key in PROSE and language == "fr":
        return rules.french_spaces(value)
    return value


def _rich_text(html: str, language: str) -> str:
    html = rules.one_line(html)
    faults = rules.markup_faults(html)
    if faults:
        raise ValueError("; ".join(faults))
    return rules.french_spaces_in_html(html) if language == "fr" else html
