"""The catalogue: bibliographic records as received, and what is understood of them."""
