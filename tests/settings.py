"""The portal's own settings on a temporary home: nothing of this machine is read, nothing is left.

Only `DATABASE_URL` is kept: it chooses the store that the tests run on (SQLite when it is absent).
"""

import os
import tempfile
from pathlib import Path

_READ_BY_ESSOR = ("ESSOR_", "CACHE_URL", "SEARCH_URL")
for _name in [name for name in os.environ if name.startswith(_READ_BY_ESSOR)]:
    del os.environ[_name]
os.environ["ESSOR_HOME"] = tempfile.mkdtemp(prefix="essor-tests-")

# The browser's library runs an event loop in the thread of the tests; the portal itself has none.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from essor.settings import *  # noqa: E402, F403
from essor.settings import DATABASES, HOME, STATIC_ROOT, STORAGES  # noqa: E402

Path(STATIC_ROOT).mkdir()

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": HOME / "tests.sqlite3"}
else:
    # Test databases come and go, and a pool would keep them open.
    DATABASES["default"]["OPTIONS"] = {}

# Without these the tests would measure bcrypt, the collection of static files and a second process.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}

AXES_ENABLED = False  # the tests of locked accounts switch it on
