"""Servers that tests speak to: real sockets on loopback, the standard library only."""
