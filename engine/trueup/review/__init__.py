"""A pull request: what it would do to which routers, checked without trusting it."""
