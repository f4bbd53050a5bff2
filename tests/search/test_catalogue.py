"""What a catalogue asks of the search: numbers, years, orders, more of each facet; on both engines."""

import pickle
from datetime import date

import pytest

from essor import search
from essor.search import FacetCount, Sort, Suggestion
from tests.search.builders import a_document, find, found

pytestmark = pytest.mark.usefixtures("both")

GERMINAL = "9782070360246"  # 2-07-036024-5 in ten figures, with another check figure


def a_record(title, **fields):
    return a_document(title, kind="record", **fields)


def write(*documents):
    search.index().write(documents)


# Authors


def test_authors_weigh_less_than_the_title_and_more_than_keywords():
    write(
        a_record("A", body="Un texte sur Zola et les autres."),
        a_record("B", keywords=("Zola",)),
        a_record("C", authors=("Zola",)),
        a_record("Zola"),
    )

    assert found("zola") == ["Zola", "C", "B", "A"]


def test_an_author_and_a_title_are_found_together():
    write(
        a_record("Germinal", authors=("Zola, Émile",)),
        a_record("Nana", authors=("Zola, Émile",)),
        a_record("Germinal", key="film", authors=("Berri, Claude",)),
    )

    assert found("emile zola germinal") == ["Germinal"]


# Numbers


@pytest.mark.parametrize(
    "typed",
    [
        "9782070360246",
        "978-2-07-036024-6",
        "978 2 07 036024 6",
        "978-2070360246",
        "978‑2‑07‑036024‑6",
        "2070360245",
        "2-07-036024-5",
        "2 07 036024 5",
        "ISBN 978-2-07-036024-6",
        "isbn-13: 9782070360246",
        '"978-2-07-036024-6"',
    ],
)
@pytest.mark.parametrize("held", ["978-2-07-036024-6", "2-07-036024-5", "2070360245"])
def test_an_isbn_is_found_in_any_form(held, typed):
    write(a_record("Germinal", numbers=(held,)), a_record("978-2, un essai"))

    assert found(typed) == ["Germinal"]


def test_an_isbn_with_a_wrong_figure_finds_nothing_rather_than_its_parts():
    write(a_record("978 manières de lire le 07"), a_record("Tome 2"))

    assert found("978-2-07-036024-5") == []


def test_an_isbn_may_end_with_x():
    write(a_record("Un livre", numbers=("2-07-036822-X",)), a_record("Autre"))

    assert found("207036822x") == ["Un livre"]


@pytest.mark.parametrize("typed", ["FRBNF-376 45X", "frbnf37645x", "frBNF 37645X"])
def test_a_control_number_is_found_whole(typed):
    write(a_record("Un livre", numbers=("FRBNF37645X",)), a_record("FRBNF"))

    assert found(typed) == ["Un livre"]


@pytest.mark.parametrize("typed", ["FRBNF", "37645", "frbnf3764"])
def test_a_part_of_a_number_is_no_number(typed):
    write(a_record("Un livre", numbers=("FRBNF-37645",)))

    assert found(typed) == []


def test_a_number_comes_before_what_only_speaks_of_it():
    write(
        a_record("3770001234562 : 3770001234562", body="3770001234562 " * 5),
        a_record("Un jeu", numbers=("3770001234562",)),
    )

    assert found("3770001234562")[0] == "Un jeu"


def test_a_year_is_a_title_before_it_is_a_number():
    write(a_record("Un livre", numbers=("1984",)), a_record("1984"))

    assert found("1984") == ["1984", "Un livre"]


def test_a_number_written_in_a_text_is_found_too():
    write(a_document("Une page", body="Lire 978-2-07-036024-6, chez Gallimard."))

    assert found("2070360245") == []  # the text has the other form
    assert found("978 2 07 036024 6") == ["Une page"]


def test_a_number_and_a_word_must_both_be_there():
    write(
        a_record("Germinal", numbers=(GERMINAL,)),
        a_record("Germinal", key="2", numbers=("9782253004226",)),
    )

    assert found("germinal 2070360245") == ["Germinal"]


def test_an_excluded_number_is_left_out():
    write(a_record("En 1789"), a_record("En 1790"))

    assert found("en -1789") == ["En 1790"]
    assert found("-1789") == ["En 1790"]


def test_a_number_that_no_document_has_finds_nothing_near():
    write(a_record("Germinal", numbers=(GERMINAL,)))

    assert found("9782253004226") == []


# Years


def years_of_books(**years):
    write(*(a_record(title, year=year) for title, year in years.items()))


def test_a_range_of_years_has_its_ends():
    years_of_books(avant=1989, debut=1990, fin=2005, apres=2006, sans=None)

    assert set(found("", years=(1990, 2005))) == {"debut", "fin"}
    assert set(found("", years=(None, 1990))) == {"avant", "debut"}
    assert set(found("", years=(2005, None))) == {"fin", "apres"}
    assert set(found("", years=(None, None))) == {"avant", "debut", "fin", "apres"}
    assert found("", years=(2010, 1990)) == []
    assert found("", years=(-(10**30), 10**30)) != []


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (("1990..2005",), {"debut", "fin"}),
        (("..1989",), {"avant"}),
        (("2006..",), {"apres"}),
        (("2006", "..1989"), {"avant", "apres"}),
        (("..1989", "2006..2010"), {"avant", "apres"}),
        (("2005",), {"fin"}),
        (("1990...2005",), set()),
        (("19e..20e",), set()),
    ],
)
def test_a_filter_on_years_may_hold_ranges(chosen, expected):
    years_of_books(avant=1989, debut=1990, fin=2005, apres=2006, sans=None)

    assert set(found("", {"year": chosen})) == expected


def test_years_are_counted_without_their_own_range():
    write(
        a_record("Un", year=1990, facets={"creator": ("Zola",)}),
        a_record("Deux", year=2005, facets={"creator": ("Sand",)}),
        a_record("Trois", year=2005, facets={"creator": ("Sand",)}),
    )

    facets = find("", facets=("year", "creator"), years=(1980, 1999)).facets

    assert facets["year"] == (FacetCount("2005", 2), FacetCount("1990", 1))
    assert facets["creator"] == (FacetCount("Zola", 1),)


@pytest.mark.parametrize("year", [10_000, -10_000])
def test_what_is_no_year_is_refused(year):
    with pytest.raises(search.SearchError):
        a_record("Un livre", year=year)


# Orders


def test_titles_are_in_the_order_of_their_filing_form():
    write(
        a_record("Le Zèbre", filing="Zèbre"),
        a_record("Éléphants"),
        a_record("Une abeille", filing="abeille"),
        a_record("Elan"),
        a_record("histoire de l'art au XXe siècle"),
        a_record("Histoire de l’art au XIXe siècle"),
    )

    assert found("", sort=Sort.TITLE) == [
        "Une abeille",
        "Elan",
        "Éléphants",
        "Histoire de l’art au XIXe siècle",
        "histoire de l'art au XXe siècle",
        "Le Zèbre",
    ]


def test_the_latest_year_can_come_first():
    years_of_books(ancien=1850, recent=2024, sans=None, antique=-50, an_un=0)

    assert found("", sort=Sort.YEAR) == ["recent", "ancien", "an_un", "antique", "sans"]


def test_the_most_borrowed_can_come_first():
    write(
        a_record("Jamais", rank=0),
        a_record("Souvent", rank=186),
        a_record("Inconnu"),
        a_record("Énormément", rank=10**9),
        a_record("Parfois", rank=8),
    )

    ranked = ["Énormément", "Souvent", "Parfois", "Jamais", "Inconnu"]
    assert found("", sort=Sort.BORROWED) == ranked


@pytest.mark.parametrize("sort", [Sort.YEAR, Sort.BORROWED, Sort.NEWEST, Sort.TITLE])
@pytest.mark.parametrize(
    "same", [{}, {"year": 2020, "rank": 3, "date": date(2026, 1, 1)}], ids=["unknown", "the same"]
)
def test_ties_are_by_title(sort, same):
    titles = ["Zoo", "Arbre", "Été", "le chat", "Chat"]
    write(*(a_record(title, **same) for title in titles))

    assert found("lire OR", sort=sort) == []
    assert found("", sort=sort) == ["Arbre", "Chat", "Été", "le chat", "Zoo"]


@pytest.mark.parametrize("sort", Sort)
def test_pages_in_any_order_hold_every_hit_once(sort):
    write(*(a_record("Lille", key=str(n), year=2020, rank=1) for n in range(25)))

    pages = [found("lille", sort=sort, offset=offset) for offset in (0, 10, 20)]

    assert sorted(key for page in pages for key in page) == sorted(map(str, range(25)))
    assert [found("lille", sort=sort, offset=offset) for offset in (0, 10, 20)] == pages


# Facets


def of(creator, **fields):
    return a_record(fields.pop("title", creator), facets={"creator": (creator,)}, **fields)


def test_so_many_values_of_a_facet_are_counted_as_asked():
    write(*(of(f"Auteur {n}", key=str(n)) for n in range(60)), of("Auteur 7", key="again"))

    def counted(**sizes):
        return find("", facets=("creator", "kind"), facet_sizes=sizes).facets

    assert len(counted()["creator"]) == 50
    assert counted(creator=1)["creator"] == (FacetCount("Auteur 7", 2),)
    assert len(counted(creator=1_000)["creator"]) == 60
    assert counted(creator=1)["kind"] == (FacetCount("record", 61),)


@pytest.mark.parametrize("size", [0, -1, 1_001])
def test_too_many_values_are_refused(size):
    with pytest.raises(search.SearchError):
        search.Query("", facet_sizes={"creator": size})


def test_counts_follow_the_index():
    write(of("Zola", key="1"))
    assert find("", facets=("creator",)).facets["creator"] == (FacetCount("Zola", 1),)

    write(of("Zola", key="2"), of("Sand", key="1"))

    results = find("", facets=("creator",))
    assert results.total == 2
    assert results.facets["creator"] == (FacetCount("Sand", 1), FacetCount("Zola", 1))


CREATORS = ("Hugo, Victor", "Hugo, Adèle", "Hugot, Jean", "Segalen, Victor", "Œuvre, L’")


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("hug", {"Hugo, Victor", "Hugo, Adèle", "Hugot, Jean"}),
        ("HUGO ", {"Hugo, Victor", "Hugo, Adèle", "Hugot, Jean"}),
        ("hugo v", {"Hugo, Victor"}),
        ("victor", {"Hugo, Victor", "Segalen, Victor"}),
        ("Victor Hug", {"Hugo, Victor"}),
        ("adele", {"Hugo, Adèle"}),
        ("oeuv", {"Œuvre, L’"}),
        ("zola", set()),
        ("", set(CREATORS)),
    ],
)
def test_more_values_of_a_facet_are_found_by_their_beginning(beginning, expected):
    write(*map(of, CREATORS))

    query = search.Query("", {"creator": ("Hugo, Victor",)})
    values = search.index().facet_values(query, "creator", beginning=beginning)

    assert {value.value for value in values} == expected


def test_more_values_are_those_of_what_is_found():
    write(
        of("Hugo, Victor", title="Les misérables"),
        of("Hugo, Victor", title="Les contemplations"),
        of("Hugo, Adèle", title="Journal"),
        a_record("Les misères", facets={"subject": ("Hugo, Victor",)}),
    )

    def values(text, beginning="hugo", **options):
        query = search.Query(text, **options)
        return search.index().facet_values(query, "creator", beginning=beginning)

    assert values("les") == (FacetCount("Hugo, Victor", 2),)
    assert values("miserables") == (FacetCount("Hugo, Victor", 1),)
    assert values("", beginning="") == (FacetCount("Hugo, Victor", 2), FacetCount("Hugo, Adèle", 1))
    assert len(search.index().facet_values(search.Query(), "creator", limit=1)) == 1
    assert values("?!") == ()


# Suggestions of terms


def test_creators_and_subjects_are_suggested_the_most_frequent_first():
    write(
        of("Hugo, Victor", key="1"),
        of("Hugo, Victor", key="2"),
        of("Hugot, Jean", key="3"),
        a_record("Une vie", facets={"subject": ("Hugo, Victor (1802-1885)",), "class": ("Hugo",)}),
    )

    assert search.index().suggest_terms("hug") == (
        Suggestion("creator", "Hugo, Victor", 2),
        Suggestion("subject", "Hugo, Victor (1802-1885)", 1),
        Suggestion("creator", "Hugot, Jean", 1),
    )
    assert search.index().suggest_terms("victor hug", limit=1) == (
        Suggestion("creator", "Hugo, Victor", 2),
    )
    assert [s.kind for s in search.index().suggest_terms("hug", facets=("class",))] == ["class"]


@pytest.mark.parametrize("typed", ["", "h", "?", "%", "_", "'", "\\", "hugo%"])
def test_too_little_suggests_nothing_more_than_it_says(typed):
    write(of("Hugo, Victor"))

    suggested = search.index().suggest_terms(typed)
    assert len(suggested) == (1 if "hugo" in typed else 0)


def test_terms_that_no_document_has_any_more_are_not_suggested():
    write(of("Hugo, Victor", key="1"))
    write(of("Zola, Émile", key="1"))

    assert search.index().suggest_terms("hugo") == ()


@pytest.mark.usefixtures("articles")
def test_terms_do_without_an_index():
    assert search.index().suggest_terms("hugo") == ()


# Did you mean


def test_a_rare_spelling_suggests_a_much_more_frequent_one():
    write(
        a_record("L’économie sociale", key="0"),
        a_record("L’econnomie, erreur", key="bad"),
        *(a_record("L’économie sociale", key=str(n)) for n in range(1, 30)),
    )

    results = find("l'econnomie")

    assert [hit.document.key for hit in results.hits] == ["bad"]
    assert (results.corrected, results.suggestion) == ("", "l'économie")


def test_a_word_that_is_rare_but_right_is_left_alone():
    write(
        a_record("Le port de Dunkerque"),
        *(a_record("La porte", key=str(n)) for n in range(5)),
        *(a_record(f"La carpe {n}", key=f"c{n}") for n in range(20)),
        a_record("Une harpe"),
    )

    assert find("dunkerque").suggestion == ""
    assert find("port").suggestion == ""  # five are not ten times more


# Writing much


def test_much_is_written_by_parts():
    with search.index().writing_many(commit_every=2) as bulk:
        for n in range(3):
            bulk.write(a_document(f"Une histoire {n}"))
        assert len(found("histoire")) == 2
        bulk.write(a_document("Autre titre", key="Une histoire 0"))
        bulk.remove(("article", "Une histoire 1"))
        bulk.remove(("article", "never there"))

    assert set(found("")) == {"Une histoire 0", "Une histoire 2"}
    assert found("autre titre") == ["Une histoire 0"]


def test_only_one_writes_much_at_a_time():
    with search.index().writing_many() as bulk:
        bulk.write(a_document("Une histoire"))
        bulk.commit()
        assert found("histoire") == ["Une histoire"]
        bulk.remove(("article", "Une histoire"))

    assert found("histoire") == []


def test_writing_much_that_fails_keeps_what_was_shown():
    def write_and_fail():
        with search.index().writing_many(commit_every=2) as bulk:
            for n in range(3):
                bulk.write(a_document(f"Une histoire {n}"))
            raise OSError("the file went away")

    with pytest.raises(OSError, match="went away"):
        write_and_fail()

    assert len(found("histoire")) == 2
    write(a_document("Une fin"))
    assert found("fin") == ["Une fin"]


def test_another_process_may_prepare_the_documents():
    document = a_record(
        "Germinal",
        authors=("Zola, Émile",),
        body="Un roman.",
        keywords=("Mine",),
        numbers=(GERMINAL,),
        year=1885,
        rank=0,
        filing="germinal",
        date=date(2026, 1, 31),
        facets={"creator": ("Zola, Émile",)},
    )
    prepare = pickle.loads(pickle.dumps(search.index().prepare))
    prepared = pickle.loads(pickle.dumps(prepare(document)))
    search.index().write([prepared])

    assert [hit.document for hit in find("germinal").hits] == [document]


def test_a_document_said_to_be_new_is_written_once():
    with search.index().writing_many() as bulk:
        bulk.write(a_document("Une histoire"), is_new=True)

    write(a_document("Une histoire", body="Revue et augmentée."))

    assert [hit.document.body for hit in find("histoire").hits] == ["Revue et augmentée."]


# French


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Œuvres complètes", "oeuvre complete"),
        ("OEUVRES COMPLÈTES", "œuvres complètes"),
        ("Le cœur et la sœur", "coeur soeur"),
        ("Ex æquo", "ex aequo"),
        ("L'été", "lʼété"),
        ("L’été", "L‘été"),
        ("L´été", "été"),
        ("L`été", "été"),
        ("C’est-à-dire", "c'est-à-dire"),
        ("c'est à dire", "c’est-à-dire"),
        ("Hauts-de-France", "Hauts‑de‑France"),
        ("Hauts–de–France", "hauts-de-france"),
        ("Rendez-vous", "rendez vous"),
        ("Presqu'île", "presqu’île"),
        ("Presqu’île", "île"),
        ("Quelqu’un d’autre", "quelqu'un"),
        ("20 000 lieues", "20 000 lieues"),
        ("20\u202f000 lieues", "20 000 lieues"),
        ("Le n° 5", "n°5"),
        ("XXᵉ siècle", "xxe siecle"),
        ("L'an 2000", "an 2000"),
        ("Chevaux et oiseaux", "cheval oiseau"),
        ("Les yeux", "yeux"),
        ("GARÇON", "garcon"),
        ("Noe\u0308l", "noël"),
        ("S’il te plaît", "plait"),
    ],
)
def test_french_is_found_however_it_is_typed(title, typed):
    write(a_record(title, key="it"), a_record("Autre chose"))

    assert found(typed) == ["it"]


def test_a_value_without_end_is_counted_all_the_same():
    write(a_record("Énergie", facets={"publisher": ("x" * 70_000,)}))

    counted = find("énergie", facets=("publisher",)).facets["publisher"]
    assert [(len(one.value), one.count) for one in counted] == [(1_000, 1)]
