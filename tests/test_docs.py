"""The documentation keeps step with the code."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parent.parent
OPERATIONS = ROOT / "docs/operations.md"
READERS = {"env_str", "env_bool", "env_int", "env_list", "env_path", "env_secret"}
SECRET = "env_secret"


def calls_of_readers():
    """Give each reading of the environment, as (reader, name of the variable)."""
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in READERS:
                yield node.func.id, ast.literal_eval(node.args[0])


def rows_of_settings():
    """Give the rows of the table of settings, by variable."""
    text = OPERATIONS.read_text(encoding="utf-8")
    section = re.search(r"^## Settings$(.*?)^## ", text, flags=re.MULTILINE | re.DOTALL)[1]
    return {row[1]: row[0] for row in re.finditer(r"^\| `([A-Z_]+)` \|.*$", section, re.MULTILINE)}


def test_every_setting_is_documented_and_every_documented_setting_exists():
    assert set(rows_of_settings()) == {name for _, name in calls_of_readers()}


def test_the_table_says_which_settings_are_secrets():
    secrets = {name for reader, name in calls_of_readers() if reader == SECRET}

    assert {name for name, row in rows_of_settings().items() if "Secret." in row} == secrets


def test_the_environment_is_read_in_one_place():
    direct = re.compile(r"os\.(environ|getenv)")
    readers = {
        str(file.relative_to(ROOT / "src/essor"))
        for file in (ROOT / "src").rglob("*.py")
        if direct.search(file.read_text(encoding="utf-8"))
    }
    # The two others set the name of the settings; `serve` passes its environment on.
    allowed = {"environment.py", "__main__.py", "wsgi.py", "portal/management/commands/serve.py"}

    assert readers <= allowed


DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT))
)


@each_document
def test_every_link_inside_the_project_leads_somewhere(document):
    text = document.read_text(encoding="utf-8")
    links = {link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) if "://" not in link}

    assert [link for link in sorted(links) if not (document.parent / link).exists()] == []


@each_document
def test_every_command_that_is_shown_exists(document):
    text = document.read_text(encoding="utf-8")
    parts = re.findall(r"```\w+\n(.*?)```|`([^`\n]+)`", text, flags=re.DOTALL)
    code = "\n".join(block or inline for block, inline in parts)
    commands = re.findall(r"(?:^|&& |bin/|… )essor ([a-z_]{4,})", code, flags=re.MULTILINE)

    assert set(commands) <= set(get_commands())


def test_every_decision_named_in_the_code_is_written():
    named = {
        name
        for file in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"docs/decisions/[\w-]+\.md", file.read_text(encoding="utf-8"))
    }

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
