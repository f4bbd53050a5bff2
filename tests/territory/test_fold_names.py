"""Two ways of writing one place name fold to the same words; two places do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from essor.territory.rules import fold, folded_aliases, is_code, tidy_code
from essor.territory.types import Kind


@pytest.mark.parametrize(
    ("typed", "official"),
    [
        ("lille", "Lille"),
        ("St Andre lez Lille", "Saint-André-lez-Lille"),
        ("SAINT ANDRÉ LÈS LILLE", "Saint-André-lez-Lille"),
        ("ste genevieve", "Sainte-Geneviève"),
        ("villeneuve d ascq", "Villeneuve-d'Ascq"),
        ("Villeneuve d’Ascq", "Villeneuve-d'Ascq"),
        ("marcq en baroeul", "Marcq-en-Barœul"),
        ("Neuville s/ Sarthe", "Neuville-sur-Sarthe"),
        ("neuville s/sarthe", "Neuville-sur-Sarthe"),
        ("la madeleine", "La Madeleine"),
        ("madeleine", "La Madeleine"),
        ("abergement clemenciat", "L'Abergement-Clémenciat"),
        ("haÿ les roses", "L'Haÿ-les-Roses"),
        ("paris 1", "Paris 1er Arrondissement"),
        ("Paris 13ème arr.", "Paris 13e Arrondissement"),
        ("communauté d'agglomération de Cambrai", "CA de Cambrai"),
        ("ile de france", "Île-de-France"),
    ],
)
def test_a_typed_name_folds_like_the_official_one(typed, official):
    assert fold(typed) == fold(official) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prades-le-Lez", "Prades"),
        ("Lys-lez-Lannoy", "Lannoy"),
        ("Saint-Omer", "Omer"),
        ("Paris 1er Arrondissement", "Paris 11e Arrondissement"),
        ("Neuville-sur-Sarthe", "Neuville-Sarthe"),
    ],
)
def test_two_places_stay_two(one, other):
    assert fold(one) != fold(other)


def test_a_name_that_is_only_an_article_stays():
    assert fold("Y") == "y"
    assert fold("Le") == "le"


@pytest.mark.parametrize("text", ["", "  ", "-'’", "…"])
def test_a_text_without_a_word_folds_to_nothing(text):
    assert fold(text) == ""


def test_an_epci_is_also_called_without_its_legal_nature():
    assert folded_aliases(Kind.EPCI, "CC du Pays de Mormal") == {"pays mormal"}
    assert folded_aliases(Kind.EPCI, "Métropole Européenne de Lille") == frozenset()
    assert folded_aliases(Kind.COMMUNE, "CA") == frozenset()


def test_codes_are_read_with_blanks_and_in_lower_case():
    assert tidy_code("200 093 201") == "200093201"
    assert tidy_code("2a004") == "2A004"
    assert is_code("59")
    assert is_code("2a004")
    for text in ("lille", "5", "", "1234567890", "59 rue", "é9"):
        assert not is_code(text)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


french = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéèàçôœæŒÉ -'’", max_size=40)


@given(french)
def test_case_and_separators_never_matter(name):
    assert fold(name.upper()) == fold(name)
    assert fold(name.replace("-", " ").replace("'", "’")) == fold(name)


@given(st.text())
def test_folded_names_are_plain_words_with_one_space_between(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.isalnum() or not word.isascii() for word in folded.split())
