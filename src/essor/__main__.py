"""The `essor` command line: Django's own, with the commands of the portal."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "essor.settings")
    execute_from_command_line(["essor", *sys.argv[1:]])


if __name__ == "__main__":
    main()
