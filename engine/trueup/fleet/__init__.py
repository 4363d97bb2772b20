"""Many routers in one run: the only caller of apply and audit."""
