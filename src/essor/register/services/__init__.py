"""Writes: each a plain function, one transaction."""
