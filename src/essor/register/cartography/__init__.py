"""The map of the directory: a grid that gathers points, outlines as a base, a drawing for those without script."""
