"""The commands that build the register and compare perimeters, as they are typed."""

import pytest
from django.core.management import CommandError, call_command

from essor.register.build.built import read_build
from essor.register.build.perimeter import CURRENT
from tests.register.stock_files import head_office, unit, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path):
    units = [unit("300000001", flag="O"), unit("300000002", category="6316"), unit("BAD")]
    places = [head_office("300000001"), head_office("300000002")]
    return [
        f"--legal-units={write_csv(tmp_path / 'units.csv', units)}",
        f"--establishments={write_csv(tmp_path / 'establishments.csv', places)}",
    ]


def test_a_register_is_built_in_a_folder_named_after_its_month_and_area(
    files, settings, tmp_path, capsys
):
    settings.HOME = tmp_path / "home"

    call_command("build_register", *files, "--area=epci:200093201")

    built = read_build(tmp_path / "home/register/2026-11-epci-200093201")
    said = capsys.readouterr()
    assert built.manifest.steps["units"] == 2
    assert "2026-11-epci-200093201" in said.out
    assert "BAD" in said.err


def test_what_cannot_be_built_is_refused_in_words(files, tmp_path):
    with pytest.raises(CommandError, match="area"):
        call_command("build_register", *files, "--area=mel", f"--output={tmp_path / 'out'}")
    with pytest.raises(CommandError, match="vintage"):
        call_command("build_register", *files, "--vintage=2026", f"--output={tmp_path / 'out'}")
    with pytest.raises(CommandError, match="none"):
        call_command("build_register", f"--legal-units={tmp_path / 'none'}", files[1])
    assert not (tmp_path / "out").exists()


def test_an_unknown_engine_is_refused(files, settings, tmp_path):
    settings.REGISTER_ENGINE = "hadoop"

    with pytest.raises(CommandError, match="ESSOR_ENGINE=hadoop"):
        call_command("build_register", *files, f"--output={tmp_path / 'out'}")


def test_two_perimeters_are_compared_on_a_build(files, tmp_path, capsys):
    call_command("build_register", *files, f"--output={tmp_path / 'out'}")
    own = tmp_path / "perimeter-own.csv"
    lines = CURRENT.read_text(encoding="utf-8").splitlines(keepends=True)
    own.write_text("".join(line for line in lines if not line.startswith("6316")), encoding="utf-8")
    capsys.readouterr()

    call_command("compare_perimeter", str(tmp_path / "out"))
    unchanged = capsys.readouterr().out
    call_command("compare_perimeter", str(tmp_path / "out"), f"--perimeter={own}")
    changed = capsys.readouterr().out

    assert "300000002" not in unchanged
    assert "300000002" in changed
