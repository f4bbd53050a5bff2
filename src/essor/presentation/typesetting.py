"""Typst, run apart: a process of its own, with a time limit, without network or the reader's words as code.

What is set travels as JSON and arrives in the template as plain strings, never as markup. The
module is also the program of that process: it reads one order on its input, writes the result.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT_S = 10
LONG_TIME_LIMIT_S = 180
"""For a book of some hundred pages, on a machine that has other work."""

ACCESSIBLE = "ua-1"
"""PDF/UA: structure, language and alternatives that screen readers need."""

PAGES = "<pages>"
"""The label under which a template of a PDF tells its number of pages."""


class TypesettingFailed(Exception):
    """The template could not be set, or not in time."""


def typeset_png(template: Path, values: Mapping[str, object], *, all_fonts: bool = False) -> bytes:
    """Give the first page as PNG, one pixel per point.

    The template finds `values` as `json(bytes(sys.inputs.values))`, and reads no file outside its
    own folder. Fonts are those of the typst package; `all_fonts` adds those of the machine, for
    writing systems that the package has not. Raises TypesettingFailed.
    """
    order = {"template": str(template), "values": values, "all_fonts": all_fonts, "format": "png"}
    return _set(order, template.name, TIME_LIMIT_S)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A PDF and its number of pages."""

    content: bytes
    pages: int


def typeset_pdf(
    template: Path,
    values: Mapping[str, object],
    *,
    files: Mapping[str, bytes] | None = None,
    is_accessible: bool = True,
) -> Pdf:
    """Give a PDF, tagged and conform to PDF/UA when it is to be accessible.

    The template finds `values` as `typeset_png` has them, and `files` beside it under their names
    (pictures, pages of another PDF). It says its number of pages under the label `PAGES`. Raises
    TypesettingFailed.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(template, folder))
        for name, content in (files or {}).items():
            (copy.parent / Path(name).name).write_bytes(content)
        order = {
            "template": str(copy),
            "values": values,
            "all_fonts": True,
            "format": "pdf",
            "standards": [ACCESSIBLE] if is_accessible else [],
        }
        answer = _set(order, template.name, LONG_TIME_LIMIT_S)
    pages, _line, content = answer.partition(b"\n")
    return Pdf(content, int(pages))


def _set(order: Mapping[str, object], name: str, limit_s: int) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 (our own program, no word of it from outside)
            [sys.executable, "-I", __file__],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=limit_s,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"{name} took more than {limit_s} s.") from error
    except subprocess.CalledProcessError as error:
        raise TypesettingFailed(f"{name}: {error.stderr.decode(errors='replace')}") from error
    return done.stdout


def _run() -> None:
    import typst

    order = json.load(sys.stdin)
    template = Path(order["template"])
    compiler = typst.Compiler(
        template,
        root=template.parent,
        ignore_system_fonts=not order["all_fonts"],
        sys_inputs={"values": json.dumps(order["values"])},
    )
    if order["format"] == "png":
        sys.stdout.buffer.write(_first(compiler.compile(format="png", ppi=72)))
        return
    pdf = compiler.compile(
        format="pdf", pdf_standards=order["standards"], pdf_tags=bool(order["standards"])
    )
    pages = compiler.query(PAGES, field="value", one=True)
    sys.stdout.buffer.write(f"{int(pages)}\n".encode() + _first(pdf))


def _first(made: bytes | list[bytes] | None) -> bytes:
    """Give the only file, or the first page, of what typst has made."""
    files = made if isinstance(made, list) else [made or b""]
    return files[0]


if __name__ == "__main__":
    _run()
