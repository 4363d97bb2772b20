"""How each declared thing becomes RouterOS rows."""
