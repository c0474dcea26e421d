"""The command line: everything Hawkmoth does without a screen.

One module per command, imported when it runs; `grammar` knows their names. Plain texts pass the character map, documents are JSON with
every control character escaped, and nothing but what was asked for goes to stdout.
"""
