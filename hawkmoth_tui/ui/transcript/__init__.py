"""The conversation as a virtual list of rows. Other parts of the screen use `Transcript` and nothing else from here."""

from hawkmoth_tui.ui.transcript.transcript import Transcript

__all__ = ["Transcript"]
