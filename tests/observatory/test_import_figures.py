"""Published figures are stored as their sources state them; twice is once, and a bad line is said."""

import contextlib
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from essor.observatory.importers.published_figures import PACKAGED, read_figures
from essor.observatory.models import PublishedFigure
from essor.observatory.types import FigureFileError, Measure, PlacedRow, Qualifier, Unit
from essor.problems import Problem
from tests.territory.factories import TerritoryFactory
from tests.territory.reference import store_some

DATA = Path(__file__).parents[1] / "data" / "observatory"
SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "ess" / "chiffres-publies.csv"
MEL = "200093201"
COLUMNS = "territoire,date,mesure,famille,valeur,precision,source,adresse"


def import_files(*files):
    out, err = StringIO(), StringIO()
    call_command("import_published_figures", *files, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def territories(db):
    store_some(MEL)


def figures(**conditions):
    return PublishedFigure.objects.filter(**conditions)


def test_a_file_of_figures_is_stored(territories):
    out, err = import_files(DATA / "figures.csv")
    assert err == ""
    assert "figures.csv : 5 chiffres ajoutés" in out.replace("\u00a0", " ")
    mel = figures(territory__code=MEL, measure=Measure.EMPLOYEES).get()
    assert (mel.value, mel.year, mel.vintage, mel.source) == (60878, 2026, "Panorama 2026", "MEL")
    assert mel.note == "10,5 % des emplois"
    share = figures(measure=Measure.SHARE_OF_EMPLOYMENT).get()
    assert (share.value, share.unit) == (Decimal("0.096"), Unit.SHARE)
    assert figures(unit=Unit.JOBS).get().value == 210_800
    assert figures(qualifier=Qualifier.ROUNDED).get().value == 15_900


def test_a_former_region_is_its_successor_and_keeps_its_published_name(territories):
    import_files(DATA / "figures.csv")
    figure = figures(year=2013).get()
    assert figure.territory.name == "Hauts-de-France"
    assert figure.territory_as_published == "Nord-Pas-de-Calais-Picardie (Hauts-de-France)"
    assert figures(territory__code=MEL, territory_as_published="").count() == 2


def test_a_second_import_changes_nothing(territories):
    import_files(DATA / "figures.csv")
    before = list(figures().order_by("pk").values())
    out, _err = import_files(DATA / "figures.csv")
    assert "0 chiffres ajoutés, 0 modifiés, 5 inchangés" in out
    assert list(figures().order_by("pk").values()) == before


def test_the_same_figures_in_another_form_of_the_file_are_the_same_figures(territories):
    import_files(DATA / "figures.csv")
    _out, err = import_files(DATA / "figures_excel.csv")
    assert err == ""
    assert figures().count() == 5


def test_what_staff_corrected_stays_until_the_line_itself_changes(territories, tmp_path):
    import_files(DATA / "figures.csv")
    figures(territory__code=MEL, year=2026).update(perimeter="quatre familles")
    import_files(DATA / "figures.csv")
    assert figures(perimeter="quatre familles").exists()

    corrected = (DATA / "figures.csv").read_text().replace("60878", "60879")
    (tmp_path / "figures.csv").write_text(corrected)
    out, _err = import_files(tmp_path / "figures.csv")
    assert "0 chiffres ajoutés, 1 modifiés, 4 inchangés" in out
    assert figures(territory__code=MEL, year=2026).get().value == 60879


def test_each_faulty_line_is_said_and_the_others_are_stored(territories):
    out, err = import_files(DATA / "figures_faulty.csv")
    said = [line.split(":")[1].split(" ")[0] for line in err.splitlines()]
    assert said == [*map(str, range(3, 16)), "17"]
    assert "Atlantide" in err
    assert "3 chiffres ajoutés" in out
    assert "14 problèmes" in out
    assert figures(year=2026).get().value == 60878


def test_an_address_that_is_none_is_kept_as_words_never_as_a_link(territories):
    import_files(DATA / "figures_faulty.csv")
    figure = figures(year=2020).get()
    assert figure.address == ""
    assert figure.source == "Un panorama (javascript:alert(1))"


def test_nearly_four_thousand_stays_nearly_four_thousand(territories):
    import_files(DATA / "figures_faulty.csv")
    figure = figures(year=2018).get()
    assert (figure.qualifier, figure.low, figure.high) == (Qualifier.NEARLY, None, 4000)
    with translation.override("fr"):
        assert str(figure.shown_value) == "près de 4\u202f000"


def test_a_file_in_another_encoding_is_read_and_said(territories):
    _out, err = import_files(DATA / "figures_windows.csv")
    assert "Windows-1252" in err
    figure = figures().get()
    assert figure.territory.name == "Île-de-France"
    assert (figure.value, figure.family) == (490_400, "cooperative")
    assert figure.source == "Insee – Île-de-France"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"territoire;annee\nMEL;2019\n",
        b"\x00\x01\x02",
        "territoire,date".encode("utf-16"),
        b"%PDF-1.7\n",
        f'{COLUMNS}\nMEL,2019,salaries,,12,"une note,x,\n'.encode(),
        f'{COLUMNS}\nMEL,2019,salaries,,12,"une" note,x,\n'.encode(),
        f"{COLUMNS}\n{'x' * 200_000},,,,,,,\n".encode(),
        b"x" * 6_000_000,
        b"\x81\x8d",
    ],
)
def test_a_file_that_is_no_table_of_figures_is_refused_whole(territories, tmp_path, content):
    (tmp_path / "chiffres.csv").write_bytes(content)
    with pytest.raises(CommandError, match=r"chiffres\.csv.*rien n’a été modifié"):
        import_files(tmp_path / "chiffres.csv")
    assert not figures().exists()


def test_a_file_without_the_columns_is_refused_with_their_names(territories):
    with pytest.raises(CommandError, match="mesure, famille, valeur"):
        import_files(DATA / "figures_without_columns.csv")


@pytest.mark.django_db
def test_a_missing_file_is_named():
    with pytest.raises(CommandError, match=r"nulle-part\.csv"):
        import_files(Path("/nulle-part.csv"))


@pytest.mark.django_db
def test_without_territories_the_command_says_what_to_run_first():
    with pytest.raises(CommandError, match="essor import_territories"):
        import_files(DATA / "figures.csv")


def test_a_figure_refused_by_the_store_is_a_problem_not_a_crash(territories, tmp_path):
    line = f"MEL,2019,salaries,,12,,Panorama,https://{'x' * 300}.fr/"
    (tmp_path / "figures.csv").write_text(f"{COLUMNS}\n{line}\n")
    out, err = import_files(tmp_path / "figures.csv")
    assert "1 problèmes" in out
    assert "figures.csv:2" in err


def test_the_package_brings_what_was_found_and_what_the_founding_page_stated(territories):
    out, err = import_files()
    assert err == ""
    assert "39 chiffres ajoutés" in out
    assert "7 chiffres ajoutés" in out
    stated = figures(as_stated=True)
    assert stated.count() == 7
    assert not stated.filter(provenance="")
    nearly = stated.get(measure=Measure.ESTABLISHMENTS, territory__code=MEL)
    assert (nearly.qualifier, nearly.value) == (Qualifier.NEARLY, 4000)
    again, _err = import_files()
    assert again.count("0 chiffres ajoutés, 0 modifiés") == 2


@pytest.mark.external_data
def test_the_package_carries_the_table_of_published_figures_as_it_is():
    if not SHARED.exists():
        pytest.skip(f"the table of published figures is not here: {SHARED}")
    assert PACKAGED[0].read_bytes() == SHARED.read_bytes()


def test_a_territory_typed_as_people_type_it_is_known(territories, tmp_path):
    TerritoryFactory(code="59512", name="Roubaix")
    (tmp_path / "figures.csv").write_text(f'{COLUMNS}\nROUBAIX,2019,part_pct,,"12,5",,Panorama,\n')
    import_files(tmp_path / "figures.csv")
    assert figures().get().territory.code == "59512"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    with contextlib.suppress(FigureFileError):
        rows = list(read_figures(content, "x.csv"))
        assert all(isinstance(row, PlacedRow | Problem) for row in rows)


@given(st.lists(st.text(alphabet='MEL20193,;"\n% prèsde', max_size=12), min_size=8, max_size=8))
def test_any_line_gives_at_most_one_figure_or_problem(cells):
    content = f"{COLUMNS}\n{','.join(cells)}\n".encode()
    try:
        rows = list(read_figures(content, "x.csv"))
    except FigureFileError:
        return
    assert len(rows) <= content.count(b"\n")
