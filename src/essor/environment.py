"""Typed readers of environment variables: each fails loudly, with name, value and what was expected.

A secret may also be given as a file: `NAME_FILE` holds the path of a file whose content is read,
the convention of container and systemd credentials.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def env_str(name: str, default: str) -> str:
    """Give a text, stripped of surrounding blanks."""
    return os.environ.get(name, default).strip()


def env_bool(name: str, *, default: bool) -> bool:
    """Give a yes or a no. Raises ImproperlyConfigured on any other word."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise ImproperlyConfigured(
            f"{name}={value!r}: expected yes or no (1/0, true/false, on/off)."
        )
    return word in TRUE


def env_int(name: str, default: int, *, minimum: int = 0) -> int:
    """Give a whole number of at least `minimum`. Raises ImproperlyConfigured otherwise."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        number = minimum - 1
    if number < minimum:
        raise ImproperlyConfigured(f"{name}={value!r}: expected a whole number, {minimum} or more.")
    return number


def env_list(name: str, default: str = "") -> list[str]:
    """Give the non-empty words of a comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def env_path(name: str, default: str) -> Path:
    """Give an absolute path; a relative one is taken from the current folder."""
    return Path(os.environ.get(name) or default).expanduser().resolve()


def env_secret(name: str) -> str | None:
    """Give a secret, from the variable or from the file that `<name>_FILE` names; None when neither is set.

    Raises ImproperlyConfigured when both are set, when the file cannot be read, or when it is empty.
    """
    value, file_name = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value and file_name:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: keep one of them.")
    if not file_name:
        return value or None
    try:
        secret = Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE={file_name!r} cannot be read: {error}.") from error
    if not secret:
        raise ImproperlyConfigured(f"{name}_FILE={file_name!r} is empty: put the secret in it.")
    return secret
