"""The scripts that other sites include, at addresses that never change.

Their pages have pasted the address once and for all, so it carries no version: browsers ask again
after an hour, and are answered 304 while the script is the same.

The element carries the stylesheet and the script of the kiosk's displays, and of the portal's tokens
only those that the stylesheet uses: one file, put together once by each process from the same files
that the portal's own pages load.
"""

import json
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from rjsmin import jsmin

from essor.kiosk.cross_origin import readable_by_any_site

KEPT_S = 3600
NOT_IN_ELEMENTS = ("kiosk--bare", "kiosk-frame", "kiosk-page")
"""Classes of what an element never shows."""

SCRIPT_TYPE = "text/javascript; charset=utf-8"


@require_safe
@readable_by_any_site
@cache_control(public=True, max_age=KEPT_S)
def height_script(request: HttpRequest) -> HttpResponse:
    """Give the script that makes frames as high as their content."""
    return HttpResponse(_height_script(), content_type=SCRIPT_TYPE)


@require_safe
@readable_by_any_site
@cache_control(public=True, max_age=KEPT_S)
def element_script(request: HttpRequest) -> HttpResponse:
    """Give the script of the element `<essor-kiosk>`, whole."""
    return HttpResponse(_element_script(), content_type=SCRIPT_TYPE)


@cache
def _height_script() -> str:
    return jsmin(_read("kiosk/height.js"))


@cache
def _element_script() -> str:
    sheet = _read("kiosk/element.css") + without_rules(_read("kiosk/kiosk.css"), NOT_IN_ELEMENTS)
    sheet += f".root {{ {tokens_of(_read('presentation/tokens.css'), used_by=sheet)} }}"
    script = _read("kiosk/element.js").replace('"STYLESHEET"', json.dumps(smaller_sheet(sheet)))
    return jsmin(_read("kiosk/kiosk.js") + script)


def _read(name: str) -> str:
    found = finders.find(name)
    if not found:
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def tokens_of(css: str, *, used_by: str) -> str:
    """Give the portal's tokens that a stylesheet uses, as declarations."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    tokens = dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css))
    used = _named_in(used_by, tokens)
    return "".join(f"{name}: {value};" for name, value in tokens.items() if name in used)


def _named_in(css: str, tokens: dict[str, str]) -> set[str]:
    """Give the tokens that a stylesheet names, and those that their own values name."""
    named = set(re.findall(r"var\((--[\w-]+)", css)) & tokens.keys()
    beneath = " ".join(tokens[name] for name in named)
    return named | _named_in(beneath, tokens) if named else named


def without_rules(css: str, names: tuple[str, ...]) -> str:
    """Leave out of a stylesheet the rules whose selectors name one of these classes."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(rf"[^{{}};]*(?:{'|'.join(names)})[^{{}};]*\{{[^{{}}]*\}}", "", css)
    return re.sub(r"@[^{};]*\{\s*\}", "", css)


def smaller_sheet(css: str) -> str:
    """Leave out of a stylesheet its comments and the blanks that part nothing.

    Not by `rcssmin`, which takes what stands in `@layer` for declarations: `.a :hover` would be `.a:hover`.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(": ", ":").replace(";}", "}").strip()
