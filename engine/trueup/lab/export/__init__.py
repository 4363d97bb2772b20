"""`/export`: a virtual router's rows as commands; nothing of it comes from the engine's own exporter or reader."""
