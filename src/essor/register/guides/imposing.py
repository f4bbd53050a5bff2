"""In what order the pages of a booklet are printed, two on each side of a sheet, to be folded and stapled."""

Side = tuple[int, int]
BLANK = 0


def sides_of(pages: int) -> tuple[Side, ...]:
    """Give the sides of the sheets, front then back, each with its left and right page.

    Pages are numbered from 1. The booklet is made up to a multiple of four by blanks before its last
    page, which stays the back cover.
    """
    size = max(-(-pages // 4) * 4, 4)
    numbers = [*range(1, pages), *[BLANK] * (size - pages), pages] if pages else [BLANK] * size
    sides = []
    for sheet in range(size // 4):
        first = 2 * sheet
        sides.append((numbers[size - 1 - first], numbers[first]))
        sides.append((numbers[first + 1], numbers[size - 2 - first]))
    return tuple(sides)
