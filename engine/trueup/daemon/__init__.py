"""The loop on a schedule: every router is brought to what git says, or its drift is told."""
