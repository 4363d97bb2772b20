"""Whether the manager's packets get into a virtual router, told from its rows alone."""
