"""What a change of a network would do to its routers, told before it is merged."""
