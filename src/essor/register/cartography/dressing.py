"""What every map takes besides its places: the words of its script, and the tiles under it, if any."""

from django.conf import settings

from essor.register.cartography.words import words_of_map


class Dressed:
    """A map as its template asks for it."""

    __slots__ = ()

    @property
    def words(self) -> str:
        """The words of the script."""
        return words_of_map()

    @property
    def tiles(self) -> str:
        """Template of the addresses of tiles; empty without a tile server."""
        return settings.MAP_TILES

    @property
    def tiles_credit(self) -> str:
        """What the tile server asks to be written under its tiles; empty without one."""
        return settings.MAP_TILES_CREDIT if self.tiles else ""
