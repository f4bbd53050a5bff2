"""Typst, run apart: a process of its own, with a time limit, without network or the reader's words as code.

What is set travels as JSON and arrives in the template as plain strings, never as markup. The
module is also the program of that process: it reads one order on its input, writes the result.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

TIME_LIMIT_S = 10


class TypesettingFailed(Exception):
    """The template could not be set, or not in time."""


def typeset_png(template: Path, values: Mapping[str, object], *, all_fonts: bool = False) -> bytes:
    """Give the first page as PNG, one pixel per point.

    The template finds `values` as `json(bytes(sys.inputs.values))`, and reads no file outside its
    own folder. Fonts are those of the typst package; `all_fonts` adds those of the machine, for
    writing systems that the package has not. Raises TypesettingFailed.
    """
    order = json.dumps({"template": str(template), "values": values, "all_fonts": all_fonts})
    try:
        done = subprocess.run(  # noqa: S603 (our own program, no word of it from outside)
            [sys.executable, "-I", __file__],
            input=order.encode(),
            capture_output=True,
            timeout=TIME_LIMIT_S,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TypesettingFailed(f"{template.name} took more than {TIME_LIMIT_S} s.") from error
    except subprocess.CalledProcessError as error:
        raise TypesettingFailed(
            f"{template.name}: {error.stderr.decode(errors='replace')}"
        ) from error
    return done.stdout


def _run() -> None:
    import typst

    order = json.load(sys.stdin)
    template = Path(order["template"])
    png = typst.compile(
        template,
        root=template.parent,
        format="png",
        ppi=72,
        ignore_system_fonts=not order["all_fonts"],
        sys_inputs={"values": json.dumps(order["values"])},
    )
    sys.stdout.buffer.write(png[0] if isinstance(png, list) else png)


if __name__ == "__main__":
    _run()
