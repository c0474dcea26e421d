"""The command line: everything Hawkmoth does without a screen."""
