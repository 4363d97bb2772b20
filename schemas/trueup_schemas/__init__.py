"""What may be declared, and what RouterOS is."""
