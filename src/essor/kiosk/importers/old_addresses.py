"""Addresses of kiosks of the founding portal: what a snippet pasted years ago asks for.

`/java/kiosque/key/value/...?key=value&...`: every value stands twice, and those of the path win over
those of the query. Nothing is an error here: an unknown key is left aside, a value out of its list or
its bounds is the founding portal's default, an address far too long says nothing.

Of a key that is repeated, the last value counts (the founding portal made a list of them, and used
none). Values were encoded once in the path, twice in the query, a space as `+`: both are undone. In a
path whose encoding the server has undone, `+` and `%2B` cannot be told apart: both are a space.

Parameters without effect: those of boxes (`boite`, `id_module`, `id_profil`, `profil_redirect`), and
those of effects that the displays of today decide by themselves (`op_transition`, `op_speed`,
`op_scroll`, `op_visible`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_to_bytes, urlencode

from essor.kiosk.types import Choice, CoverSize, Display, Draw, Look, Order, Theme

LONGEST_PART = 8_000
"""Characters of a path or of a query; no snippet has a longer one."""
MOST_PAIRS = 200
LONGEST_TITLE = 120
LARGEST_NUMBER = 2**31 - 1
TIMES_ENCODED = 2

TITLE = "Kiosque"
ORDERS = {"0": Order.TITLE, "1": Order.NEWEST, "2": Order.VIEWED}
COVERS_PX = (50, 200)
BOX_PX = (80, 300)
USUAL_BOX_PX = 160
BOX_EDGE_PX = 10
"""What a slide show keeps of its box around a cover."""
LONGEST_PAUSE_S = 3

USUAL_STYLE = "diaporama"
STYLES: Mapping[str, tuple[Display, CoverSize]] = {
    "slide_show": (Display.STRIP, CoverSize(90, 110)),
    "jcarousel": (Display.STRIP, CoverSize(90, 120)),
    "mycarousel_horizontal": (Display.STRIP, CoverSize(90, 110)),
    "mycarousel_vertical": (Display.VERTICAL, CoverSize(90, 110)),
    "protoflow": (Display.COVER_FLOW, CoverSize(90, 110)),
    "cube": (Display.SINGLE, CoverSize(120, 150)),
    "diaporama": (Display.SINGLE, CoverSize(90, USUAL_BOX_PX - BOX_EDGE_PX)),
    # These were made with Flash, and chose the size of their covers.
    "coverflow": (Display.COVER_FLOW, CoverSize(120, 160)),
    "carrousel_horizontal": (Display.COVER_FLOW, CoverSize(120, 160)),
    "carrousel_vertical": (Display.VERTICAL, CoverSize(120, 150)),
    "dockmenu_horizontal": (Display.STRIP, CoverSize(100, 140)),
    "dockmenu_vertical": (Display.VERTICAL, CoverSize(90, 120)),
    "pyramid_gallery": (Display.GRID, CoverSize(90, 120)),
}
"""Each style of the founding portal: the display that takes its place, and its usual covers."""


@dataclass(frozen=True, slots=True)
class OldAsked:
    """What an old address asks for: which basket or search (0 for none), what of it, and how it looks.

    A basket wins over a search, as it did. `offers_feed` says that the page names its feed.
    """

    title: str
    basket: int
    search: int
    choice: Choice
    look: Look
    offers_feed: bool

    @property
    def feed_query(self) -> str:
        """The query of the old address of its feed: the same records, without a draw."""
        tri = next(code for code, order in ORDERS.items() if order is self.choice.order)
        return urlencode(
            {
                "titre": quote_plus(self.title),
                "id_panier": self.basket,
                "id_catalogue": self.search,
                "nb_notices": self.choice.limit,
                "tri": tri,
                "only_img": int(self.choice.only_with_cover),
                "aleatoire": 0,
            }
        )


def old_asked(path: str, query: str) -> OldAsked:
    """Read an old address: its path after `/java/kiosque/`, decoded once, and its query as received."""
    said = _Said({**_in_query(query), **_in_path(path)})
    basket = said.number("id_panier", 0, LARGEST_NUMBER, 0)
    search = said.number("id_catalogue", 0, LARGEST_NUMBER, 0)
    return OldAsked(
        title=said.title("titre") or TITLE,
        basket=basket,
        search=0 if basket else search,
        choice=_choice(said),
        look=_look(said),
        offers_feed=said.flag("rss_avis", usual=True),
    )


def _choice(said: "_Said") -> Choice:
    limit = said.number("nb_notices", 1, 99, 20)
    pool = said.number("nb_analyse", 1, 999, 50)
    return Choice(
        order=ORDERS.get(said.text("tri"), Order.NEWEST),
        limit=limit,
        draw=Draw.VIEW if said.flag("aleatoire", usual=True) else Draw.NONE,
        pool=pool if pool >= limit else limit + 10,
        only_with_cover=said.flag("only_img", usual=True),
    )


def _look(said: "_Said") -> Look:
    named = (said.text("vue").lower(), said.text("style_liste").lower())
    style = next((name for name in named if name in STYLES), USUAL_STYLE)
    display, usual = STYLES[style]
    height = usual.height
    if style == "diaporama":
        box = said.number("op_hauteur_boite", *BOX_PX, USUAL_BOX_PX)
        height = min(box - BOX_EDGE_PX, COVERS_PX[1])
    return Look(
        display=display,
        # The pages around were made before there were dark ones.
        theme=Theme.LIGHT,
        autoplay_s=_pause_s(said, style),
        cover=CoverSize(
            said.number("op_largeur_img", *COVERS_PX, usual.width),
            said.number("op_hauteur_img", *COVERS_PX, height),
        ),
        is_bare=True,
    )


def _pause_s(said: "_Said", style: str) -> int:
    if style == "jcarousel":
        return said.number("op_auto", 0, LONGEST_PAUSE_S, 2)
    if style == "protoflow" and said.flag("op_autoplay", usual=False):
        return LONGEST_PAUSE_S
    return 0


class _Said(dict[str, str]):
    """The values of an address under their keys."""

    def text(self, key: str) -> str:
        return self.get(key, "").strip()

    def title(self, key: str) -> str:
        shown = "".join(one if one.isprintable() else " " for one in self.text(key))
        return " ".join(shown.split())[:LONGEST_TITLE].strip()

    def number(self, key: str, lowest: int, highest: int, usual: int) -> int:
        text = self.text(key)
        if not (text.isascii() and text.isdecimal()) or len(text) > len(str(LARGEST_NUMBER)):
            return usual
        return int(text) if lowest <= int(text) <= highest else usual

    def flag(self, key: str, *, usual: bool) -> bool:
        return {"1": True, "true": True, "0": False, "false": False}.get(self.text(key), usual)


def _in_path(path: str) -> dict[str, str]:
    if len(path) > LONGEST_PART:
        return {}
    parts = path.strip("/").split("/")[: 2 * MOST_PAIRS]
    # A last key without a value says nothing; an empty value between two slashes does.
    return _decoded(zip(parts[::2], parts[1::2], strict=False))


def _in_query(query: str) -> dict[str, str]:
    if len(query) > LONGEST_PART:
        return {}
    # Some editors of pages have written `&amp;` for each `&`, once too often.
    parts = query.replace("&amp;", "&").split("&", MOST_PAIRS)[:MOST_PAIRS]
    return _decoded((key, value) for key, _equals, value in (one.partition("=") for one in parts))


def _decoded(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {_plain(key): _plain(value) for key, value in pairs}


def _plain(written: str) -> str:
    """Undo form encoding, as often as old snippets were encoded."""
    for _time in range(TIMES_ENCODED):
        raw = unquote_to_bytes(written.replace("+", " ").encode("utf-8", "replace"))
        try:
            written = raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", "replace")
    return written
