"""All settings, read from environment variables; docs/operations.md has the table, and a test checks it.

With nothing set, Essor keeps everything in `./var`, answers on this machine only, and is safe to
leave so. `ESSOR_URL=https://...` is the one switch to production: it sets the host, the secure
cookies, the redirect to HTTPS and HSTS.
"""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from essor.environment import env_bool, env_int, env_list, env_path, env_secret, env_str

PACKAGE_DIR = Path(__file__).resolve().parent

# Where things are kept

HOME = env_path("ESSOR_HOME", "var")
"""Folder of everything the portal writes: database, media, index, caches, secret key."""

DEBUG = env_bool("ESSOR_DEBUG", default=False)


def _own_secret_key() -> str:
    """Give the key kept in HOME, made on first use: a portal never shares its key with another."""
    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        try:
            with open(path, "x", encoding="utf-8", opener=_only_for_owner) as file:
                file.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # another process of this portal has just made it
    return path.read_text(encoding="utf-8").strip()


def _only_for_owner(path: str, flags: int) -> int:
    import os

    return os.open(path, flags, mode=0o600)


SECRET_KEY = env_secret("ESSOR_SECRET_KEY") or _own_secret_key()

# Address and transport

URL = env_str("ESSOR_URL", "http://127.0.0.1:8000").rstrip("/")
_address = urlsplit(URL)
if _address.scheme not in ("http", "https") or not _address.hostname:
    raise ImproperlyConfigured(
        f"ESSOR_URL={URL!r}: expected the public address of the portal, as in https://ess.example.org"
    )
HTTPS = _address.scheme == "https"

ALLOWED_HOSTS = [_address.hostname, *env_list("ESSOR_HOSTS")]
if not HTTPS:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]  # a monitor asks the machine itself, behind the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"  # previews and kiosk frames lift it where they stand
BEHIND_PROXY = env_bool("ESSOR_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STAFF_PATH = "gestion"

VIDEO_HOSTS = env_list(
    "ESSOR_VIDEO_HOSTS", "www.youtube-nocookie.com,player.vimeo.com,peertube.fr,video.ploud.fr"
)

_PUBLIC_POLICY = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "style-src": [SELF],
    "script-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
    # A video is loaded from its host only after a click, and only from these hosts.
    "frame-src": [SELF, *(f"https://{host}" for host in VIDEO_HOSTS)],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _PUBLIC_POLICY}
STAFF_CONTENT_SECURITY_POLICY = {
    **_PUBLIC_POLICY,
    # Wagtail's editor has inline scripts and styles, and shows uploads before they are sent.
    "img-src": [SELF, "data:", "blob:"],
    "style-src": [SELF, UNSAFE_INLINE],
    "script-src": [SELF, UNSAFE_INLINE],
}

# Applications: the order is the rule of dependency, highest first (docs/decisions/001-layout.md)

INSTALLED_APPS = [
    "essor.demo",
    "essor.portal",
    "essor.kiosk",
    "essor.observatory",
    "essor.catalogue",
    "essor.register",
    "essor.territory",
    "essor.search",
    "essor.presentation",
    "essor.portal.old_addresses.OldAddressesConfig",  # wagtail.contrib.redirects
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks_db",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "essor.kiosk.middleware.FrameMiddleware",  # first: a kept frame passes through nothing else
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "essor.portal.middleware.ContentSecurityPolicyMiddleware",
    # Gzip outside, then the ETag, then the page cache: the ETag is of the page itself, since gzip
    # is salted against BREACH, and the cache never keeps a 304.
    "django.middleware.gzip.GZipMiddleware",
    "essor.portal.middleware.VisitorCachingMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "essor.portal.middleware.LanguageOfAddressMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "essor.portal.middleware.OldAddressMiddleware",
    "essor.portal.middleware.AnonymousPageCacheMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "essor.urls"
WSGI_APPLICATION = "essor.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "essor.portal.context.portal",
            ],
            "builtins": ["essor.presentation.templatetags.typography"],
        },
    },
]

# Store, cache, background work

DATABASES = {
    "default": dj_database_url.parse(
        env_secret("DATABASE_URL") or f"sqlite:///{HOME / 'essor.sqlite3'}",
        conn_health_checks=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Write locks are taken at BEGIN, so that the busy timeout applies instead of SQLITE_BUSY.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    # Beside the options of the address, sslmode among them.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env_int("ESSOR_DATABASE_POOL", 8, minimum=1),
    }

_cache_url = env_secret("CACHE_URL")
if _cache_url:
    _shared_cache: dict[str, Any] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache_url,
    }
    CACHES: dict[str, dict[str, Any]] = {
        "default": {**_shared_cache, "KEY_PREFIX": "essor"},
        "pages": {
            **_shared_cache,
            "BACKEND": "essor.portal.page_cache.RedisPageCache",
            "KEY_PREFIX": "essor-pages",
        },
    }
else:
    # Files, not memory: every web worker must see the same cache, and lose it at the same time.
    CACHES = {
        name: {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": HOME / "cache" / name,
            "OPTIONS": {"MAX_ENTRIES": 5_000},
        }
        for name in ("default", "pages")
    }
CACHE_MIDDLEWARE_ALIAS = "pages"
CACHE_MIDDLEWARE_SECONDS = 60
CACHE_MIDDLEWARE_KEY_PREFIX = ""

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

SEARCH_URL = env_str("SEARCH_URL", f"tantivy://{HOME / 'index'}")
"""Where the full-text index is: `tantivy:///a/folder`, or `postgresql:` for the portal's own database."""

# Staff: accounts and passwords

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "essor.portal.visitors.address_of_visitor"

# Language, time and form: French first, English by address (/en/), nothing negotiated

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale", PACKAGE_DIR / "fetching" / "locale"]
TIME_ZONE = env_str("ESSOR_TIME_ZONE", "Europe/Paris")
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # numbers go through the filters of essor.presentation

# Files

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a long page has many boxes, each with many fields
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Mail

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 10  # Wagtail writes to moderators inside a request
_mail_host, _colon, _mail_port = env_str("ESSOR_MAIL_SERVER", "").partition(":")
if _mail_host:
    if _mail_port and not _mail_port.isdecimal():
        raise ImproperlyConfigured(
            f"ESSOR_MAIL_SERVER={_mail_host}:{_mail_port!r}: expected a host and a port, as in "
            "smtp.example.org:587"
        )
    EMAIL_HOST = _mail_host
    EMAIL_PORT = int(_mail_port or 587)
    EMAIL_USE_SSL = EMAIL_PORT == 465
    EMAIL_USE_TLS = EMAIL_PORT == 587
    EMAIL_HOST_USER = env_str("ESSOR_MAIL_USER", "")
    EMAIL_HOST_PASSWORD = env_secret("ESSOR_MAIL_PASSWORD") or ""
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env_str("ESSOR_MAIL_FROM", f"essor@{_address.hostname}")

# Log: events with keys on standard error

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env_str("ESSOR_LOG_LEVEL", "WARNING")},
    "loggers": {
        "essor": {"level": env_str("ESSOR_LOG_LEVEL", "INFO")},
        # It tells each second that the queue is empty, and asks for a second Ctrl-C at the first.
        "django_tasks_db": {"level": "ERROR"},
        # It warns of every odd indicator; imports have reports of their own.
        "pymarc": {"level": "ERROR"},
    },
}

# Wagtail

WAGTAIL_SITE_NAME = "Essor"
WAGTAILADMIN_BASE_URL = URL
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False  # staff browsers call no third party
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILADMIN_USER_LOGIN_FORM = "essor.portal.admin.sign_in.SignInForm"
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILREDIRECTS_AUTO_CREATE = True
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "epub",
    "odp",
    "ods",
    "odt",
    "pdf",
    "pptx",
    "txt",
    "xlsx",
    "zip",
]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
WAGTAILIMAGES_IMAGE_MODEL = "portal.Picture"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 15 * 1024 * 1024
WAGTAILEMBEDS_FINDERS: list[
    dict[str, str]
] = []  # videos are a box of ours: nothing loads before a click
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# Imports of the catalogue

LARGEST_IMPORT = env_int("ESSOR_IMPORT_MEGABYTES", 1024, minimum=1) * 1024 * 1024
"""Bytes of a file that a librarian may drop in; a larger one is imported by the command."""

# Register

REGISTER_ENGINE = env_str("ESSOR_ENGINE", "duckdb")
"""What builds the register: `duckdb`, `spark-local` or `spark://host:port`; see essor.register.build.engines."""

# Feeds in

FEED_REFRESH_MINUTES = env_int("ESSOR_FEED_MINUTES", 60, minimum=5)

# Fetching

TRUSTED_SERVERS = env_list("ESSOR_TRUSTED_SERVERS")
"""Servers of a private network that may be read all the same, as `host:port`; see essor.fetching."""
