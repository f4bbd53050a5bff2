"""Who belongs to the social and solidarity economy, why, and where."""
