"""The netcat dialect: plain words in, sentences out."""

from .talk import NetcatTalk

__all__ = ["NetcatTalk"]
