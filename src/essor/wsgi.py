"""The web application, served in WSGI mode (see docs/decisions/003-server.md)."""

import os

from django.core.wsgi import get_wsgi_application

from essor.kiosk.middleware import front_door

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
application = front_door(get_wsgi_application())
