"""Drawn covers: a record without a picture gets one worth looking at, always the same for the same record.

The ground comes from the class or the document type, the pattern and its place from the record's
identity, the lettering from its title and author. The drawing is a small SVG (under 3 kB) of plain
shapes: no style and no script, so that the strictest policy lets it through; no `id`, so that any
number of them stand in one page. Text lies on the plain ground only, in an AA contrast or better.
"""

from essor.catalogue.covers.drawing import Face, draw_cover

__all__ = ["Face", "draw_cover"]
