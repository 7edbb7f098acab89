"""The netcat dialect: plain words in, sentences out."""

from .session import NetcatSession

__all__ = ["NetcatSession"]
