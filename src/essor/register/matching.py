"""Which structure of the register a row of another directory speaks of: pure rules, no store.

A number decides when it can; a name decides alone only when it is the same, in the same commune, and
no other structure there is called so. All else is for a person to review, with the candidates and how
alike their names are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from stdnum.fr import siren as siren_number

from essor.register.importers.directories import EntryRow
from essor.search.spelling import is_near
from essor.search.words import STOP_WORDS, clean, fold, term_of, terms

CERTAIN_FROM = 0.95
CERTAIN_LEAD = 0.1
"""How far ahead of the second the first must be, to be taken without a person."""
DOUBTFUL_FROM = 0.5
ANOTHER_SIREN_FROM = 0.8
"""From how alike a structure is proposed for a row that states the SIREN of another one."""
INITIALS_SCORE = 0.75
"""A name and its initials: CCAS, “centre communal d'action sociale”. Never certain."""
MOST_CANDIDATES = 5
MOST_LOOKED_AT = 400
"""Structures of a commune whose names are compared in full, those with the rarest words in common first."""

GENERIC_WEIGHT = 0.3
NEAR_WEIGHT = 0.85
SHORTEST_INITIALS = 3

# fmt: off
LEGAL_WORDS = frozenset({
    "association", "assoc", "asso", "ass", "societe", "ste", "sa", "sas", "sasu", "sarl", "eurl", "scop",
    "scic", "sci", "snc", "gie", "cooperative", "coop", "mutuelle", "fondation", "fond", "fonds", "loi", "1901",
})
"""Words of the legal form: one directory writes them, the other does not."""
GENERIC_WORDS = frozenset({
    "aci", "ai", "ei", "etti", "geiq", "esat", "ehpad", "fam", "mas", "savs", "samsah", "ime", "siege", "antenne",
    "agence", "foyer", "residence", "centre", "service", "entreprise", "insertion", "atelier", "chantier", "regie",
    "quartier", "maison", "hopital", "clinique", "etablissement", "aide", "travail", "emploi", "formation",
    "vie", "hebergement", "accueil", "handicape", "adulte", "social", "solidaire", "solidarite", "action",
    "comite", "club", "groupe", "union", "federation", "departemental", "regional", "national", "france", "nord",
})
"""Words that many structures have in their name: they count for little."""
# fmt: on


class Verdict(StrEnum):
    """How sure a match is."""

    CERTAIN = "certain"
    DOUBTFUL = "doubtful"
    NONE = "none"


class Means(StrEnum):
    """What a match rests on."""

    SIRET = "siret"
    SIREN = "siren"
    NAME = "name"
    PERSON = "person"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A structure as matching sees it: its SIREN, and all it is called in one commune."""

    siren: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A structure that a row may speak of; the score is 0 to 1."""

    siren: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for a row. A certain match has a SIREN; a doubtful one has candidates, the likeliest first."""

    verdict: Verdict
    siren: str = ""
    means: Means = Means.NOTHING
    candidates: tuple[Candidate, ...] = ()


NO_MATCH = Match(Verdict.NONE)


# How alike two names are


def words_of(name: str) -> tuple[str, ...]:
    """Give the words that tell a name: folded, without its legal form; all of them when it has no other."""
    every = terms(clean(name), 40)
    found = [word for word in every if word not in STOP_WORDS] or every
    telling = [word for word in found if word not in LEGAL_WORDS]
    return tuple(dict.fromkeys(telling or found))


def initials_of(name: str) -> str:
    """Give the initials of a name of several words, as a word of another name would be; empty for a shorter one."""
    words = [
        word for word in map(fold, clean(name).replace("'", " ").replace("’", " ").split()) if word
    ]
    initials = "".join(word[0] for word in words if word not in STOP_WORDS)
    return term_of(initials) if len(initials) >= SHORTEST_INITIALS else ""


@lru_cache(maxsize=50_000)
def similarity(one: str, other: str, place: str = "") -> float:
    """Say how alike two names are, 0 to 1: the weight of the words they share, in that of all their words.

    The order of the words does not count; generic words, and those of the place, count for little.
    """
    of_place = frozenset(words_of(place))
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return 0.0
    if set(first) == set(second):
        return 1.0
    if _is_initials(first, other, of_place) or _is_initials(second, one, of_place):
        return INITIALS_SCORE
    shared = sum(_shared(word, second, of_place) for word in first)
    total = _weight(first, of_place) + _weight(second, of_place)
    return round(min(2 * shared / total, 0.99), 3)


def _is_initials(words: tuple[str, ...], name: str, of_place: frozenset[str]) -> bool:
    initials = initials_of(name)
    telling = [word for word in words if word not in GENERIC_WORDS and word not in of_place]
    return bool(initials) and telling == [initials]


def _shared(word: str, others: tuple[str, ...], of_place: frozenset[str]) -> float:
    weight = _weight((word,), of_place)
    if word in others:
        return weight
    is_close = any(word[0] == other[0] and is_near(word, other) for other in others)
    return weight * NEAR_WEIGHT if is_close else 0.0


def _weight(words: Iterable[str], of_place: frozenset[str]) -> float:
    return sum(
        GENERIC_WEIGHT if word in GENERIC_WORDS or word in of_place or len(word) < 2 else 1.0
        for word in words
    )


def likeness(names: Iterable[str], known: Known, place: str = "") -> float:
    """Say how alike the best two names are, of a row and of a structure."""
    return max(
        (similarity(one, other, place) for one in names for other in known.names), default=0.0
    )


# The structures of a commune


@dataclass(slots=True)
class Neighbours:
    """The structures of one commune, to be found by the words of their names."""

    place: str
    by_siren: Mapping[str, Known]
    _by_word: Mapping[str, frozenset[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_word: dict[str, set[str]] = defaultdict(set)
        for known in self.by_siren.values():
            for name in known.names:
                for word in {*words_of(name), initials_of(name)} - {""}:
                    by_word[word].add(known.siren)
        self._by_word = {word: frozenset(sirens) for word, sirens in by_word.items()}

    def like(self, names: Sequence[str]) -> tuple[Candidate, ...]:
        """Give the structures whose name is like one of these, the likeliest first."""
        scored = (
            Candidate(siren, likeness(names, self.by_siren[siren], self.place))
            for siren in self._sharing_words(names)
        )
        likely = [one for one in scored if one.score >= DOUBTFUL_FROM]
        likely.sort(key=lambda one: (-one.score, one.siren))
        return tuple(likely[:MOST_CANDIDATES])

    def _sharing_words(self, names: Sequence[str]) -> list[str]:
        """Give those that share a word, the rarest words first; a word misspelt in both is not shared."""
        words = {word for name in names for word in (*words_of(name), initials_of(name))}
        found: dict[str, None] = {}
        for word in sorted(
            words & self._by_word.keys(), key=lambda word: (len(self._by_word[word]), word)
        ):
            found.update(dict.fromkeys(sorted(self._by_word[word])))
            if len(found) >= MOST_LOOKED_AT:
                break
        return list(found)[:MOST_LOOKED_AT]


# The verdict


def match_of(
    entry: EntryRow,
    *,
    by_siret: Mapping[str, Known],
    by_siren: Mapping[str, Known],
    neighbours: Neighbours | None,
) -> Match:
    """Say which structure a row speaks of, and how sure that is.

    `by_siret` holds the structures of the register by the SIRET of their establishments, `by_siren`
    by their SIREN; `neighbours` are those of the commune of the row, None when it is unknown.
    """
    names = tuple(filter(None, (entry.name, entry.usual_name)))
    known, means = by_siret.get(entry.siret), Means.SIRET
    if known is None:
        known, means = by_siren.get(entry.siren), Means.SIREN
    if known is not None:
        return _by_number(entry, names, known, means)
    stated = entry.siren or _siren_of_damaged(entry)
    known = by_siren.get(_siren_of_damaged(entry))
    if known is not None and likeness(names, known) >= DOUBTFUL_FROM:
        return Match(Verdict.CERTAIN, known.siren, Means.SIREN)
    found = neighbours.like(names) if neighbours and names else ()
    if known is not None:
        return _doubtful((Candidate(known.siren, likeness(names, known)), *found))
    return _by_name(found, states_another=bool(stated))


def _siren_of_damaged(entry: EntryRow) -> str:
    siren = entry.damaged_siret[:9]
    return siren if siren_number.is_valid(siren) else ""


def _by_number(entry: EntryRow, names: tuple[str, ...], known: Known, means: Means) -> Match:
    """Believe a number, unless it stands on several rows and the structure is called nothing like this one."""
    if entry.is_siret_shared and names and any(known.names) and not likeness(names, known):
        return _doubtful((Candidate(known.siren, 0.0),))
    return Match(Verdict.CERTAIN, known.siren, means)


def _by_name(found: tuple[Candidate, ...], *, states_another: bool) -> Match:
    if states_another:
        found = tuple(one for one in found if one.score >= ANOTHER_SIREN_FROM)
    if not found:
        return NO_MATCH
    second = found[1].score if len(found) > 1 else 0.0
    is_sure = found[0].score >= CERTAIN_FROM and found[0].score - second >= CERTAIN_LEAD
    if is_sure and not states_another:
        return Match(Verdict.CERTAIN, found[0].siren, Means.NAME)
    return _doubtful(found)


def _doubtful(candidates: Iterable[Candidate]) -> Match:
    by_siren = {one.siren: one for one in reversed(tuple(candidates))}
    kept = sorted(by_siren.values(), key=lambda one: (-one.score, one.siren))
    return Match(Verdict.DOUBTFUL, candidates=tuple(kept[:MOST_CANDIDATES]))
