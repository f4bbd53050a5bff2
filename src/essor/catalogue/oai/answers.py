"""Answers in XML, piece by piece: what is known is escaped, and freed of what XML cannot carry."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from essor.catalogue.exports import Published
from essor.catalogue.exports.dublin_core import OAI_DC, described, dublin_core_of
from essor.catalogue.exports.marc import NAMESPACE as MARC
from essor.catalogue.exports.marc import marcxml_of
from essor.catalogue.oai.arguments import SECOND_FORM, Prefix, Refused, token_of
from essor.catalogue.oai.listing import Header, Listing, PublicSet

OAI = "http://www.openarchives.org/OAI/2.0/"
OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{OAI}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{OAI} {OAI}OAI-PMH.xsd">\n'
)
CLOSING = "</OAI-PMH>\n"
SCHEMAS = {
    Prefix.DUBLIN_CORE: (f"{OAI}oai_dc.xsd", OAI_DC),
    Prefix.MARCXML: ("http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", MARC),
}
WRITERS: dict[Prefix, Callable[[Published], ET.Element]] = {
    Prefix.DUBLIN_CORE: dublin_core_of,
    Prefix.MARCXML: marcxml_of,
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _safe(text: str) -> str:
    return _NOT_XML.sub("", text)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_safe(text))}</{name}>\n"


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(SECOND_FORM)


def whole(
    body: Iterable[str], *, address: str, arguments: Mapping[str, str], now: datetime
) -> Iterator[str]:
    """Put the body of an answer between what every answer begins and ends with.

    `arguments` are those of the request, none when they were the fault.
    """
    said = "".join(f" {name}={quoteattr(_safe(value))}" for name, value in arguments.items())
    yield OPENING
    yield _element("responseDate", _date(now))
    yield f"<request{said}>{escape(_safe(address))}</request>\n"
    yield from body
    yield CLOSING


def refusal(error: Refused) -> Iterator[str]:
    """Say that the request cannot be answered, and why."""
    yield f"<error code={quoteattr(error.code)}>{escape(_safe(error.words))}</error>\n"


def identity(*, name: str, address: str, mail: str, earliest: datetime) -> Iterator[str]:
    """Say who answers here."""
    yield "<Identify>\n"
    yield _element("repositoryName", name)
    yield _element("baseURL", address)
    yield _element("protocolVersion", "2.0")
    yield _element("adminEmail", mail)
    yield _element("earliestDatestamp", _date(earliest))
    yield _element("deletedRecord", "persistent")
    yield _element("granularity", "YYYY-MM-DDThh:mm:ssZ")
    yield _element("compression", "gzip")
    yield "</Identify>\n"


def formats() -> Iterator[str]:
    """Say in which forms every record is given."""
    yield "<ListMetadataFormats>\n"
    for prefix, (schema, namespace) in SCHEMAS.items():
        yield "<metadataFormat>\n"
        yield _element("metadataPrefix", prefix)
        yield _element("schema", schema)
        yield _element("metadataNamespace", namespace)
        yield "</metadataFormat>\n"
    yield "</ListMetadataFormats>\n"


def sets(listed: Iterable[PublicSet], token: str | None) -> Iterator[str]:
    """List sets; `token` leads to the next ones, None where there are no pages."""
    yield "<ListSets>\n"
    for one in listed:
        yield "<set>\n"
        yield _element("setSpec", one.spec)
        yield _element("setName", one.name)
        about = ET.tostring(described(one.description), encoding="unicode")
        yield f"<setDescription>{_safe(about)}</setDescription>\n"
        yield "</set>\n"
    if token is not None:
        yield _element("resumptionToken", token)
    yield "</ListSets>\n"


def identifiers(listing: Listing) -> Iterator[str]:
    """List headers."""
    yield "<ListIdentifiers>\n"
    for header in listing.headers:
        yield from _header(header)
    yield from _place(listing)
    yield "</ListIdentifiers>\n"


def records(listing: Listing, contents: Mapping[int, Published], prefix: Prefix) -> Iterator[str]:
    """List records with their contents."""
    yield "<ListRecords>\n"
    for header in listing.headers:
        yield from _record(header, contents, prefix)
    yield from _place(listing)
    yield "</ListRecords>\n"


def record(header: Header, contents: Mapping[int, Published], prefix: Prefix) -> Iterator[str]:
    """Give one record."""
    yield "<GetRecord>\n"
    yield from _record(header, contents, prefix)
    yield "</GetRecord>\n"


def _record(header: Header, contents: Mapping[int, Published], prefix: Prefix) -> Iterator[str]:
    yield "<record>\n"
    content = contents.get(header.number)
    yield from _header(header)
    if content is not None:
        yield "<metadata>\n"
        yield _safe(ET.tostring(WRITERS[prefix](content), encoding="unicode"))
        yield "\n</metadata>\n"
    yield "</record>\n"


def _header(header: Header) -> Iterator[str]:
    yield '<header status="deleted">\n' if header.is_deleted else "<header>\n"
    yield _element("identifier", header.identifier)
    yield _element("datestamp", _date(header.changed_at))
    for spec in header.sets:
        yield _element("setSpec", spec)
    yield "</header>\n"


def _place(listing: Listing) -> Iterator[str]:
    """Say where the list goes on; its last page says that it does not, unless it is the only one."""
    if listing.rest is None and not listing.given_before:
        return
    token = "" if listing.rest is None else token_of(listing.rest)
    said = f'completeListSize="{listing.size}" cursor="{listing.given_before}"'
    yield f"<resumptionToken {said}>{escape(token)}</resumptionToken>\n"
