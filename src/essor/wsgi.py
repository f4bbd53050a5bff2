"""The web application, served in WSGI mode (see docs/decisions/003-server.md)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
application = get_wsgi_application()
