"""A file that is missing, wrong, damaged or cut short: a clear refusal, and what was built before untouched."""

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from essor.register.build import official_files
from essor.register.build.building import Inputs, build
from essor.register.build.built import read_build
from essor.register.build.perimeter import read_perimeter
from essor.register.rules import area_of
from essor.register.types import RegisterError
from tests.register.build_fixtures import built_from, statuses
from tests.register.stock_files import head_office, unit, write_csv, write_parquet

ROOT = Path(__file__).parents[2]
UNITS = [unit(f"3000{n:05}", flag="O") for n in range(400)]
PLACES = [head_office(one["siren"]) for one in UNITS]


@pytest.fixture
def files(tmp_path):
    """Two sound files, and what was built from them before."""
    built_from(tmp_path, UNITS[:1])
    return {
        "units": write_csv(tmp_path / "StockUniteLegale.csv", UNITS),
        "places": write_csv(tmp_path / "StockEtablissement.csv", PLACES),
        "output": tmp_path / "built",
    }


def build_again(files, **changed):
    given = files | changed
    return build(
        Inputs(given["units"], given["places"], area_of("france"), read_perimeter()),
        given["output"],
    )


def assert_untouched(files):
    assert set(statuses(read_build(files["output"]))) == {"300000000"}
    assert [one.name for one in files["output"].parent.iterdir() if one.name.startswith(".")] == []


def test_a_missing_file_is_refused(files, tmp_path):
    with pytest.raises(RegisterError, match="cannot be read"):
        build_again(files, units=tmp_path / "absent.parquet")

    assert_untouched(files)


def test_the_wrong_file_is_refused_with_the_names_of_what_it_lacks(files):
    with pytest.raises(RegisterError, match="etatAdministratifUniteLegale"):
        build_again(files, units=files["places"])

    assert_untouched(files)


def test_a_table_cut_short_is_refused(files):
    content = files["places"].read_bytes()
    files["places"].write_bytes(content[: len(content) // 2].rstrip(b"\n") + b"\n0012")

    with pytest.raises(RegisterError, match="cut short"):
        build_again(files)

    assert_untouched(files)


@pytest.mark.parametrize("kept", [0.5, 0.98])
def test_a_parquet_cut_short_is_refused(files, tmp_path, kept):
    path = write_parquet(tmp_path / "u.parquet", UNITS)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])

    with pytest.raises(RegisterError, match="cut short"):
        build_again(files, units=path)

    assert_untouched(files)


def test_a_parquet_damaged_inside_is_refused(files, tmp_path):
    path = write_parquet(tmp_path / "u.parquet", UNITS)
    content = bytearray(path.read_bytes())
    content[4:400] = b"\xff" * 396
    path.write_bytes(bytes(content))

    with pytest.raises(RegisterError):
        build_again(files, units=path)

    assert_untouched(files)


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n\0\0\0", "catégorie\n".encode("latin-1"), b"<html></html>"]
)
def test_what_is_no_table_is_refused(files, tmp_path, content):
    path = tmp_path / "strange.csv"
    path.write_bytes(content)

    with pytest.raises(RegisterError):
        build_again(files, units=path)

    assert_untouched(files)


def test_a_zip_of_one_table_is_read_and_a_damaged_one_refused(files, tmp_path):
    path = tmp_path / "StockUniteLegale_utf8.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(files["units"], "StockUniteLegale_utf8.csv")
    content = path.read_bytes()
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content[:500] + b"\0" * 40 + content[540:])

    with pytest.raises(RegisterError, match="damaged"):
        build_again(files, units=damaged)
    assert_untouched(files)

    assert build_again(files, units=path).manifest.steps["units"] == len(UNITS)


def test_a_zip_of_several_files_is_refused(files, tmp_path):
    path = tmp_path / "several.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "siren\n")
        archive.writestr("b.csv", "siren\n")

    with pytest.raises(RegisterError, match="exactly one"):
        build_again(files, units=path)

    assert_untouched(files)


def test_a_zip_that_is_locked_is_refused(files, tmp_path):
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "siren\n")
    content = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1  # encrypted
    path.write_bytes(content)

    with pytest.raises(RegisterError, match="damaged"):
        build_again(files, units=path)

    assert_untouched(files)


def test_a_zip_that_would_fill_the_disk_is_refused_before_it_unfolds(files, tmp_path, monkeypatch):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "a" * 1_000_000)
    free = official_files.ROOM_LEFT + 999_999
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(official_files.shutil, "disk_usage", lambda _folder: usage)

    with pytest.raises(RegisterError, match="does not fit"):
        build_again(files, units=path)

    assert_untouched(files)


def test_a_zip_that_holds_more_than_it_says_is_refused(files, tmp_path):
    path = tmp_path / "liar.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "a" * 1_000_000)
    content = bytearray(path.read_bytes())
    stated = content.index(b"PK\x01\x02") + 24
    content[stated : stated + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)

    with pytest.raises(RegisterError, match="damaged"):
        build_again(files, units=path)

    assert_untouched(files)


def test_a_line_that_is_not_whole_is_left_out_and_said(files):
    lines = files["units"].read_text(encoding="utf-8").split("\n")
    lines.insert(5, "300000999,O")
    files["units"].write_text("\n".join(lines), encoding="utf-8")

    manifest = build_again(files).manifest

    assert manifest.set_aside["units.unreadable"] == 1
    assert manifest.steps["received_units"] == len(UNITS) + 1
    assert "StockUniteLegale.csv:6" in [problem.where for problem in manifest.problems]


def test_an_unknown_area_is_refused(files):
    with pytest.raises(RegisterError, match="No territory"):
        build(
            Inputs(files["units"], files["places"], area_of("epci:999999999"), read_perimeter()),
            files["output"],
        )

    assert_untouched(files)


def test_killed_in_the_middle_it_leaves_the_former_build_and_the_next_one_completes(files):
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from essor.register.build.building import Inputs, build\n"
        "from essor.register.build.perimeter import read_perimeter\n"
        "from essor.register.rules import area_of\n"
        "units, places, output = map(Path, sys.argv[1:])\n"
        "def say(step, rows):\n"
        "    if step == 'units':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "build(Inputs(units, places, area_of('france'), read_perimeter()), output, say=say)\n"
    )
    arguments = [str(files[name]) for name in ("units", "places", "output")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}

    ended = subprocess.run([sys.executable, "-c", program, *arguments], env=environment)

    assert ended.returncode == -signal.SIGKILL
    assert (files["output"].parent / ".built.building").exists()
    assert set(statuses(read_build(files["output"]))) == {"300000000"}
    assert build_again(files).manifest.steps["units"] == len(UNITS)
    assert not (files["output"].parent / ".built.building").exists()


def test_two_builds_of_the_same_folder_do_not_mix(files):
    seen = []

    def second(step, _rows):
        if not seen:
            seen.append(step)
            with pytest.raises(RegisterError, match="Another build"):
                build_again(files)

    build(
        Inputs(files["units"], files["places"], area_of("france"), read_perimeter()),
        files["output"],
        say=second,
    )

    assert len(statuses(read_build(files["output"]))) == len(UNITS)
