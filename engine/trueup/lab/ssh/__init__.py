"""SSH to virtual routers: logins, the console, single commands; loaded by the first router with an SSH port."""
