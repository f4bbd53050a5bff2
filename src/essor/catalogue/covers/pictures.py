"""Pictures of covers, made fit to be kept: checked, turned upright, bounded in size, in WebP.

What comes in is hostile: its size is known before a pixel of it is unfolded, and what goes out has been
drawn again, without anything that the file carried beside the picture.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, ImageStat

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_PX = 90
"""The shorter side; below, a provider answers with an empty picture or a stamp."""

NARROWEST = 0.25
LARGEST = (600, 900)
QUALITY = 82
_PLAIN_DEVIATION = 4.0
_PLAIN_SHARE = 0.985
"""A picture of one colour, or nearly so, says that there is none."""


class UnfitPicture(Exception):
    """The file is no picture of a cover; the message says why, in the reader's words."""

    def __init__(self, why: Promise | str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture to be kept: its file in WebP, its size in pixels."""

    content: bytes
    width: int
    height: int


def fitted(content: bytes) -> Fitted:
    """Give the picture to be kept of a file. Raises UnfitPicture."""
    if len(content) > MOST_BYTES:
        raise UnfitPicture(_("This file is larger than 10 MB."))
    with _refusals(), Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        _check_size(*opened.size)
        opened.draft("RGB", (LARGEST[0] * 2, LARGEST[1] * 2))
        upright = ImageOps.exif_transpose(opened)
        flat = _on_white(upright)
    if _is_plain(flat):
        raise UnfitPicture(_("This picture is all of one colour."))
    flat.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    flat.save(file, "WEBP", quality=QUALITY, method=4)
    return Fitted(file.getvalue(), flat.width, flat.height)


@contextmanager
def _refusals() -> Iterator[None]:
    """Say in one way all that Pillow may find wrong in a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise UnfitPicture(_TOO_MANY_PIXELS) from error
        except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError) as error:
            raise UnfitPicture(
                _("This file is not a picture that can be read: send a JPEG, PNG, WebP or AVIF.")
            ) from error


_TOO_MANY_PIXELS = _("This picture has too many pixels: send a smaller one.")


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise UnfitPicture(_TOO_MANY_PIXELS)
    if min(width, height) < LEAST_PX:
        raise UnfitPicture(_("This picture is too small: 90 pixels at least on each side."))
    if min(width, height) < NARROWEST * max(width, height):
        raise UnfitPicture(_("This picture is too narrow to be a cover."))


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        shown = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("RGB")
    return picture.convert("RGB")


def _is_plain(picture: Image.Image) -> bool:
    """Say whether nearly all of it is of one tone: a white, black or grey picture."""
    small = picture.convert("L").resize((48, 48), Image.Resampling.BOX)
    tones = small.histogram()
    most = max(sum(tones[at : at + 8]) for at in range(0, 256, 4))
    is_even = ImageStat.Stat(small).stddev[0] < _PLAIN_DEVIATION
    return is_even or most / (48 * 48) > _PLAIN_SHARE
