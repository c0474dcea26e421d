"""Pictures of the running program for the documents: `python -m tests.pictures`."""
