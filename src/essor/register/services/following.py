"""What hangs on the vintage that is shown, and follows it in the background or at the end of a command.

First what the map is counted in and the search index, which readers wait for; then the rows of other
directories, matched again with the structures that there are now; then the vintages that nothing needs
any more are removed. The vintage itself says what has still to follow: what was interrupted is done again.
"""

from collections.abc import Callable

from essor.register.models import Vintage
from essor.register.services.charts import keep_charts
from essor.register.services.directories import match_again
from essor.register.services.indexing import index_vintage
from essor.register.services.loading import remove_older


def follow(on_progress: Callable[[int], None] = lambda documents: None) -> bool:
    """Do all that has not been done yet, and say whether the index has followed; it may be busy."""
    keep_charts()
    is_indexed = index_vintage(on_progress)
    for vintage in Vintage.objects.filter(is_current=True, is_matched=False):
        match_again()
        Vintage.objects.filter(pk=vintage.pk, is_current=True).update(is_matched=True)
    if is_indexed:
        remove_older()
    return is_indexed
