"""The screen. The only package that knows Textual and Rich."""
