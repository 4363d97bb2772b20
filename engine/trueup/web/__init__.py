"""The page: the fleet, one router, a rollout; served by the daemon."""
