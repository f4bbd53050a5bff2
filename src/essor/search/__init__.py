"""Full-text search: one interface, two engines, an index that is never the truth."""
