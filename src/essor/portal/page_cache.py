"""The kept pages in Redis: forgotten without touching what else lives in that database."""

from django.core.cache.backends.redis import RedisCache

BATCH = 1000


class RedisPageCache(RedisCache):
    """Django's own, but for `clear`, which empties the whole database of Redis in Django."""

    def clear(self) -> None:
        """Forget the pages, and nothing else."""
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{self.key_prefix}:*", count=BATCH):
            client.unlink(key)
