"""Rules of publishing as pure functions: contrast of colours, addresses of videos."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlsplit

MINIMUM_CONTRAST = 4.5
"""Least contrast of text with its ground: WCAG 2.2, success criterion 1.4.3, level AA."""

GROUNDS = {"light": ("#fbf8f3", "#ffffff", "#f3ece1"), "dark": ("#12161c", "#1b212a", "#191e26")}
"""Grounds that text stands on, as in tokens.css: paper, surface, shade."""

Theme = Literal["light", "dark"]


def relative_luminance(colour: str) -> float:
    """Give the luminance (0 to 1) of a colour #rrggbb. Source: WCAG 2.2, definition of relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio (1 to 21) of two colours #rrggbb. Source: WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def contrast_with_grounds(colour: str, *, theme: Theme) -> float | None:
    """Give the least contrast of a colour with the grounds of a theme; None when it is no colour #rrggbb."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return None
    return min(contrast(colour, ground) for ground in GROUNDS[theme])


@dataclass(frozen=True, slots=True)
class Video:
    """A video on a host: where to read about it, and the frame to load after a click."""

    host: str
    page_address: str
    frame_address: str


_YOUTUBE_HOSTS = {"youtube.com", "m.youtube.com", "youtube-nocookie.com", "youtu.be"}
_VIDEO_ID = re.compile(r"[\w-]{6,40}")


def video_at(address: str) -> Video | None:
    """Recognise the address of a video: YouTube, Vimeo, or a PeerTube watch page; None for any other.

    The frame of a YouTube video is the one without cookies until it plays (youtube-nocookie.com).
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme != "https" or not host or parts.username:
        return None
    if host in _YOUTUBE_HOSTS:
        return _youtube(host, parts.path, parse_qs(parts.query))
    if host in ("vimeo.com", "player.vimeo.com"):
        return _vimeo(parts.path)
    return _peertube(host, parts.path)


def _youtube(host: str, path: str, query: dict[str, list[str]]) -> Video | None:
    identifier = query.get("v", [""])[0] or path.rstrip("/").rpartition("/")[2]
    if not _VIDEO_ID.fullmatch(identifier):
        return None
    return Video(
        host="youtube-nocookie.com",
        page_address=f"https://www.youtube.com/watch?v={identifier}",
        frame_address=f"https://www.youtube-nocookie.com/embed/{identifier}?autoplay=1",
    )


def _vimeo(path: str) -> Video | None:
    found = re.search(r"/(\d{5,12})\b", path)
    if not found:
        return None
    return Video(
        host="vimeo.com",
        page_address=f"https://vimeo.com/{found[1]}",
        frame_address=f"https://player.vimeo.com/video/{found[1]}?dnt=1&autoplay=1",
    )


def _peertube(host: str, path: str) -> Video | None:
    found = re.fullmatch(r"/(?:w|videos/watch|videos/embed)/([\w-]{6,40})/?", path)
    if not found:
        return None
    return Video(
        host=host,
        page_address=f"https://{host}/w/{found[1]}",
        frame_address=f"https://{host}/videos/embed/{found[1]}?autoplay=1&p2p=0",
    )
