"""`python -m essor.demo.drawings`."""

from pathlib import Path

from essor.demo.drawings import draw_all

draw_all(Path(__file__).resolve().parents[1] / "pictures")
