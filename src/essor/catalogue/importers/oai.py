"""OAI-PMH 2.0: the addresses that ask, and what the pages that answer say; bytes in, values out.

Nothing is fetched here. A page is read whole or refused whole: a parser that mends damaged XML would
lose records without a word. Names are compared without their namespaces, which real servers forget.
Source: openarchives.org/OAI/2.0/openarchivesprotocol.htm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from essor.catalogue.importers import gettext_noop as _
from essor.catalogue.importers.marc_fields import LONGEST_CONTROL_NUMBER, sound_number
from essor.catalogue.types import FileFormat

LONGEST_IDENTIFIER = 500
LONGEST_TOKEN = 1_500
"""In bytes: the address that carries it must stay one that the portal may ask."""

LONGEST_WORDS = 200
SPECIAL_ARGUMENTS = frozenset(
    {"verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier"}
)

NOT_OAI = (
    _("There is no OAI-PMH server at this address."),
    _("Copy the address from the settings of the library system; Koha ends it with oai.pl."),
)
DAMAGED = (
    _("The server sent a page that is not proper XML."),
    _("Tell the people who run it; the records of this page cannot be read until it is mended."),
)
ENTITIES = (
    _("The server sent a page that declares entities, which may hide an attack."),
    _("Tell the people who run it: OAI-PMH has no use for them."),
)
NO_IDENTIFIER = (
    _("The server sent a record without an identifier."),
    _("Tell the people who run it; the record stays out."),
)
NO_METADATA = (
    _("The server sent a record without any content."),
    _("Open it in the library system and save it again."),
)


ANOTHER_FORMAT = (
    _("The server sent a record in a format that is not read."),
    _("Choose another metadata prefix: marcxml, pmb_xml_unimarc or oai_dc."),
)
LONG_NUMBER = (
    _("The number of this record is longer than a hundred characters."),
    _("Choose another metadata prefix, whose records have a field 001."),
)

FORMATS = {
    "record": FileFormat.MARCXML,
    "notice": FileFormat.PMB_XML,
    "dc": FileFormat.DUBLIN_CORE,
}
"""What the element of a record is called, in each format that is read."""

FORMAT_OF_PREFIX = {
    "marcxml": FileFormat.MARCXML,
    "pmb_xml_unimarc": FileFormat.PMB_XML,
    "oai_dc": FileFormat.DUBLIN_CORE,
}
"""What servers call these formats; each record is read as the one it is in, whatever was asked for."""

WRAPPINGS = frozenset({"collection", "unimarc"})


class OaiError(Exception):
    """The answer is of no use: `what` is wrong, and what to do (`advice`); both are to be translated."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what} {advice}")
        self.what = what
        self.advice = advice


class NotOai(OaiError):
    """Whatever answers there, it does not speak OAI-PMH."""


class DamagedPage(OaiError):
    """A page that cannot be read whole."""


class TokenRefused(OaiError):
    """The server has forgotten the place in the list: the list has to be begun again."""


class RequestRefused(OaiError):
    """The server says that it cannot answer this; `code` is the protocol's, `words` the server's."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(*REFUSALS.get(code, REFUSALS["badArgument"]))
        self.code = code
        self.words = words


REFUSALS = {
    "badArgument": (
        _("The server does not accept the request."),
        _("Check the address, the metadata prefix and the set."),
    ),
    "cannotDisseminateFormat": (
        _("The server does not give records with this metadata prefix."),
        _("Choose another one: the test of the address lists those it has."),
    ),
    "noSetHierarchy": (
        _("The server has no sets."),
        _("Leave the set empty."),
    ),
}
FORGOTTEN_PLACE = (
    _("The server has forgotten the place in its list."),
    _("The list is begun again from the same date."),
)
NOTHING = "noRecordsMatch"
FORGOTTEN = "badResumptionToken"


class Deletions(StrEnum):
    """Whether a server tells which of its records were deleted."""

    NO = "no"
    TRANSIENT = "transient"
    PERSISTENT = "persistent"


@dataclass(frozen=True, slots=True)
class Repository:
    """What a server says of itself. `earliest` is the oldest date of its records, None when it is none."""

    name: str
    deletions: Deletions
    has_seconds: bool
    earliest: datetime | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A record as the server gave it: its OAI identifier, and its metadata as an XML element of its own.

    `control_number` is that of its field 001; the identifier, where the format has none.
    """

    identifier: str
    control_number: str
    content: bytes
    file_format: FileFormat


@dataclass(frozen=True, slots=True)
class PageProblem:
    """A record of a page that cannot be used; `identifier` is empty when it has none."""

    identifier: str
    what: str
    advice: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. An empty `token` says that it is the last.

    `size` is the length of the whole list and `cursor` how much of it came before, where the server
    says so. `answered_at` is the clock of the server.
    """

    records: tuple[Delivered, ...] = ()
    deleted: tuple[str, ...] = ()
    problems: tuple[PageProblem, ...] = ()
    token: str = ""
    size: int | None = None
    cursor: int | None = None
    answered_at: datetime | None = None

    @property
    def identifiers(self) -> tuple[str, ...]:
        """All that the page names, to compare it with another."""
        return tuple(one.identifier for one in self.records) + self.deleted

    @property
    def is_end_of_list(self) -> bool:
        """Whether the server's own counts say that nothing comes after."""
        if self.size is None or self.cursor is None:
            return False
        return self.cursor + len(self.identifiers) + len(self.problems) >= self.size


@dataclass(frozen=True, slots=True)
class Window:
    """A period of change, both ends included, as the server writes dates; empty is open."""

    since: str = ""
    until: str = ""


# Asking


def identify_address(base: str) -> str:
    """Give the address that asks a server what it is."""
    return _asking(base, {"verb": "Identify"})


def formats_address(base: str) -> str:
    """Give the address that asks which metadata prefixes there are."""
    return _asking(base, {"verb": "ListMetadataFormats"})


def list_address(base: str, *, prefix: str, set_spec: str, window: Window) -> str:
    """Give the address of the first page of a list of records."""
    wanted = {"from": window.since, "until": window.until, "set": set_spec}
    kept = {name: value for name, value in wanted.items() if value}
    return _asking(base, {"verb": "ListRecords", "metadataPrefix": prefix, **kept})


def next_address(base: str, token: str) -> str:
    """Give the address of the page that a token leads to; the protocol allows no other argument."""
    return _asking(base, {"verb": "ListRecords", "resumptionToken": token})


def _asking(base: str, arguments: dict[str, str]) -> str:
    """Add the arguments; what the base has of its own stays (PMB needs its `source_id`)."""
    parts = urlsplit(base.strip())
    own = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in own if name not in SPECIAL_ARGUMENTS]
    return urlunsplit(parts._replace(query=urlencode([*kept, *arguments.items()]), fragment=""))


# Answers


def repository_of(content: bytes) -> Repository:
    """Read what a server says of itself. Raises NotOai when it does not say it."""
    try:
        root = _root(content)
    except DamagedPage as error:
        raise NotOai(*NOT_OAI) from error
    said = _child(root, "Identify")
    if said is None:
        raise NotOai(*NOT_OAI)
    told = _text(said, "deletedRecord").lower()
    return Repository(
        name=_text(said, "repositoryName")[:LONGEST_WORDS],
        deletions=Deletions(told) if told in set(Deletions) else Deletions.NO,
        has_seconds="hh" in _text(said, "granularity").lower(),
        earliest=moment_of(_text(said, "earliestDatestamp")),
    )


def prefixes_of(content: bytes) -> tuple[str, ...]:
    """Read the metadata prefixes that a server has. Raises OaiError."""
    listed = _child(_root(content), "ListMetadataFormats")
    formats = [] if listed is None else _children(listed, "metadataFormat")
    return tuple(filter(None, (_text(one, "metadataPrefix")[:50] for one in formats)))


def page_of(content: bytes) -> Page:
    """Read a page of a list of records.

    Raises DamagedPage, NotOai, TokenRefused, or RequestRefused with the words of the server. A list
    without any record is an empty page.
    """
    root = _root(content)
    answered_at = moment_of(_text(root, "responseDate"))
    listed = _child(root, "ListRecords")
    if listed is None:
        _raise_error(root)
        return Page(answered_at=answered_at)
    records, deleted, problems = _sorted(listed)
    mark = _child(listed, "resumptionToken")
    return Page(
        records=tuple(records.values()),
        deleted=tuple(deleted),
        problems=tuple(problems),
        token=_token(mark),
        size=_count(mark, "completeListSize"),
        cursor=_count(mark, "cursor"),
        answered_at=answered_at,
    )


def _sorted(
    listed: etree._Element,
) -> tuple[dict[str, Delivered], dict[str, None], list[PageProblem]]:
    """Tell apart what is given, what is deleted, what is of no use; the last word on a record counts."""
    records: dict[str, Delivered] = {}
    deleted: dict[str, None] = {}
    problems: list[PageProblem] = []
    for element in _children(listed, "record"):
        header = _child(element, "header")
        identifier = "" if header is None else _text(header, "identifier")
        if header is None or not identifier or len(identifier) > LONGEST_IDENTIFIER:
            problems.append(PageProblem("", *NO_IDENTIFIER))
            continue
        records.pop(identifier, None)
        deleted.pop(identifier, None)
        if header.get("status", "").lower() == "deleted":
            deleted[identifier] = None
        else:
            read = _delivered(identifier, _child(element, "metadata"))
            if isinstance(read, Delivered):
                records[identifier] = read
            else:
                problems.append(read)
    return records, deleted, problems


def _delivered(identifier: str, held: etree._Element | None) -> Delivered | PageProblem:
    """Take the record out of the metadata, whatever it is wrapped in there."""
    content = None if held is None else next(_elements(held), None)
    while content is not None and _name(content) in WRAPPINGS:
        content = next(_elements(content), None)
    if content is None:
        return PageProblem(identifier, *NO_METADATA)
    file_format = FORMATS.get(_name(content))
    if file_format is None:
        return PageProblem(identifier, *ANOTHER_FORMAT)
    number = _control_number(content) or identifier
    if len(number) > LONGEST_CONTROL_NUMBER:
        return PageProblem(identifier, *LONG_NUMBER)
    return Delivered(identifier, number, _alone(content), file_format)


def _alone(element: etree._Element) -> bytes:
    """Write an element without the declarations of the page around it: the same record, the same bytes."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
    etree.cleanup_namespaces(element)
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def _control_number(content: etree._Element) -> str:
    for field in _elements(content):
        if "001" in (field.get("tag"), field.get("c")):
            return sound_number(field.text or "")
    return ""


def _raise_error(root: etree._Element) -> None:
    """Say what the server complains of; that no record matches is no complaint."""
    errors = list(_children(root, "error"))
    if not errors:
        raise DamagedPage(*DAMAGED)
    for error in errors:
        code = error.get("code", "")
        if code == NOTHING:
            continue
        if code == FORGOTTEN:
            raise TokenRefused(*FORGOTTEN_PLACE)
        raise RequestRefused(
            code[:50], " ".join("".join(map(str, error.itertext())).split())[:LONGEST_WORDS]
        )


def _token(mark: etree._Element | None) -> str:
    token = "" if mark is None else (mark.text or "").strip()
    if len(urlencode({"t": token})) > LONGEST_TOKEN:
        raise DamagedPage(*DAMAGED)
    return token


def _count(mark: etree._Element | None, name: str) -> int | None:
    told = "" if mark is None else mark.get(name, "").strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) < 12 else None


# XML

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_ILLEGAL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
"""Characters that XML forbids, in themselves or as references: Koha lets them through from its records."""


def _root(content: bytes) -> etree._Element:
    root = _parsed(content)
    if root is None and not content.startswith(_WIDE):
        root = _parsed(_ILLEGAL.sub(b"", content))
    if root is None:
        raise DamagedPage(*DAMAGED)
    if root.getroottree().docinfo.internalDTD is not None:
        raise DamagedPage(*ENTITIES)
    if _name(root) != "OAI-PMH":
        raise NotOai(*NOT_OAI)
    return root


def _parsed(content: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Give the children that are elements: an entity left unresolved is one that is not."""
    return (child for child in parent if isinstance(child.tag, str))


def _children(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in _elements(parent) if _name(child) == name)


def _child(parent: etree._Element, name: str) -> etree._Element | None:
    return next(_children(parent, name), None)


def _text(parent: etree._Element, name: str) -> str:
    child = _child(parent, name)
    return "" if child is None else (child.text or "").strip()


# Dates

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def moment_of(text: str) -> datetime | None:
    """Read a date of a server, in either granularity; None when it is none."""
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def written(moment: datetime, *, has_seconds: bool) -> str:
    """Write a date as a server of this granularity understands it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if has_seconds else "%Y-%m-%d")


def halves(
    window: Window, *, earliest: datetime, latest: datetime, has_seconds: bool
) -> tuple[Window, Window] | None:
    """Cut a period in two, or give None when it cannot be cut further.

    `earliest` and `latest` stand for its open ends, which stay open.
    """
    unit = SECOND if has_seconds else DAY
    first = moment_of(window.since) or earliest
    last = moment_of(window.until) or latest
    units = (last - first) // unit
    if units < 1:
        return None
    middle = first + unit * ((units - 1) // 2)

    def text(moment: datetime) -> str:
        return written(moment, has_seconds=has_seconds)

    return Window(window.since, text(middle)), Window(text(middle + unit), window.until)
