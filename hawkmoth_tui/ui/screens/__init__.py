"""Whole screens and what lies over them: they arrange widgets, say what keys do, and post what the user asked for."""
