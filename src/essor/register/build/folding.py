"""How names are compared in a build: the same letters for the SQL of the steps and for what people type.

Each letter stands for one letter, so that `translate()` of both engines does the same as Python.
"""

_LETTERS = {
    "a": "àáâãäåā", "c": "çč", "e": "èéêëē", "i": "ìíîïī", "n": "ñ", "o": "òóôõöøō", "s": "š",
    "u": "ùúûüū", "y": "ýÿ", "z": "ž",
    " ": "-'’.,;:/()&\"«»_+!?*",
}  # fmt: skip
FROM = "".join(_LETTERS.values())
TO = "".join(plain * len(marked) for plain, marked in _LETTERS.items())
_TABLE = str.maketrans(FROM, TO)


def folded(text: str) -> str:
    """Give a text in small letters without accents, its punctuation as blanks, one blank between words."""
    plain = text.lower().replace("œ", "oe").replace("æ", "ae").translate(_TABLE)
    return " ".join(plain.split())
