"""The settings that the engine follows, as its rules."""

import re

from hubbub.engine.names import NameRule
from hubbub.engine.state import History, Rules

from .sections import Settings


def rules(settings: Settings) -> Rules:
    """Put together what the command `ChangeRules` takes."""
    accounts, rooms, limits, files = settings.accounts, settings.rooms, settings.limits, settings.files
    return Rules(
        names=NameRule(re.compile(accounts.name_pattern), accounts.name_rule),
        registration=accounts.registration,
        guests=accounts.guests,
        room_creation=rooms.creation,
        room_history=History(rooms.history),
        welcome_room=settings.server.welcome_room,
        message_bytes=limits.message_bytes,
        multiline_bytes=limits.multiline_bytes,
        multiline_lines=limits.multiline_lines,
        topic_bytes=limits.topic_bytes,
        reason_bytes=limits.reason_bytes,
        realname_bytes=limits.realname_bytes,
        rooms_a_person=limits.rooms_a_person,
        rooms_made=limits.rooms_made,
        unused_room_days=rooms.unused_days,
        guest_room_seconds=rooms.guests_absence_seconds,
        sessions_an_account=limits.sessions_an_account,
        room_list_entries=limits.room_list_entries,
        monitored_names=limits.monitored_names,
        file_bytes=files.max_bytes,
        file_quota_bytes=files.quota_bytes,
        file_total_bytes=files.total_bytes,
        guest_files=files.guests,
        emoji_makers=files.emoji,
        directory=accounts.directory,
        reserved_names=accounts.reserved_names,
        gateways=tuple(network for gateway in settings.gateways.values() for network in gateway.networks),
        webhook_networks=settings.web.webhook_networks,
    )
