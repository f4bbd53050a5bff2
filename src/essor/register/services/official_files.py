"""Keep the monthly files of SIRENE on the disk: brought by `essor.fetching`, checked before they are kept.

The publisher gives no checksum of files of this size, so what tells a sound file is its length, its
form and its columns; a checksum that an administrator knows otherwise is verified too.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from essor.fetching import Client, Downloaded, DownloadLimits, Wanted, download
from essor.fetching.downloads import Progress
from essor.register.build.official_files import (
    ESTABLISHMENTS,
    LEGAL_UNITS,
    Published,
    opened,
)

BASE = "https://object.files.data.gouv.fr/data-pipeline-open/siren/stock/"
PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """One of the two files that the register is built from: its name there, and what it must hold."""

    key: str
    name: str
    published: Published


FILES = (
    OfficialFile("legal-units", "StockUniteLegale_utf8.parquet", LEGAL_UNITS),
    OfficialFile("establishments", "StockEtablissement_utf8.parquet", ESTABLISHMENTS),
)


def fetch_official_file(
    file: OfficialFile,
    folder: Path,
    *,
    base: str,
    client: Client,
    now: datetime,
    on_progress: Progress,
    sha256: str = "",
    limits: DownloadLimits | None = None,
) -> Downloaded:
    """Bring the latest edition into the folder, unless it is there.

    The file of before stays until the new one is whole and has the columns that the register needs.
    Raises FetchError, or RegisterError when what came is no such file.
    """
    return download(
        Wanted(f"{base.rstrip('/')}/{file.name}", folder / file.name, PARQUET, sha256),
        client=client,
        now=now,
        check=lambda path: _check(path, file.published),
        on_progress=on_progress,
        limits=limits,
    )


def _check(path: Path, published: Published) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        opened(path, published, Path(work))
