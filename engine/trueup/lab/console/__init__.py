"""The router's console: keys in, text out; no sockets, so that every transport may carry it."""
