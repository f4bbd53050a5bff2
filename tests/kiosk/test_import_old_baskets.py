"""Baskets of the founding portal taken over from a table, under the numbers that snippets name."""

import pytest
from django.core.management import CommandError, call_command

from essor.catalogue.models import Basket, Record, SavedSearch
from essor.catalogue.queries import records_in_basket
from essor.kiosk import services
from essor.kiosk.importers.old_baskets import OldBasket, old_baskets
from essor.kiosk.models import OldNumber
from essor.problems import Problem

from .builders import a_basket, a_record

A_LINE_EACH = 'numero;titre;notices\n37;Économie sociale;"1 2;3"\n40;Jardins;2|3\n'
A_LINE_FOR_EACH_RECORD = """Number,Title,Record
37,Économie sociale,1
40,Jardins,2
37,Économie sociale,2
37,,3
40,,3
"""


def read(text):
    content = text.encode() if isinstance(text, str) else text
    read = list(old_baskets(content))
    baskets = [one for one in read if isinstance(one, OldBasket)]
    return baskets, [one for one in read if isinstance(one, Problem)]


# The table


@pytest.mark.parametrize(
    "table",
    [
        A_LINE_EACH,
        A_LINE_FOR_EACH_RECORD,
        "\ufeff" + A_LINE_EACH,
        A_LINE_EACH.encode("cp1252"),
        A_LINE_EACH.replace("\n", "\r\n"),
        "NOTICES\tid_panier\tLibellé\n1 2 3\t37\tÉconomie sociale\n2,3\t40\tJardins\n",
        "numero;titre;notices\n37;Économie sociale;1;2;3\n40;Jardins;2;3\n",
    ],
    ids=["one", "many", "mark", "cp1252", "crlf", "tabs", "unquoted"],
)
def test_both_shapes_any_order_and_any_separator_say_the_same(table):
    baskets, _problems = read(table)
    assert [(one.number, one.title) for one in baskets] == [
        (37, "Économie sociale"),
        (40, "Jardins"),
    ]
    assert [[wanted.number for wanted in one.wanted] for one in baskets] == [
        ["1", "2", "3"],
        ["2", "3"],
    ]


def test_an_isbn_may_be_written_with_spaces():
    baskets, _problems = read("numero;titre;notices\n1;A;978 2 07 062456 0\n2;B;12345 67890\n")
    assert [wanted.number for wanted in baskets[0].wanted] == ["9782070624560"]
    assert [wanted.number for wanted in baskets[1].wanted] == ["12345", "67890"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";A;1", "number of the basket"),
        ("0;A;1", "number of the basket"),
        ("x37;A;1", "number of the basket"),
        (f"{2**31};A;1", "number of the basket"),
        ("5", "as many columns"),
        (f"5;A;{'9' * 101}", "no control number"),
        ('5;"A;1\n6;B;2', "quotation mark"),
    ],
)
def test_a_bad_line_is_said_and_the_others_are_taken(line, said):
    baskets, problems = read(f"numero;titre;notices\n3;Avant;1\n{line}\n")
    assert baskets[0].number == 3
    assert [said in problem.what for problem in problems] == [True]


def test_another_title_for_the_same_number_is_said():
    baskets, problems = read("numero;titre;notices\n3;Un;1\n3;Deux;2\n")
    assert [one.title for one in baskets] == ["Un"]
    assert problems[0].where == "3"


# The command


def imported(tmp_path, capsys, table, *options):
    path = tmp_path / "paniers.csv"
    path.write_bytes(table.encode() if isinstance(table, str) else table)
    call_command("import_old_baskets", str(path), *options)
    return capsys.readouterr().out.replace("\u00a0", " ").replace("\u202f", " ")


def held(number):
    basket = OldNumber.objects.get(kind=OldNumber.BASKET, number=number).basket
    return [record.control_number for record in records_in_basket(basket)]


@pytest.mark.django_db
def test_baskets_are_made_public_under_their_numbers_in_their_order(tmp_path, capsys):
    for number in (3, 1, 2):
        a_record(number)
    report = imported(tmp_path, capsys, A_LINE_EACH)
    assert (held(37), held(40)) == (["1", "2", "3"], ["2", "3"])
    assert list(Basket.objects.order_by("pk").values_list("name", "is_public", "owner")) == [
        ("Économie sociale", True, None),
        ("Jardins", True, None),
    ]
    assert "Paniers créés : 2" in report
    assert "Notices ajoutées : 5" in report
    assert "publics" in report


@pytest.mark.django_db
@pytest.mark.parametrize("table", [A_LINE_EACH, A_LINE_FOR_EACH_RECORD])
def test_the_same_table_twice_is_once(tmp_path, capsys, table):
    for number in (1, 2, 3):
        a_record(number)
    imported(tmp_path, capsys, table)
    before = list(Basket.objects.values()), list(Record.objects.values("pk", "changed_at"))
    report = imported(tmp_path, capsys, table)
    assert (
        list(Basket.objects.values()),
        list(Record.objects.values("pk", "changed_at")),
    ) == before
    assert OldNumber.objects.count() == 2
    for line in ("créés : 0", "complétés : 0", "inchangés : 2", "ajoutées : 0", "Problèmes : 0"):
        assert line in report


@pytest.mark.django_db
def test_a_basket_that_is_there_is_completed_and_keeps_its_name_and_its_readers(tmp_path, capsys):
    first = a_record(1)
    a_record(2)
    basket = a_basket([first], is_public=False)
    OldNumber.objects.create(number=37, basket=basket)
    report = imported(tmp_path, capsys, "numero;titre;notices\n37;Autre nom;2 1\n")
    basket.refresh_from_db()
    assert held(37) == ["1", "2"]
    assert (basket.name, basket.is_public) == ("Économie sociale", False)
    assert "Paniers complétés : 1" in report
    assert "Paniers privés, dont les extraits" in report


@pytest.mark.django_db
def test_new_baskets_may_be_private(tmp_path, capsys):
    imported(tmp_path, capsys, "numero;titre;notices\n37;A;\n", "--private")
    assert not Basket.objects.get().is_public


@pytest.mark.django_db
def test_names_that_meet_and_names_that_miss(tmp_path, capsys):
    a_basket([], slug="jardins")
    imported(tmp_path, capsys, "numero;titre;notices\n1;Jardins;\n2;Jardins;\n3;;\n")
    assert list(Basket.objects.order_by("pk").values_list("slug", flat=True)[1:]) == [
        "jardins-2",
        "jardins-3",
        "ancien-panier-3",
    ]


@pytest.mark.django_db
def test_what_is_not_found_is_said_with_its_line_and_the_rest_is_taken(tmp_path, capsys):
    a_record(1)
    report = imported(tmp_path, capsys, "numero;titre;notices\n37;A;1 inconnu\nx;B;1\n")
    assert held(37) == ["1"]
    assert "ligne 2, inconnu" in report
    assert "ligne 3" in report
    assert "Problèmes : 2" in report


@pytest.mark.django_db
def test_a_number_that_stands_for_a_search_is_left_to_it(tmp_path, capsys):
    saved = SavedSearch.objects.create(name="S", slug="s", criteria={"q": "x"})
    OldNumber.objects.create(number=37, saved_search=saved)
    report = imported(tmp_path, capsys, "numero;titre;notices\n37;A;1\n")
    assert OldNumber.objects.get().saved_search == saved
    assert not Basket.objects.exists()
    assert "Problèmes : 1" in report


@pytest.mark.django_db
def test_a_basket_that_fails_leaves_nothing_of_itself_behind(tmp_path, capsys, monkeypatch):
    a_record(1)
    whole = services.add_to_basket

    def interrupted(basket, records):
        whole(basket, records)
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "add_to_basket", interrupted)
    with pytest.raises(KeyboardInterrupt):
        imported(tmp_path, capsys, "numero;titre;notices\n36;Vide;\n37;A;1\n")
    assert list(Basket.objects.values_list("name", flat=True)) == ["Vide"]
    assert list(OldNumber.objects.values_list("number", flat=True)) == [36]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "colonnes"),
        (b"37;A;1\n", "colonnes"),
        (b"numero;titre;notices\n1;\x00;2", "tableau"),
        (b"numero;titre;notices\n1;A;" + b"1 " * 100_000, "tableau"),
        (b"numero;titre;notices\n" + b"1;A;1\n" * 2_000_000, "mégaoctets"),
        (b"numero;titre;notices\n1;\x81;2", "tableau"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_clear_words(tmp_path, capsys, content, said):
    with pytest.raises(CommandError, match=said):
        imported(tmp_path, capsys, content)
    assert not Basket.objects.exists()


@pytest.mark.django_db
def test_an_unknown_source_and_a_missing_file_are_said(tmp_path, capsys):
    with pytest.raises(CommandError, match="ailleurs"):
        imported(tmp_path, capsys, A_LINE_EACH, "--source", "ailleurs")
    with pytest.raises(CommandError, match="illisible"):
        call_command("import_old_baskets", str(tmp_path / "nulle-part.csv"))


@pytest.mark.django_db
def test_the_source_decides_between_records_of_one_number(tmp_path, capsys):
    a_record(1)
    assert "Problèmes : 0" in imported(
        tmp_path, capsys, "numero;titre;notices\n37;A;1\n", "--source", "essai"
    )
