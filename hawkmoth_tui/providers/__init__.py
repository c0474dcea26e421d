"""How to speak to a model server: one file per wire protocol; the quirks of vendors are data. The only package that knows httpx."""
