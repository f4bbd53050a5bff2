"""The processes of a running portal: the web, the background worker, and the pair of them."""
