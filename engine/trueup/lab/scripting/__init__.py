"""RouterOS's scripting language and its scheduler, as far as everyday scripts use them; loaded by the first script."""
