"""Words near one another: one typing error in a word of four letters, two from eight letters on.

The distance is the optimal string alignment: insertion, deletion, substitution and exchange of two
neighbours cost one each, as in the engine's own automaton.
"""

from collections.abc import Iterator

KEYED_LETTERS = 7
"""The errors are looked for in the beginning of the word; the rest is compared afterwards."""


def tolerated(word: str) -> int:
    """Say how many errors are forgiven in a word of this length."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def distance(one: str, other: str) -> int:
    """Count the typing errors between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, above, row = row if i == 1 else before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(row[-1] + 1, above[j] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]


def is_near(word: str, other: str) -> bool:
    """Say whether one may have been typed for the other."""
    most = tolerated(word)
    if abs(len(word) - len(other)) > most or len(set(word) ^ set(other)) > 2 * most:
        return False  # an error changes two letters at most: most words go no further
    return distance(word, other) <= most


def near_keys(word: str) -> frozenset[str]:
    """Give the keys under which a word is stored, so that near words share at least one.

    They are the beginning of the word with up to two letters left out: two words at a distance of
    two meet in one of them (symmetric deletion).
    """
    start = word[:KEYED_LETTERS]
    once = set(_without_one(start))
    twice = {shorter for key in once for shorter in _without_one(key)}
    return frozenset({start} | once | twice)


def _without_one(word: str) -> Iterator[str]:
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
