"""Rules of cataloguing as pure functions: text without its technical marks, filing form, standard numbers."""

import re
import unicodedata
from urllib.parse import urlsplit

from stdnum import ean, isbn, issn

from essor.catalogue.types import DocumentType, Identifier, IdentifierKind, RecordValue

LONGEST_IDENTIFIER = 40
LONGEST_ADDRESS = 2000

# U+0098 and U+009C begin and end what is not filed ("Le "); U+0088 and U+0089 are their form in some
# systems; a C2 before one of them is left by files encoded twice.
_NON_FILING_MARKS = re.compile("\u00c2?[\u0088\u0089\u0098\u009c]")
_FILED_MARKS = re.compile("\u00c2?[\u0088\u0098].{0,30}?\u00c2?[\u0089\u009c]|^<<[^<>]{1,8}>>")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\ufeff]+")
_SPACES = re.compile(r"\s+")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{|}]+\Z", re.IGNORECASE)
_BRACKETED_ARTICLE = re.compile(
    r"^(?:\[(?P<square>[^\W\d_]{1,4}['’]? ?)\] ?|<<(?P<angle>[^<>]{1,8})>> ?)"
)

ARTICLES = {
    "fre": ("le ", "la ", "les ", "l'", "un ", "une ", "des "),
    "eng": ("the ", "a ", "an "),
    "spa": ("el ", "la ", "lo ", "los ", "las ", "un ", "una ", "unos ", "unas "),
    "ger": ("der ", "die ", "das ", "ein ", "eine "),
    "ita": ("il ", "lo ", "la ", "i ", "gli ", "le ", "l'", "un ", "uno ", "una ", "un'"),
}
"""What a title is not filed under, by language (the legible articles of the ISBD practice)."""

_TERMINOLOGIC = {"fra": "fre", "deu": "ger"}
"""ISO 639-2 has two codes for these languages."""

_BRACKETABLE = frozenset(article.strip() for group in ARTICLES.values() for article in group)


_MARKS = "".join(char for char in map(chr, range(0x1F000)) if unicodedata.combining(char))
_NO_ASCII = b"?" * 31
_TOO_MANY_MARKS = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")


def composed(text: str) -> str:
    """Give a text with its accents composed (NFC), and thirty of them at most on one letter.

    Composing takes the square of their number, and no language needs more. Source: UAX 15, section 13
    (stream-safe text).
    """
    # No mark is in ASCII: looking for a run without it costs far less on an honest text.
    if _NO_ASCII in text.encode("ascii", "replace"):
        text = _TOO_MANY_MARKS.sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


def legible(text: str) -> str:
    """Give a text as a reader sees it: composed accents, single spaces, no technical mark.

    `[Le ]jardin` and `<<The >>garden`, other ways to say "do not file", lose their brackets.
    """
    plain = text
    if not text.isascii():
        plain = _NON_FILING_MARKS.sub("", composed(text))
    # Nearly all texts have nothing to mend: printable says so much faster than looking for it.
    if not plain.isprintable() or "  " in plain:
        plain = _SPACES.sub(" ", _CONTROLS.sub(" ", plain))
    plain = plain.strip()
    if plain[:1] not in ("[", "<"):
        return plain
    return _BRACKETED_ARTICLE.sub(_without_brackets, plain, count=1)


def _without_brackets(found: re.Match[str]) -> str:
    article = found["square"] or found["angle"]
    bare = article.strip().replace("’", "'")
    if found["square"] and bare.lower() not in _BRACKETABLE:
        return found[0]
    return article.strip() if bare.endswith("'") else f"{article.strip()} "


def without_punctuation(text: str) -> str:
    """Take away the ISBD punctuation that some systems leave at the ends of a subfield."""
    return text.strip(" /:;,=").removesuffix(" .")


_FIRST_IDEOGRAM = 0x3000


class _Folding(dict[int, str | None]):
    """What each character becomes once decomposed: itself, a space, or nothing; learnt as they come, alphabets only."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        became = None if unicodedata.combining(char) else char if char.isalnum() else " "
        if code < _FIRST_IDEOGRAM:
            self[code] = became
        return became


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Give a text without case, accents, ligatures or signs, for comparing and filing."""
    small = text.casefold()
    if not small.isascii():
        small = composed(small.replace("œ", "oe").replace("æ", "ae"))
        small = unicodedata.normalize("NFKD", small)
    return " ".join(small.translate(_FOLDING).split())


def filing_form(title: str, languages: tuple[str, ...] = (), *, skipped: int = 0) -> str:
    """Give the form a title is sorted by: folded, without what is not filed.

    That is what its own marks enclose, else the `skipped` first characters (MARC21 counts them), else
    the first article of its first known language.
    """
    filed = _FILED_MARKS.sub("", title)
    if filed == title:
        filed = title[skipped:] if skipped else _without_article(title, languages)
    return folded(filed) or folded(title)


def _without_article(title: str, languages: tuple[str, ...]) -> str:
    codes = (_TERMINOLOGIC.get(code, code) for code in languages)
    language = next((code for code in codes if code in ARTICLES), "fre")
    start = legible(title).lower().replace("’", "'").lstrip('«"“ \u00a0\u202f')
    for article in ARTICLES[language]:
        if start.startswith(article) and len(start) > len(article):
            return start[len(article) :]
    return start


def isbn_of(text: str) -> Identifier | None:
    """Read an ISBN, with the qualifiers or prices that cataloguers add; in 13 digits when it is right.

    A wrong one is kept and marked; None when there is no number at all. Source: ISO 2108.
    """
    found = re.search(r"\d[\d\s.\-‐-―]{6,18}[\dXx]|\d[\d\-]*", text)
    if not found:
        return None
    number = re.sub(r"[^\dXx]", "", found[0]).upper()
    if _is_isbn(number):
        return Identifier(IdentifierKind.ISBN, _in_13_digits(number), True)
    return Identifier(IdentifierKind.ISBN, number[:LONGEST_IDENTIFIER], False)


def _in_13_digits(number: str) -> str:
    """Give a right ISBN in the form of today, as its EAN; one of nine digits lacks its first 0."""
    if len(number) == 13:
        return number
    start = f"978{number[:-1].zfill(9)}"
    return f"{start}{ean.calc_check_digit(start)}"


def _is_isbn(number: str) -> bool:
    """Check an ISBN without hyphens; the EANs in 979-0 are printed music (ISMN, ISO 10957)."""
    if len(number) == 13 and number.isdigit():
        is_book = number.startswith(("978", "979")) and not number.startswith("9790")
        return is_book and bool(ean.calc_check_digit(number[:-1]) == number[-1])
    return bool(isbn.is_valid(number))


def issn_of(text: str) -> Identifier | None:
    """Read an ISSN, or the press barcode (an EAN) that stands in its place; a wrong one is kept and marked.

    Source: ISO 3297.
    """
    number = re.sub(r"[^\dXx]", "", text).upper()
    if not number:
        return None
    if ean.is_valid(number):
        return Identifier(IdentifierKind.EAN, number, True)
    return Identifier(IdentifierKind.ISSN, number[:LONGEST_IDENTIFIER], issn.is_valid(number))


def ean_of(text: str) -> Identifier | None:
    """Read an EAN; the EAN of a book is its ISBN."""
    number = re.sub(r"\D", "", text)
    if not number:
        return None
    if number.startswith(("978", "979")) and _is_isbn(number):
        return Identifier(IdentifierKind.ISBN, number, True)
    return Identifier(IdentifierKind.EAN, number[:LONGEST_IDENTIFIER], ean.is_valid(number))


LONGEST_WORK_KEY = 250
ENOUGH_COMMON_WORDS = 0.6
FAMILIES = {
    DocumentType.BOOK: "text",
    DocumentType.SPEECH: "text",
    DocumentType.DIGITAL: "text",
    DocumentType.FILM: "film",
    DocumentType.MUSIC: "music",
    DocumentType.SCORE: "music",
}
"""Documents that may be editions of one work: a novel and its reading aloud, never the film of it."""


def work_key(value: RecordValue) -> str:
    """Give what the editions of one work have in common: first creator and title, folded.

    The uniform title, when there is one, stands for the title proper. Empty, so that nothing is
    grouped, for serials, maps and the like, and for a title without creator unless it is uniform:
    two « Rapport annuel » are two works. Some libraries give the first word of the title for a uniform
    one: without creator, the whole title then stands (« Compendium » is no work). Source: the work
    keys of OCLC's FRBR algorithm, on the cautious side.
    """
    family = FAMILIES.get(value.document_type)
    title = folded(value.uniform_title) or value.filing_title
    creator = folded(next((one.filing_name for one in value.creators if one.is_primary), ""))
    if not creator and value.filing_title.startswith(f"{title} "):
        title = value.filing_title
    if not family or not title or not (creator or value.uniform_title):
        return ""
    return f"{creator} / {title} / {family}" if _fits(creator, title, family) else ""


def _fits(*parts: str) -> bool:
    return len(" / ".join(parts)) <= LONGEST_WORK_KEY


def are_near(title: str, other: str) -> bool:
    """Say whether two filing forms may be of one edition, when one number already says so.

    Volumes of a set share its ISBN: titles with other figures are not near.
    """
    words, others = title.split(), other.split()
    if not words or not others or _figures(words) != _figures(others):
        return False
    shorter = min(len(words), len(others))
    if words[:shorter] == others[:shorter]:
        return True
    common = set(words) & set(others)
    return len(common) / len({*words, *others}) >= ENOUGH_COMMON_WORDS


def _figures(words: list[str]) -> set[str]:
    return {word for word in words if word.isdigit()}


def is_web_address(text: str) -> bool:
    """Say whether a record may send readers there: http or https, a host, nothing that breaks out of a page."""
    if len(text) > LONGEST_ADDRESS or not _WEB_ADDRESS.match(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
