"""What is understood of the answers of OAI-PMH servers, proper or not."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.catalogue.importers import oai
from essor.catalogue.types import FileFormat
from tests.catalogue import oai_pages
from tests.catalogue.oai_pages import answer, deleted, error, identify, page, record

XML_LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
NUMBERS = st.text(XML_LETTERS, min_size=1, max_size=20).map(lambda t: " ".join(t.split()))
SOUND_NUMBERS = NUMBERS.filter(lambda text: text and text.isprintable())


def arguments(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_a_list_is_asked_for_with_what_the_base_address_already_says():
    address = oai.list_address(
        "https://x.example/ws/connector_out.php?source_id=3",
        prefix="pmb_xml_unimarc",
        set_spec="",
        window=oai.Window("2026-01-01", ""),
    )

    assert arguments(address) == {
        "source_id": "3",
        "verb": "ListRecords",
        "metadataPrefix": "pmb_xml_unimarc",
        "from": "2026-01-01",
    }


def test_an_address_pasted_with_its_verb_asks_what_we_ask():
    address = oai.identify_address("https://x.example/oai.pl?verb=ListSets&set=a#top")

    assert address == "https://x.example/oai.pl?verb=Identify"


@given(token=st.text(min_size=1, max_size=50).filter(lambda t: t.isprintable()))
def test_a_token_comes_back_whatever_signs_it_has(token):
    assert arguments(oai.next_address("https://x.example/oai", token))["resumptionToken"] == token


def test_a_server_says_what_it_is():
    said = oai.repository_of(identify(deletions="transient", granularity="YYYY-MM-DD"))

    assert said == oai.Repository(
        name="Médiathèque",
        deletions=oai.Deletions.TRANSIENT,
        has_seconds=False,
        earliest=datetime(2020, 1, 1, tzinfo=UTC),
    )


def test_a_server_that_says_nothing_of_deletions_does_not_announce_them():
    assert oai.repository_of(identify(deletions="maybe")).deletions is oai.Deletions.NO


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><body>Bienvenue</body></html>", b"<rss/>", b"Not found", answer("<ListSets/>")],
    ids=["nothing", "a page", "a feed", "a text", "another answer"],
)
def test_what_is_no_oai_server_is_said_to_be_none(content):
    with pytest.raises(oai.NotOai):
        oai.repository_of(content)


def test_the_prefixes_of_a_server_are_listed():
    listed = "".join(
        f"<metadataFormat><metadataPrefix>{one}</metadataPrefix></metadataFormat>"
        for one in ("oai_dc", "marcxml")
    )

    said = answer(f"<ListMetadataFormats>{listed}</ListMetadataFormats>")

    assert oai.prefixes_of(said) == ("oai_dc", "marcxml")


def test_a_page_gives_its_records_its_deletions_and_its_place():
    said = oai.page_of(page(record("1"), deleted("2"), token="abc", size=12, cursor=0))

    assert [one.control_number for one in said.records] == ["1"]
    assert said.records[0].file_format is FileFormat.MARCXML
    assert said.deleted == ("oai:x:2",)
    assert (said.token, said.size, said.cursor) == ("abc", 12, 0)
    assert said.answered_at == datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("token", [None, "", "  \n "])
def test_no_token_or_an_empty_one_is_the_end(token):
    assert oai.page_of(page(record("1"), token=token, cursor=4)).token == ""


@pytest.mark.parametrize(
    ("metadata", "file_format", "number"),
    [
        (oai_pages.PMB, FileFormat.PMB_XML, "7"),
        (oai_pages.DUBLIN_CORE, FileFormat.DUBLIN_CORE, "oai:x:1"),
        (f"<collection>{oai_pages.marcxml('5')}</collection>", FileFormat.MARCXML, "5"),
    ],
)
def test_each_format_is_known_by_its_element(metadata, file_format, number):
    (only,) = oai.page_of(page(record("1", metadata=metadata))).records

    assert (only.file_format, only.control_number) == (file_format, number)
    assert not only.content.startswith((b"<unimarc", b"<collection"))


def test_a_record_gives_the_same_bytes_whatever_the_page_around_it_declares():
    plain = page(record("1"))
    declared = plain.replace(
        b"<OAI-PMH ", b'<OAI-PMH xmlns:xsi="http://www.w3.org/x" xmlns:o="o:o" '
    )

    assert oai.page_of(plain).records == oai.page_of(declared).records


def test_the_last_word_on_a_record_counts():
    said = oai.page_of(page(record("1", "Old"), record("1", "New"), record("2"), deleted("2")))

    assert [b"New" in one.content for one in said.records] == [True]
    assert said.deleted == ("oai:x:2",)


def test_records_that_cannot_be_used_are_problems_and_the_others_come():
    unnamed = "<record><header><identifier/></header><metadata/></record>"
    said = oai.page_of(
        page(
            unnamed,
            record("1", metadata=" "),
            record("2", metadata="<mods/>"),
            record("n" * 101),
            record("3"),
        )
    )

    assert [one.what for one in said.problems] == [
        oai.NO_IDENTIFIER[0],
        oai.NO_METADATA[0],
        oai.ANOTHER_FORMAT[0],
        oai.LONG_NUMBER[0],
    ]
    assert [one.control_number for one in said.records] == ["3"]


@pytest.mark.parametrize("mark", ["\x1f", "&#x1F;", "&#31;", "&#x0B;", "\x00"])
def test_characters_that_xml_forbids_do_not_cost_a_page(mark):
    damaged = page(record("1", "Ger@minal")).replace(b"@", mark.encode())

    (only,) = oai.page_of(damaged).records

    assert b">Germinal<" in only.content


@pytest.mark.parametrize(
    "content",
    [
        page(record("1"))[:-30],
        page(record("1", "@")).replace(b"@", b"\xe9"),
        page(record("1", "@")).replace(b"@", b"<i>"),
        page(record("1"), token="x" * 2_000),
        answer(""),
        answer("<a>" * 5_000 + "</a>" * 5_000),
    ],
    ids=["cut", "not UTF-8", "not closed", "endless token", "empty", "deep"],
)
def test_a_damaged_page_is_refused_whole(content):
    with pytest.raises(oai.DamagedPage):
        oai.page_of(content)


def test_a_page_that_declares_entities_is_refused():
    bomb = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in ("ab", "bc", "cd", "de", "ef", "fg")
    )
    said = page(record("1", "@")).replace(b"<OAI-PMH", f"{bomb}]><OAI-PMH".encode(), 1)

    with pytest.raises(oai.DamagedPage):
        oai.page_of(said.replace(b"@", b"&g;"))


def test_a_file_of_this_machine_is_never_read(tmp_path):
    (tmp_path / "secret").write_text("top secret")
    declared = f"<!DOCTYPE x [<!ENTITY a SYSTEM 'file://{tmp_path}/secret'>]><OAI-PMH"
    said = page(record("1", "@")).replace(b"<OAI-PMH", declared.encode(), 1)

    with pytest.raises(oai.DamagedPage):
        oai.page_of(said.replace(b"@", b"&a;"))


def test_an_empty_list_is_an_empty_page():
    said = oai.page_of(error("noRecordsMatch"))

    assert (said.records, said.token) == ((), "")
    assert said.answered_at == datetime(2026, 3, 1, 4, tzinfo=UTC)


def test_a_forgotten_place_is_told_apart():
    with pytest.raises(oai.TokenRefused):
        oai.page_of(error("badResumptionToken"))


@pytest.mark.parametrize(
    "code", ["badArgument", "cannotDisseminateFormat", "noSetHierarchy", "odd"]
)
def test_a_refusal_keeps_the_words_of_the_server(code):
    with pytest.raises(oai.RequestRefused) as refused:
        oai.page_of(error(code, "no   such <set>"))

    assert (refused.value.code, refused.value.words) == (code, "no such <set>")
    assert refused.value.what


@given(
    numbers=st.lists(SOUND_NUMBERS, unique=True, max_size=6),
    titles=st.data(),
    token=st.text(XML_LETTERS, max_size=20),
)
def test_what_is_written_in_a_page_is_what_is_read(numbers, titles, token):
    records = [record(n, titles.draw(st.text(XML_LETTERS, max_size=20))) for n in numbers]

    said = oai.page_of(page(*records, token=token))

    assert [one.control_number for one in said.records] == numbers
    assert said.token == token.strip()


@given(content=st.binary(max_size=300))
def test_any_bytes_are_a_page_or_an_error_in_words(content):
    with pytest.raises(oai.OaiError):
        oai.page_of(content)


@given(place=st.integers(0, 700), junk=st.binary(max_size=4))
def test_a_page_damaged_anywhere_is_a_page_or_an_error_in_words(place, junk):
    whole = page(record("1", "Élan"), deleted("2"), token="abc", size=4, cursor=0)
    said = oai.Page()
    with suppress(oai.OaiError):
        said = oai.page_of(whole[:place] + junk + whole[place + 1 :])

    assert len(said.identifiers) <= 2


EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)


@given(days=st.integers(0, 4_000), has_seconds=st.booleans())
def test_the_halves_of_a_period_make_the_whole(days, has_seconds):
    latest = EARLIEST + timedelta(days)

    cut = oai.halves(oai.Window(), earliest=EARLIEST, latest=latest, has_seconds=has_seconds)

    if days == 0:
        assert cut is None
        return
    first, second = cut
    unit = timedelta(seconds=1) if has_seconds else timedelta(1)
    assert (first.since, second.until) == ("", "")
    assert oai.moment_of(second.since) - oai.moment_of(first.until) == unit
    assert EARLIEST <= oai.moment_of(first.until) < oai.moment_of(second.since) <= latest


def test_cutting_ends():
    window, cuts = oai.Window("2020-01-01", "2026-01-01"), 0
    while cut := oai.halves(window, earliest=EARLIEST, latest=EARLIEST, has_seconds=True):
        window, cuts = cut[1], cuts + 1

    assert window.since == window.until[:10] + "T00:00:00Z"
    assert cuts < 40


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00+01:00", datetime(2026, 1, 31, 11, tzinfo=UTC)),
        ("0001-01-01T00:00:00+01:00", None),
        ("hier", None),
        ("", None),
    ],
)
def test_dates_of_servers(text, moment):
    assert oai.moment_of(text) == moment
