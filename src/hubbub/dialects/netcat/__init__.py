"""The netcat dialect: plain words in, sentences out."""

from .session import NetcatTalk

__all__ = ["NetcatTalk"]
