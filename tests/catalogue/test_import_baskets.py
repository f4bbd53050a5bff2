"""Baskets from lists, and in which order."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from essor.catalogue.models import Basket
from essor.catalogue.queries import records_in_basket
from essor.catalogue.services import add_to_basket, create_basket, import_basket
from tests.catalogue.builders import RecordFactory, SourceFactory, a_basket_of

pytestmark = pytest.mark.django_db


def a_record(number, isbn="", **fields):
    record = RecordFactory(control_number=number, **fields)
    if isbn:
        record.identifiers.create(kind="isbn", value=isbn, is_valid=True)
    return record


def numbers_in(slug):
    basket = Basket.objects.get(slug=slug)
    return [record.control_number for record in records_in_basket(basket)]


def test_a_list_of_numbers_and_isbns_fills_a_basket_in_its_order():
    a_record("7")
    a_record("3", "9782070624560")
    a_record("5", "9782702810224")

    done = import_basket("Numéro;Titre\n5;x\n978-2-07-062456-0;y\n\n7;z\n".encode(), name="À lire")

    assert (done.added, done.held, done.problems) == (3, 0, ())
    assert numbers_in("a-lire") == ["5", "3", "7"]


def test_an_isbn_is_found_in_ten_digits_too():
    a_record("5", "9782702810224")

    assert import_basket(b"2-7028-1022-5\n", name="B").added == 1


def test_a_control_number_comes_before_an_isbn():
    a_record("2702810225")
    a_record("5", "9782702810224")
    import_basket(b"2702810225\n", name="B")

    assert numbers_in("b") == ["2702810225"]


def test_the_same_list_twice_is_once_and_keeps_what_was_edited():
    a_record("1")
    a_record("2")
    extra = a_record("3")
    import_basket(b"2\n1\n", name="B")
    add_to_basket(Basket.objects.get(), [extra])

    done = import_basket(b"2\n1\n", name="B")

    assert (done.added, done.held) == (0, 2)
    assert numbers_in("b") == ["2", "1", "3"]


def test_what_is_not_found_is_said_with_its_line():
    a_record("1")
    done = import_basket(b"1\nnowhere\n" + b"x" * 300 + b"\n", name="B")

    assert done.added == 1
    assert sorted(problem.where for problem in done.problems) == ["2", "3"]


def test_a_number_of_several_sources_is_said_and_the_list_may_name_one():
    a_record("1", title="Ancien")
    a_record("1", title="Autre", source=SourceFactory(code="autre"))

    assert len(import_basket(b"1\n", name="B").problems) == 1
    assert import_basket(b"1\n", name="C", source_code="autre").problems == ()
    assert records_in_basket(Basket.objects.get(slug="c")).get().title == "Autre"


def test_a_record_stands_once_in_a_basket():
    record = a_record("1")
    basket = create_basket("B")

    assert add_to_basket(basket, [record, record]) == 1
    assert add_to_basket(basket, [record]) == 0


def test_a_basket_is_private_unless_said_and_has_a_name():
    assert create_basket("Mes lectures").is_public is False
    with pytest.raises(ValidationError):
        create_basket("  ")
    with pytest.raises(ValidationError):
        create_basket("Mes lectures")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        ("é".encode("latin-1"), "UTF-8"),
        (b"1\x00", "texte"),
        (b"1\n" * 600_000, "mégaoctet"),
        (b"1," + b"y" * 200_000, "tableau"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_clear_words(tmp_path, content, said):
    path = tmp_path / "liste.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=said):
        call_command("import_basket", str(path), "--name", "B")
    assert not Basket.objects.exists()


def test_a_missing_list_is_said(tmp_path):
    with pytest.raises(CommandError, match="illisible"):
        call_command("import_basket", str(tmp_path / "nowhere.csv"), "--name", "B")


def test_the_command_makes_a_public_basket_and_reports(tmp_path, capsys):
    a_record("1")
    path = tmp_path / "liste.csv"
    path.write_text("1\nnulle-part\n")
    call_command("import_basket", str(path), "--name", "Économie", "--public")

    assert Basket.objects.get(slug="economie").is_public
    report = capsys.readouterr().out
    assert "1 notice ajoutée" in report
    assert "ligne 2" in report


def test_the_records_of_a_basket_cost_one_query(django_assert_num_queries):
    for size in (2, 20):
        basket = a_basket_of(size)
        with django_assert_num_queries(1):
            assert len([record.identity for record in records_in_basket(basket)]) == size
