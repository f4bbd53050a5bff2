"""Benchmarks: each module prints what it measured, beside a peer measured in the same run, as ratios."""
