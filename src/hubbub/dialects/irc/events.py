"""The tables of events that IRC shows, from the subjects' own tables."""

from typing import Final

from .event_renderer import EventRenderers, PersonalRenderers
from .subjects import SUBJECTS

EVENTS: Final[EventRenderers] = {
    kind: renderer for subject in SUBJECTS for kind, renderer in getattr(subject, "EVENTS", {}).items()
}

PERSONAL_EVENTS: Final[PersonalRenderers] = {
    kind: renderer
    for subject in SUBJECTS
    for kind, renderer in getattr(subject, "PERSONAL_EVENTS", {}).items()
}
