"""Read the content of the demonstration from its YAML files.

The files are ours: a fault in one is an error of the package, raised with the name of the file,
never a row to skip.
"""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import yaml

from essor.demo import rules
from essor.demo.types import (
    AccordionBox,
    Box,
    Feed,
    FeedBox,
    Figure,
    GuideContent,
    Identity,
    InitiativeContent,
    KeyFiguresBox,
    KioskBox,
    Link,
    NewStructuresBox,
    PageContent,
    PageKind,
    Partner,
    PartnersBox,
    Picture,
    PictureBox,
    ProfileContent,
    ReadingBox,
    SharedBox,
    StructuresBox,
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
    "structures": StructuresBox,
    "new_structures": NewStructuresBox,
    "shared": SharedBox,
}
PARTS: dict[str, type[Figure] | type[Link] | type[Partner]] = {
    "figures": Figure,
    "links": Link,
    "partners": Partner,
}
PROSE = {
    "alt",
    "label",
    "title",
    "introduction",
    "caption",
    "note",
    "line",
    "description",
    "summary",
    "opening_hours",
}


class ContentError(Exception):
    """A content file of the package is not what its types say."""


PAGES = (
    "home.yaml",
    "dossiers.yaml",
    "ess/page.yaml",
    "ess/preambule.yaml",
    "ess/histoire.yaml",
    "ess/acteurs.yaml",
    "ess/initiatives-recentes.yaml",
    "ess/in-a-few-words.yaml",
    "seconde-vie/page.yaml",
    "seconde-vie/bouquinerie-du-sart.yaml",
    "seconde-vie/recyclivre.yaml",
    "seconde-vie/ce-que-dit-la-loi.yaml",
    "edition/page.yaml",
    "edition/charte-des-editeurs.yaml",
    "edition/la-contre-allee.yaml",
    "pres-de-chez-vous/page.yaml",
    "houblon/page.yaml",
    "houblon/vos-dons-de-livres.yaml",
)
"""The pages in the order of reading; an article belongs to the dossier or section before it."""


def read_pages() -> tuple[PageContent, ...]:
    """Give every page, in the order of reading."""
    return tuple(read_page(CONTENT / name) for name in PAGES)


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


def read_pictures() -> tuple[Picture, ...]:
    """Give the drawings, with the description read aloud to those who do not see them."""
    return tuple(
        Picture(name, **_prose(about, "fr")) for name, about in _written("pictures.yaml").items()
    )


def read_shared_boxes() -> dict[str, Box]:
    """Give the reusable boxes by name."""
    return {name: _box(box, "fr") for name, box in _written("shared.yaml").items()}


def read_feeds() -> dict[str, Feed]:
    """Give the feeds to follow by name."""
    return {name: Feed(**about) for name, about in _written("feeds.yaml").items()}


def read_profiles() -> tuple[ProfileContent, ...]:
    """Give what is added to structures of the extract."""
    return tuple(
        ProfileContent(siren, **_prose(about, "fr"))
        for siren, about in _written("profiles.yaml").items()
    )


def read_initiatives() -> tuple[InitiativeContent, ...]:
    """Give the initiatives of the innovation catalogue."""
    return tuple(
        InitiativeContent(slug, **_prose(about, "fr"))
        for slug, about in _written("initiatives.yaml").items()
    )


def read_guides() -> tuple[GuideContent, ...]:
    """Give the printable guides."""
    return tuple(
        GuideContent(slug, **_prose(about, "fr")) for slug, about in _written("guides.yaml").items()
    )


def read_identity() -> Identity:
    """Give what the portal says of itself."""
    return Identity(**{k: rules.french_spaces(v) for k, v in _written("portal.yaml").items()})


def _written(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((CONTENT / name).read_text(encoding="utf-8")))


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
