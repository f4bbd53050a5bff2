"""The innovation catalogue as readers see it: a list that is narrowed, a page for each, a feed."""
