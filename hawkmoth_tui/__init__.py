"""Hawkmoth: a terminal chat workstation with a local router. Importing the package does nothing and costs nothing."""
