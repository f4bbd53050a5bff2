"""How records leave the portal: citations and downloads, one record or a million, one format a module.

Every format is written from one frozen value, `Published`, that `queries.published` reads from the
store. The writers are pure, stream, and hold what no library holds for us: a word of a record can
never end its field, its record or its file, whatever is in it (docs/decisions/013-covers-and-exports.md).

    for piece in FORMATS["ris"].many(published(Record.objects.filter(...), root=root)):
        ...

`one` gives the content of one record, `many` the pieces of any number of them.
"""

from essor.catalogue.exports.formats import FORMATS, Format
from essor.catalogue.exports.types import Published

__all__ = ["FORMATS", "Format", "Published"]
