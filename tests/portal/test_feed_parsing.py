"""Bytes of strangers in, plain entries and clear problems out; never a crash, never a script."""

import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.portal.importers import feed_entries, feed_xml, feeds
from essor.portal.importers.feed_entries import ParsedFeed
from essor.portal.importers.feeds import parse_feed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADDRESS = "https://site.example.org/flux/rss.xml"
SMALL_FILES = Path(__file__).parents[1] / "data" / "feeds"
HARD_FILES = Path(__file__).parents[2].parent / "shared" / "data" / "hdf" / "rss" / "difficiles"


def parsed(content: bytes | str, *, content_type: str = "") -> ParsedFeed:
    given_bytes = content.encode() if isinstance(content, str) else content
    return parse_feed(given_bytes, content_type=content_type, address=ADDRESS, now=NOW)


def rss(*items: str, head: str = "") -> str:
    listed = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{listed}</channel></rss>'


def the_entry(*item: str) -> feed_entries.ParsedEntry:
    return parsed(rss("".join(item))).entries[0]


def whats(feed: ParsedFeed) -> set[str]:
    return {problem.what for problem in feed.problems}


# Each form of feed


RSS_20 = rss(
    "<title>Forum de l’ESS à Lille</title><link>https://a.example/forum</link>"
    "<description>&lt;p&gt;Trois jours.&lt;/p&gt;</description>"
    "<pubDate>Mon, 02 Nov 2026 09:30:00 +0100</pubDate><author>Ana</author><guid>42</guid>"
)
RSS_10 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/">
<title>A</title></channel><item rdf:about="https://a.example/forum">
<title>Forum de l’ESS à Lille</title><link>https://a.example/forum</link>
<description>&lt;p&gt;Trois jours.&lt;/p&gt;</description><dc:creator>Ana</dc:creator>
<dc:date>2026-11-02T08:30:00Z</dc:date></item></rdf:RDF>"""
RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><item><title>Forum de l&rsquo;ESS &agrave; Lille</title>
<link>https://a.example/forum</link><description>Trois jours.</description></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>
<link href="https://a.example/"/><entry><id>urn:42</id><title>Forum de l’ESS à Lille</title>
<link href="https://a.example/forum"/><summary>Trois jours.</summary>
<author><name>Ana</name></author><updated>2026-11-02T08:30:00Z</updated></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://a.example/",
        "items": [
            {
                "id": 42,
                "url": "https://a.example/forum",
                "title": "Forum de l’ESS à Lille",
                "content_html": "<p>Trois jours.</p>",
                "authors": [{"name": "Ana"}],
                "date_published": "2026-11-02T09:30:00+01:00",
            }
        ],
    }
)


@pytest.mark.parametrize("content", [RSS_20, RSS_10, RSS_091, ATOM, JSON_FEED])
def test_every_form_of_feed_gives_the_same_entry(content: str) -> None:
    feed = parsed(content)

    entry = feed.entries[0]
    assert feed.fault is None
    assert entry.title == "Forum de l’ESS à Lille"
    assert entry.link == "https://a.example/forum"
    assert entry.summary == "Trois jours."


@pytest.mark.parametrize("content", [RSS_20, RSS_10, ATOM, JSON_FEED])
def test_dates_are_in_universal_time_and_authors_are_named(content: str) -> None:
    entry = parsed(content).entries[0]

    assert entry.published == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
    assert entry.author == "Ana"


@pytest.mark.parametrize("content", [ATOM, JSON_FEED])
def test_the_address_of_the_site_is_read(content: str) -> None:
    assert parsed(content).site_address == "https://a.example/"


# Texts


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("L&#8217;entraide", "L’entraide"),
        ("Cin&eacute;ma &amp; d&eacute;bat", "Cinéma & débat"),
        ("L&amp;#8217;entraide", "L’entraide"),
        ("Caf&amp;amp;eacute; solidaire", "Café solidaire"),
        ("&lt;b&gt;Gras&lt;/b&gt; et &lt;i&gt;fin&lt;/i&gt;", "Gras et fin"),
        ("&amp;lt;b&amp;gt;Gras&amp;lt;/b&amp;gt;", "Gras"),
        ("3 &lt; 5 euros", "3 < 5 euros"),
        ("<![CDATA[Livres & <em>lecteurs</em>]]>", "Livres & lecteurs"),
        ("  Deux\n\n   lignes\t", "Deux lignes"),
        ("Prix : 12 €", "Prix : 12 €"),
    ],
)
def test_a_title_is_plain_text_however_often_it_was_encoded(written: str, shown: str) -> None:
    assert the_entry(f"<title>{written}</title>").title == shown


def test_the_paragraphs_of_a_summary_do_not_stick_together() -> None:
    entry = the_entry(
        "<title>T</title><description>",
        escape("<p>Un.</p><p>Deux.</p><ul><li>Trois<li>Quatre</ul>Cinq<br>Six"),
        "</description>",
    )

    assert entry.summary == "Un. Deux. Trois Quatre Cinq Six"


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<scr<script></script>ipt>alert(1)</scr</script>ipt>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&amp;lt;script&amp;gt;alert(1)",
        "<<script>alert(1)//<</script>",
        "<style>*{}</style><svg onload=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<noscript><p title='</noscript><script>alert(1)</script>'>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;script&gt;'>",
        "<sc\0ript>alert(1)</script>",
        "<\u200escript>alert(1)</script>",
        "<textarea><script>alert(1)</script></textarea>",
        "<plaintext><script>alert(1)",
        "<a href='javascript:alert(1)'>x</a>",
    ],
)
def test_no_script_survives_in_any_text(attack: str) -> None:
    item = {"id": attack, "title": attack, "summary": attack, "authors": [{"name": attack}]}
    for content in (
        json.dumps({"items": [item | {"url": "https://a.example/"}]}),
        rss(f"<link>https://a.example/</link><title>{escape(attack)}</title>"),
        rss(f"<link>https://a.example/</link><description><![CDATA[{attack}]]></description>"),
    ):
        _no_tag_in(parsed(content))


def test_long_texts_are_cut_between_two_words() -> None:
    entry = the_entry(f"<title>{'lire ' * 200}</title><description>{'a' * 9_999}</description>")

    assert len(entry.title) <= feed_entries.TITLE_LENGTH
    assert entry.title.endswith("lire…")
    assert len(entry.summary) <= feed_entries.SUMMARY_LENGTH


def test_what_turns_the_direction_of_the_text_is_dropped() -> None:
    assert the_entry("<title>Lire\u202eeril\ufeff</title>").title == "Lireeril"


def test_half_characters_of_json_are_dropped() -> None:
    content = '{"items": [{"title": "Lire\\ud83d\\u0000", "url": "https://a.example/\\udc00"}]}'

    entry = parsed(content).entries[0]

    assert entry.title == "Lire"
    assert entry.link.encode()


def test_an_entry_without_title_is_called_by_its_first_words_or_its_link() -> None:
    assert the_entry("<description>Une phrase.</description>").title == "Une phrase."
    assert the_entry("<link>https://a.example/x</link>").title == "https://a.example/x"


def test_a_summary_that_repeats_the_title_is_not_kept() -> None:
    assert (
        the_entry("<title>Une phrase.</title><description>Une phrase.</description>").summary == ""
    )


def test_an_entry_with_nothing_to_show_is_a_problem() -> None:
    feed = parsed(rss("<guid isPermaLink='false'>1</guid>", "<title>Lire</title>"))

    assert [entry.title for entry in feed.entries] == ["Lire"]
    assert feed_entries.NOTHING_TO_SHOW[0] in whats(feed)


# Links


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://a.example/x?b=1&amp;c=2", "https://a.example/x?b=1&c=2"),
        ("https://a.example/x?b=1&amp;amp;c=2", "https://a.example/x?b=1&c=2"),
        ("  /actualites/1 ", "https://site.example.org/actualites/1"),
        ("2.html", "https://site.example.org/flux/2.html"),
        ("//b.example/x", "https://b.example/x"),
        ("https://médiathèque.example/été", "https://médiathèque.example/été"),
        ("https://a.example/a b&quot;c", "https://a.example/a%20b%22c"),
    ],
)
def test_a_link_is_made_absolute_and_clean(written: str, kept: str) -> None:
    assert the_entry(f"<title>T</title><link>{written}</link>").link == kept


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "https://user:secret@a.example/",
        "https://[::1/",
        "https:///",
        "http://a.example:99999999/",
        "https://a.example/" + "x" * 3_000,
    ],
)
def test_a_link_that_does_not_lead_to_the_web_is_dropped_and_told(written: str) -> None:
    content = json.dumps({"items": [{"title": "T", "url": written}]})

    feed = parsed(content)

    assert feed.entries[0].link == ""
    assert feed_entries.NOT_A_WEB_LINK[0] in whats(feed)


@pytest.mark.parametrize("identifier", ["urn:uuid:1", "tag:a.example,2026:1"])
def test_an_identifier_that_is_no_address_is_not_a_missing_link(identifier: str) -> None:
    feed = parsed(
        ATOM.replace("urn:42", identifier).replace('<link href="https://a.example/forum"/>', "")
    )

    assert feed.entries[0].link == ""
    assert feed.problems == ()


# Dates


def _dated(*dates: str) -> ParsedFeed:
    return parsed(rss(*(f"<title>{d}</title><pubDate>{d}</pubDate>" for d in dates)))


def test_an_entry_without_date_is_kept_and_is_no_problem() -> None:
    feed = parsed(rss("<title>T</title>"))

    assert feed.entries[0].published is None
    assert feed.problems == ()


@pytest.mark.parametrize(
    "date", ["soon", "Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00", "Mon, 32 Nov 2026 10:00:00 GMT"]
)
def test_a_date_that_cannot_be_believed_is_unknown_and_told(date: str) -> None:
    feed = _dated(date)

    assert feed.entries[0].published is None
    assert feed_entries.UNREADABLE_DATE[0] in whats(feed)


def test_a_date_in_the_future_is_unknown_and_told() -> None:
    feed = _dated("Fri, 01 Jan 2038 00:00:00 GMT")

    assert feed.entries[0].published is None
    assert feed_entries.FUTURE_DATE[0] in whats(feed)


def test_a_clock_that_is_a_little_ahead_is_taken_for_now() -> None:
    feed = _dated((NOW + timedelta(hours=2)).isoformat())

    assert feed.entries[0].published == NOW
    assert feed.problems == ()


# Doubles and keys


def _keys(feed: ParsedFeed) -> list[str]:
    return [entry.key for entry in feed.entries]


def test_an_entry_keeps_its_key_when_its_identifier_stays() -> None:
    before = parsed(rss("<guid>7</guid><title>Avant</title><link>https://a.example/1</link>"))
    after = parsed(rss("<guid>7</guid><title>Après</title><link>https://a.example/2</link>"))

    assert _keys(before) == _keys(after)


def test_without_identifier_the_link_is_the_key_whatever_marks_it_carries() -> None:
    links = ["https://www.a.example/x/?utm_source=rss&b=1", "http://a.example/x?b=1#xtor=RSS-3"]
    before, after = (parsed(rss(f"<title>T</title><link>{escape(x)}</link>")) for x in links)

    assert _keys(before) == _keys(after)


def test_two_entries_with_the_same_identifier_are_one() -> None:
    feed = parsed(rss("<guid>7</guid><title>Un</title>", "<guid>7</guid><title>Deux</title>"))

    assert [entry.title for entry in feed.entries] == ["Un"]


def test_the_same_article_under_two_identifiers_is_one() -> None:
    article = "<title>Un</title><link>https://a.example/1</link>"

    assert len(parsed(rss(f"<guid>7</guid>{article}", f"<guid>8</guid>{article}")).entries) == 1


def test_entries_that_all_link_to_the_home_page_stay_apart() -> None:
    home = "<link>https://a.example/</link>"
    feed = parsed(
        rss(f"<guid>7</guid><title>Un</title>{home}", f"<guid>8</guid><title>Deux</title>{home}")
    )

    assert [entry.title for entry in feed.entries] == ["Un", "Deux"]


def test_only_the_most_recent_entries_are_kept() -> None:
    dates = [NOW - timedelta(days=n) for n in range(300)]
    oldest_first = [f"<title>{d}</title><pubDate>{d.isoformat()}</pubDate>" for d in dates[::-1]]

    feed = parsed(rss(*oldest_first))

    assert len(feed.entries) == feed_entries.MAX_ENTRIES
    assert feed.entries[-1].published == NOW
    assert feed_entries.TOO_MANY[0] in whats(feed)


# Encodings


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", ""),
        ("utf-8", "iso-8859-1", "text/xml"),
        ("utf-8-sig", "utf-8", ""),
        ("windows-1252", "windows-1252", "text/xml"),
        ("windows-1252", "iso-8859-1", "text/xml"),
        ("windows-1252", "utf-8", "application/rss+xml; charset=windows-1252"),
        ("utf-16", "utf-16", ""),
        ("utf-16-le", "utf-16", "text/xml"),
        ("utf-32", "utf-32", ""),
    ],
)
def test_accents_are_right_whatever_the_encoding(
    encoding: str, declared: str, content_type: str
) -> None:
    text = rss("<title>L’été à Croix</title>").replace(
        '"1.0"?>', f'"1.0" encoding="{declared}"?>', 1
    )

    feed = parsed(text.encode(encoding), content_type=content_type)

    assert feed.entries[0].title == "L’été à Croix"


def test_a_few_wrong_bytes_do_not_spoil_the_accents_of_all_others() -> None:
    content = rss("<title>L’été à Croix, évidemment</title>", "<title>Lire</title>").encode()

    feed = parsed(content.replace(b"Lire", b"Lir\xe9"))

    assert feed.entries[0].title == "L’été à Croix, évidemment"
    assert feed_xml.WRONG_ENCODING[0] in whats(feed)


# What is no feed, or no sound one


def test_a_web_page_is_told_with_the_feed_that_it_announces() -> None:
    feed = parsed(
        "<!DOCTYPE html><html><head><link rel=stylesheet href=/s.css>"
        '<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><p>Bonjour</html>',
        content_type="text/html",
    )

    assert feed.fault is not None
    assert feed.fault.what == feed_xml.WEB_PAGE[0]
    assert feed.suggested == "https://site.example.org/rss.xml"


@pytest.mark.parametrize("content", ["Bonjour", "<note/>", '{"a": 1}', "[1]", "%PDF-1.7", "<?php"])
def test_what_is_no_feed_is_told(content: str) -> None:
    fault = parsed(content).fault

    assert fault is not None
    assert fault.what == feed_xml.NO_FEED[0]


@pytest.mark.parametrize("content", [b"", b" \n", b"\xef\xbb\xbf", b"\0\0\0"])
def test_an_empty_document_is_told(content: bytes) -> None:
    fault = parsed(content).fault

    assert fault is not None
    assert fault.what == feeds.NOTHING_SENT[0]


@pytest.mark.parametrize("content", [rss(), '{"items": []}'])
def test_a_sound_feed_without_entry_is_no_fault(content: str) -> None:
    feed = parsed(content)

    assert feed.fault is None
    assert whats(feed) == {feeds.NO_ENTRY[0]}


LAUGHS = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 9))


@pytest.mark.parametrize(
    "prolog",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{LAUGHS}]>',
        '<!DOCTYPE rss [<!ENTITY l8 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]>',
        '<!DOCTYPE rss [\n<!ENTITY l8 "' + "lol" * 1_000 + '">\n]>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_that_declares_entities_is_not_read(prolog: str, encoding: str) -> None:
    content = f"{prolog}{rss('<title>&l8;</title>').partition('?>')[2]}".encode(encoding)

    fault = parsed(content).fault

    assert fault is not None
    assert fault.what == feed_xml.ENTITIES[0]


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE a><!-- <b --><!DOCTYPE rss [<!ENTITY l8 'lol'>]>" + rss().encode()[21:],
        b"<!DOC\n<!DOCTYPE a>TYPE rss [<!ENTITY l8 'lol'>]>" + rss().encode()[21:],
        b"<a><!DOCTYPE rss [<!ENTITY l8 'lol'>]>" + rss("<title>&l8;</title>").encode(),
    ],
)
def test_an_entity_declared_in_an_odd_place_unfolds_to_nothing(content: bytes) -> None:
    assert not any("lol" in entry.title for entry in parsed(content).entries)


@pytest.mark.parametrize(
    "content",
    [
        rss("<title>T</title>" + "<a>" * 100_001),
        rss(*["<title>T</title>"] * 2_001),
        rss("<title " + " ".join(f"a{n}='1'" for n in range(300)) + ">T</title>"),
        rss("<title>" + "&amp;" * 500_001 + "</title>"),
        rss("".join(f'<a xmlns:n{n}="urn:{n}"/>' for n in range(200))),
    ],
)
def test_a_document_made_to_take_long_is_not_read(content: str) -> None:
    fault = parsed(content).fault

    assert fault is not None
    assert fault.what == feed_xml.TOO_COMPLEX[0]


def test_a_damaged_feed_gives_what_can_be_read() -> None:
    feed = parsed((SMALL_FILES / "damaged.xml").read_bytes())

    assert [entry.title for entry in feed.entries] == ["Good Item", "Bad Item", "Item After Error"]
    assert feed_xml.DAMAGED[0] in whats(feed)


def test_items_of_json_that_are_no_objects_are_passed_over() -> None:
    items = [1, None, [], "x", {"title": ["a"], "url": {}}, {"title": "Lire", "authors": [7, {}]}]

    feed = parsed(json.dumps({"items": items}))

    assert [entry.title for entry in feed.entries] == ["Lire"]


@pytest.mark.parametrize("path", sorted(SMALL_FILES.glob("*.[xa]*")), ids=lambda path: path.name)
def test_each_hard_file_gives_entries_or_a_problem(path: Path) -> None:
    _survived(parsed(path.read_bytes()))


@pytest.mark.external_data
def test_every_hard_file_of_the_shared_collection_is_survived() -> None:
    if not HARD_FILES.is_dir():
        pytest.skip(f"{HARD_FILES} is not here: the 127 hard feeds are not tried.")
    paths = [path for path in HARD_FILES.rglob("*") if path.is_file()]
    assert len(paths) == 127

    for path in paths:
        for content_type in ("", "text/xml", "text/html; charset=iso-8859-1", "application/json"):
            _survived(parsed(path.read_bytes(), content_type=content_type))


@given(st.binary(max_size=2_000))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    _survived(parsed(content))


A_TAG = re.compile(r"<[a-zA-Z/!?]")
PIECES = st.sampled_from(
    [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0"><channel>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<title>",
        "</title>",
        '<title type="html">',
        "<description>",
        "</description>",
        '<content type="xhtml">',
        "<link>https://a.example/</link>",
        '<link href="javascript:alert(1)"/>',
        "<pubDate>Mon, 02 Nov 2026 09:30:00 +0100</pubDate>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "&lt;script&gt;",
        "&amp;lt;script&amp;gt;",
        "<script>",
        "</script>",
        "&#99999999999;",
        "&#xD800;",
        "&eacute;",
        "<svg:svg>",
        "\x00",
        "é",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=40))
def test_no_mixture_of_the_pieces_of_feeds_crashes_the_reader(pieces: list[str]) -> None:
    _survived(parsed("".join(pieces).encode("utf-8", "replace")))


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_comes_out_with_a_tag(title: str, summary: str) -> None:
    item = {"title": title, "summary": summary, "url": "https://a.example/"}

    _no_tag_in(parsed(json.dumps({"items": [item]})))


def _survived(feed: ParsedFeed) -> None:
    assert feed.entries or feed.problems or feed.fault
    _no_tag_in(feed)
    for problem in (*feed.problems, *([feed.fault] if feed.fault else [])):
        assert problem.what
        assert problem.advice


def _no_tag_in(feed: ParsedFeed) -> None:
    for entry in feed.entries:
        assert entry.link.startswith(("https://", "http://")) or not entry.link
        for text in (entry.title, entry.summary, entry.author):
            assert "<script" not in text.lower()
            assert not A_TAG.search(text)
            assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)
