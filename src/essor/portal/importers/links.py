"""Links of strangers: made absolute, held to the web, and compared."""

import re
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

LONGEST_LINK = 2_000

_IGNORED = re.compile(r"[\t\r\n]")  # as browsers do
_UNSAFE = re.compile(r'[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff<>"{}|\\^`]')
_HOST = re.compile(r"[\w.:\[\]-]+")
_TRACKING = re.compile(
    r"(utm_\w+|at_\w+|mtm_\w+|pk_\w+|xtor|fbclid|gclid|mc_cid|mc_eid|xtref)", re.I
)


def web_link(text: str, base: str) -> str:
    """Give the absolute address of a page of the web, or nothing: no script, no mail, no account."""
    written = _IGNORED.sub("", text.strip()).replace("&amp;", "&")
    cleaned = _UNSAFE.sub(_percent, written)
    try:
        link = cleaned if urlsplit(cleaned).scheme else urljoin(base, cleaned)
        parts = urlsplit(link)
        has_account = parts.username is not None or parts.password is not None
        hostname, _port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not hostname or has_account or not cleaned:
        return ""
    return link if len(link) <= LONGEST_LINK and _HOST.fullmatch(parts.netloc) else ""


def link_key(link: str) -> str:
    """Give the same 64 letters for all addresses of a same page; nothing for no link.

    The scheme, `www.`, the order of parameters, marks of audience measurement and a final slash do
    not count. A fragment does: some feeds list the sections of one page.
    """
    if not link:
        return ""
    parts = urlsplit(link)
    query = sorted(p for p in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(p[0]))
    fragment = "" if _TRACKING.match(parts.fragment) else parts.fragment
    host = parts.netloc.lower().removeprefix("www.")
    same = urlunsplit(("", host, parts.path.rstrip("/"), urlencode(query), fragment))
    return sha256(same.encode()).hexdigest()


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))
