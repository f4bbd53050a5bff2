"""What is understood of Dublin Core, as OAI-PMH carries it."""

import pytest

from essor.catalogue.importers.profiles import shipped_profile
from essor.catalogue.importers.reading import Reading
from essor.catalogue.types import BadRecord, FileFormat, Link, Received
from tests.catalogue.builders import values_in

START = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">'
)


def understood(*elements, start=START):
    written = "".join(f"<dc:{name}>{text}</dc:{name}>" for name, text in elements)
    content = f"{start}{written}</oai_dc:dc>".encode()
    received = Received(0, "oai:x:1", content, FileFormat.DUBLIN_CORE)
    return Reading(shipped_profile("unimarc")).understood(received)


def test_what_is_said_is_read():
    value = understood(
        ("title", "L'Œuvre"),
        ("creator", "Zola, Émile (1840-1902). Auteur du texte"),
        ("contributor", "Mitterand, Henri"),
        ("publisher", "Gallimard"),
        ("date", "impr. 1983"),
        ("language", "fre"),
        ("language", "fr-FR"),
        ("type", "text"),
        ("description", "Un peintre."),
        ("subject", "Peinture"),
        ("identifier", "ISBN 2-07-062456-0"),
        ("identifier", "https://example.org/1"),
    )

    assert (value.control_number, value.title, value.filing_title) == (
        "oai:x:1",
        "L'Œuvre",
        "oeuvre",
    )
    assert [hand.name for hand in value.creators] == [
        "Émile Zola",
        "Henri Mitterand",
    ]
    assert (value.publisher, value.year, value.languages) == ("Gallimard", 1983, ("fre",))
    assert (value.document_type, value.summary) == ("book", "Un peintre.")
    assert value.links == (Link("https://example.org/1"),)
    assert [(one.value, one.is_valid) for one in value.identifiers] == [("9782070624560", True)]


def test_without_title_it_stays_out():
    assert isinstance(understood(("creator", "Zola")), BadRecord)


@pytest.mark.parametrize("content", [b"", b"<a", b"\x00\xff", b"<a/>", b"plain words"])
def test_what_is_no_record_is_a_problem(content):
    received = Received(3, "oai:x:1", content, FileFormat.DUBLIN_CORE)
    value = Reading(shipped_profile("unimarc")).understood(received)

    assert isinstance(value, BadRecord)
    assert (value.offset, value.control_number) == (3, "oai:x:1")


def test_a_file_of_dublin_core_is_read_too():
    record = (
        f"{START}<dc:title>Germinal</dc:title><dc:identifier>oai:x:7</dc:identifier></oai_dc:dc>"
    )
    (value,) = values_in(f"<records>{record}</records>".encode())

    assert (value.control_number, value.title) == ("oai:x:7", "Germinal")
