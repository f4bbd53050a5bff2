"""What is indexed is found, the same way on both engines."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from essor import search
from essor.search import FacetCount, Match
from tests.search.builders import a_document, find, found, indexed, marked

pytestmark = pytest.mark.usefixtures("both")

ON_ONE_INDEX = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Économie sociale", "ECONOMIE"),
        ("Une œuvre", "oeuvre"),
        ("Une oeuvre", "œuvre"),
        ("L’économie sociale", "économie"),
        ("L'économie sociale", "l’économie"),
        ("Aujourd’hui", "aujourd'hui"),
        ("D'abord qu'on lise", "abord lise"),
        ("Les journaux associatifs", "journal associatif"),
        ("Un journal", "journaux"),
        ("Hauts-de-France", "hauts de france"),
        ("1789, une année", "1789"),
        ("Привет, мир", "привет"),
        ("C’est la vie", "la vie"),
    ],
)
def test_words_are_found_however_they_are_written(title, typed):
    indexed(title, "Autre chose")

    assert found(typed) == [title]


def test_every_word_must_be_there():
    indexed("Un chat noir", "Un chat blanc", "Un chien noir")

    assert found("chat noir") == ["Un chat noir"]


def test_words_may_be_in_different_fields():
    indexed("Recyclerie", body="Elle donne une seconde vie aux objets.", keywords=("réemploi",))

    assert found("recyclerie réemploi objets") == ["Recyclerie"]


def test_the_title_weighs_more_than_keywords_and_these_more_than_the_body():
    search.index().write(
        [
            a_document("A", body="Le réemploi des livres."),
            a_document("B", keywords=("réemploi",)),
            a_document("Réemploi", body="Autre chose, ici, tout simplement."),
        ]
    )

    assert found("réemploi") == ["Réemploi", "B", "A"]


def test_a_phrase_keeps_its_order():
    indexed("La vie sociale", "La sociale vie")

    assert found('"vie sociale"') == ["La vie sociale"]


def test_a_phrase_does_not_go_from_one_field_to_another():
    indexed("La vie", keywords=("sociale",), body="et culturelle")

    assert found('"vie sociale"') == []
    assert found('"sociale et"') == []


def test_a_minus_leaves_out():
    indexed("Livre papier", "Livre numérique", "Livre audio à la demande")

    assert set(found("livre -numérique")) == {"Livre papier", "Livre audio à la demande"}
    assert set(found('livre -"à la demande"')) == {"Livre papier", "Livre numérique"}
    assert set(found("-livre")) == set()
    assert set(found("-papier")) == {"Livre numérique", "Livre audio à la demande"}


def test_the_last_word_may_be_unfinished():
    indexed("Association de quartier", "Autre chose")

    assert found("quartier assoc") == ["Association de quartier"]
    assert found("assoc -autre") == []


def test_a_whole_word_comes_before_the_beginning_of_one():
    indexed("Cartes et plans", "Carte", "Cartonnage", "Carton plein")

    assert found("carte")[0] == "Carte"
    assert found("carton")[0] == "Carton plein"
    assert set(found("carton")) == {"Cartonnage", "Carton plein"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("econmie", "économie"),
        ("bibilothèque", "bibliothèque"),
        ("econmie solidaire", "économie solidaire"),
        ("solidiare l'econmie", "solidaire l'économie"),
    ],
)
def test_a_typing_error_is_forgiven_and_told(typed, meant):
    indexed("L’économie solidaire à la bibliothèque", "Autre chose")

    results = find(typed)

    assert [hit.document.key for hit in results.hits] == ["L’économie solidaire à la bibliothèque"]
    assert (results.match, results.corrected) == (Match.NEAR_WORDS, meant)
    assert "[" in marked(results.hits[0].title)


def test_near_words_are_not_looked_for_when_the_right_ones_are_found():
    indexed("Le port de Dunkerque", "La porte de Paris")

    assert found("porte") == ["La porte de Paris"]


def test_the_right_word_comes_before_the_near_one():
    indexed("Portes ouvertes", "Ports ouverts bientôt", "Porte fermée")

    assert find("portes ouvertes bientot").match is Match.NEAR_WORDS


def test_for_want_of_all_words_some_will_do():
    indexed("Le chat", "La librairie")

    results = find("chat librairie")

    assert {hit.document.key for hit in results.hits} == {"Le chat", "La librairie"}
    assert (results.match, results.corrected) == (Match.SOME_WORDS, "")


def test_what_the_filters_leave_out_is_not_replaced_by_near_words():
    indexed("La porte", kind="article")
    indexed("Le port", kind="record")

    results = find("porte", {"kind": ("record",)}, facets=("kind",))

    assert (results.total, results.match) == (0, Match.EVERY_WORD)
    assert results.facets["kind"] == (FacetCount("article", 1),)


def test_filters_all_hold_and_any_of_their_values_will_do():
    search.index().write(
        [
            a_document("Un", site="1", language="fr", facets={"subject": ("eau", "air")}),
            a_document("Deux", site="1", language="en", facets={"subject": ("eau",)}),
            a_document("Trois", site="2", language="fr", facets={"subject": ("feu",)}),
        ]
    )

    assert set(found("", {"site": ("1",)})) == {"Un", "Deux"}
    assert found("", {"site": ("1",), "language": ("fr",)}) == ["Un"]
    assert set(found("", {"subject": ("air", "feu")})) == {"Un", "Trois"}
    assert found("", {"subject": ("ea",)}) == []
    assert found("", {"subject": ()}) == []
    assert found("", {"unheard_of": ("eau",)}) == []


def test_a_filter_may_have_many_values():
    search.index().write([a_document(f"Titre {n}", site=str(n)) for n in range(40)])

    results = find("titre", filters={"site": tuple(map(str, range(0, 40, 2)))})

    assert results.total == 20


def test_a_site_has_its_own_documents_and_those_of_every_site():
    search.index().write([a_document("Une page", site="1"), a_document("Ailleurs", site="2")])
    search.index().write([a_document("Une notice", kind="record")])

    assert set(found("", search.on_site(1))) == {"Une page", "Une notice"}


def test_facets_are_counted_as_if_they_were_not_filtered():
    search.index().write(
        [
            a_document("Lille un", facets={"subject": ("eau", "air")}, language="fr"),
            a_document("Lille deux", facets={"subject": ("eau",)}, language="fr"),
            a_document("Lille trois", facets={"subject": ("feu: l’âtre",)}, language="en"),
            a_document("Autre", facets={"subject": ("terre",)}, language="fr"),
        ]
    )

    results = find("lille", {"subject": ("air",)}, facets=("subject", "language", "unheard_of"))

    assert results.total == 1
    assert results.facets["subject"] == (
        FacetCount("eau", 2),
        FacetCount("air", 1),
        FacetCount("feu: l’âtre", 1),
    )
    assert results.facets["language"] == (FacetCount("fr", 1),)
    assert results.facets["unheard_of"] == ()


def test_the_newest_can_come_first():
    search.index().write(
        [
            a_document("Lille sans date"),
            a_document("Lille hier", date=date(2026, 5, 1)),
            a_document("Lille autrefois", date=date(1914, 5, 1)),
        ]
    )

    assert found("lille", sort=search.Sort.NEWEST) == [
        "Lille hier",
        "Lille autrefois",
        "Lille sans date",
    ]


def test_pages_of_hits_follow_one_another():
    indexed(*(f"Lille {n}" for n in range(25)))

    pages = [find("lille", offset=offset, limit=10) for offset in (0, 10, 20, 30)]

    assert [page.total for page in pages] == [25] * 4
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
    assert len({hit.document.key for page in pages for hit in page.hits}) == 25


def test_without_any_hit_what_is_found_is_counted():
    indexed("Lille", "Lille aussi", "Roubaix")

    counted = find("lille", limit=0, facets=("kind",))
    shown = find("lille", facets=("kind",))

    assert counted.hits == ()
    assert (counted.total, counted.facets) == (shown.total, shown.facets)
    assert counted.total == 2


@pytest.mark.parametrize(("offset", "limit"), [(-1, 10), (0, -1), (10_001, 10), (0, 100_000)])
def test_too_far_is_refused(offset, limit):
    with pytest.raises(search.SearchError):
        search.Query("lille", offset=offset, limit=limit)


def test_a_blank_text_asks_for_everything():
    indexed("Un", "Deux")

    assert set(found("  ")) == {"Un", "Deux"}


def test_signs_find_nothing():
    indexed("Un", "Deux")

    results = find("?!", facets=("kind",))

    assert (results.total, results.hits, results.facets) == (0, (), {"kind": ()})


def test_a_hit_gives_back_the_document():
    document = a_document(
        "L’œuvre",
        key="12",
        body="Son texte.",
        keywords=("a", "b"),
        address="/une/page/",
        site="1",
        language="fr",
        date=date(2026, 1, 31),
        facets={"subject": ("eau",)},
    )
    search.index().write([document])

    hit = find("oeuvre").hits[0]

    assert hit.document == document
    assert (marked(hit.title), marked(hit.excerpt)) == ("L’[œuvre]", "Son texte.")


def test_writing_again_replaces():
    indexed("Un titre")
    search.index().write([a_document("Un autre nom", key="Un titre")])

    assert found("titre") == []
    assert found("nom") == ["Un titre"]


def test_the_same_key_may_be_of_two_kinds():
    search.index().write([a_document("Un", key="1"), a_document("Deux", key="1", kind="record")])
    search.index().remove("article", ["1", "never there"])

    assert [hit.document.kind for hit in find("").hits] == ["record"]


def test_what_may_not_be_seen_any_more_is_not_shown(articles):
    for title in ("Visible", "Cachée"):
        articles.put(a_document(title))
    search.index().write(articles.documents())
    articles.hidden.add("Cachée")

    assert (found(""), find("").total) == (["Visible"], 1)
    assert found("cachée") == []
    assert search.index().suggest("cach") == ()


@pytest.mark.parametrize("typed", ["econ", "l’économie soc", "econmie"])
def test_titles_are_suggested(typed):
    indexed("L’économie sociale")
    indexed("Autre", body="L’économie sociale")

    assert [hit.document.title for hit in search.index().suggest(typed)] == ["L’économie sociale"]


def test_suggestions_are_few_and_filtered():
    indexed(*(f"Livre {n}" for n in range(20)), site="1")
    indexed("Livre ailleurs", site="2")

    assert len(search.index().suggest("livre", filters={"site": ("1",)}, limit=5)) == 5
    assert len(search.index().suggest("livre", filters={"site": ("2",)})) == 1
    assert search.index().suggest("  ") == ()


@pytest.mark.parametrize("name", ["a.b", "", "x y", "d'"])
def test_a_facet_that_cannot_be_named_is_refused(name):
    with pytest.raises(search.SearchError):
        a_document(facets={name: ("x",)})


def test_a_very_long_text_is_indexed():
    indexed("Long", body=" ".join(f"mot{n} ééééééééééééééééééééé{n}" for n in range(20_000)))

    assert found("mot12") == ["Long"]
    assert found("long") == ["Long"]


@ON_ONE_INDEX
@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_finds_or_does_not_but_never_raises(typed):
    if not find("quelque").total:
        indexed("Quelque chose", body="de déjà là")

    find(typed, facets=("kind",))
    search.index().suggest(typed)


@ON_ONE_INDEX
@given(st.text(st.sampled_from("\"-*:()[]{}\\/^~?!&|+<>'’«»éa1 ")))
def test_any_mixture_of_signs_never_raises(typed):
    find(typed, {"site": (typed,)}, facets=("kind",))


@ON_ONE_INDEX
@given(st.text(min_size=1))
def test_a_document_is_found_by_its_title(title):
    search.index().write([a_document("Autre"), a_document(title, key="it")])
    typed = title.replace('"', " ").replace("-", " ")

    if any(c.isalnum() for c in clean_words(typed)):
        assert "it" in found(typed)


def clean_words(text):
    from essor.search.words import clean, terms

    return "".join(terms(clean(text[:500])))


@pytest.mark.parametrize(
    ("since", "expected"),
    [(date(2026, 11, 2), ["tard"]), (date(2026, 11, 1), ["tard", "tôt"]), (date(2026, 12, 1), [])],
)
def test_a_window_of_days_leaves_out_what_came_in_before_or_on_an_unknown_day(
    both, since, expected
):
    search.index().write(
        [
            a_document("Un jardin", key="tôt", date=date(2026, 11, 1)),
            a_document("Le jardin", key="tard", date=date(2026, 11, 2)),
            a_document("Jardins", key="jamais"),
        ]
    )

    assert found("", since=since) == expected
    assert sorted(found("jardin", since=since)) == sorted(expected)
    assert find("jardin", since=since, facets=("kind",)).total == len(expected)
