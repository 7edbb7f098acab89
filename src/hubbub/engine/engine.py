"""The engine's contents page: which rule answers a command, what an event changes, and who is shown it.

The same commands in the same order give the same events, on any machine. `decide` reads the state and gives events
or a refusal; `apply` changes the state and can't refuse.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from . import (
    access_lists,
    accounts,
    announcements,
    audit,
    away,
    custom_emoji,
    drafts,
    edits,
    entering,
    files,
    id_eras,
    invitations,
    joining_and_inviting,
    known_addresses,
    membership,
    messages,
    metadata,
    moderation,
    modes,
    monitors,
    nicks,
    notifications,
    readmarkers,
    reports,
    revocation,
    room_requests,
    rooms,
    sessions,
    settings,
    signin,
    tokens,
    topics,
    unused_rooms,
    user_profile,
    webhooks,
)
from .event import Answer, Ask, Command, Event
from .messages import nothing_changes
from .state import Session, State

Rule = Callable[[State, Ask, Any], Answer]
Sessions = dict[int, Session]


class Effect(Struct, frozen=True):
    """What an event changes, and which sessions are shown it: `before` the change (who leaves) or after it."""

    change: Callable[[State, Any], None]
    sees: Callable[[State, Any], Sessions] | None = None
    before: bool = False


RULES: Final[dict[type[Command], Rule]] = {
    sessions.Connect: sessions.connect,
    sessions.ComeThrough: sessions.move,
    sessions.Disconnect: sessions.disconnect,
    revocation.EndSessions: revocation.end_sessions,
    entering.Enter: entering.enter,
    nicks.ChangeNick: nicks.change_nick,
    away.SetAway: away.set_away,
    user_profile.SetRealname: user_profile.set_realname,
    user_profile.SetUserModes: user_profile.set_user_modes,
    entering.NoteSeen: entering.note_seen,
    accounts.RegisterAccount: accounts.register,
    signin.SignIn: signin.sign_in,
    accounts.SetCredential: accounts.set_credential,
    accounts.RenewCredential: accounts.renew_credential,
    accounts.ResetCredential: accounts.reset_credential,
    accounts.ChangeRole: accounts.change_role,
    accounts.ApproveAccount: accounts.approve,
    accounts.GrantRole: accounts.grant_role,
    rooms.CreateRoom: rooms.create,
    rooms.DeleteRoom: rooms.delete,
    rooms.RenameRoom: rooms.rename,
    rooms.ConfigureRoom: rooms.configure,
    unused_rooms.LetRoomGo: unused_rooms.let_room_go,
    access_lists.KeepRoom: access_lists.keep_room,
    access_lists.GrantAccess: access_lists.grant_access,
    joining_and_inviting.Join: joining_and_inviting.join,
    joining_and_inviting.Invite: joining_and_inviting.invite,
    membership.Leave: membership.leave,
    membership.Kick: membership.kick,
    room_requests.Knock: room_requests.knock,
    room_requests.Accept: room_requests.accept,
    room_requests.Deny: room_requests.deny,
    messages.SayInRoom: messages.say_in_room,
    messages.SayPrivately: messages.say_privately,
    edits.Redact: edits.redact,
    edits.Edit: edits.edit,
    readmarkers.MarkRead: readmarkers.mark_read,
    topics.SetTopic: topics.set_topic,
    modes.ChangeModes: modes.change_modes,
    moderation.KeepOut: moderation.keep_out,
    moderation.KeepOutAddress: moderation.keep_out_address,
    moderation.LetIn: moderation.let_in,
    moderation.LetInAddress: moderation.let_in_address,
    moderation.Kill: moderation.kill,
    announcements.Announce: announcements.announce,
    monitors.Watch: monitors.watch,
    monitors.Unwatch: monitors.unwatch,
    monitors.WatchMore: monitors.watch_more,
    metadata.SetMetadata: metadata.set_metadata,
    metadata.ClearMetadata: metadata.clear_metadata,
    metadata.Subscribe: metadata.subscribe,
    metadata.Unsubscribe: metadata.unsubscribe,
    invitations.Invite: invitations.invite,
    invitations.Withdraw: invitations.withdraw,
    invitations.ShowInvitation: invitations.show_invitation,
    files.StoreFile: files.store_file,
    files.RemoveFile: files.remove_file,
    custom_emoji.AddEmoji: custom_emoji.add_emoji,
    custom_emoji.RenameEmoji: custom_emoji.rename_emoji,
    custom_emoji.DeleteEmoji: custom_emoji.delete_emoji,
    notifications.SetLevel: notifications.set_level,
    notifications.AddPush: notifications.add_push,
    notifications.RemovePush: notifications.remove_push,
    drafts.SetDraft: drafts.set_draft,
    reports.ReportMessage: reports.report_message,
    reports.CloseReport: reports.close_report,
    webhooks.AddWebhook: webhooks.add_webhook,
    webhooks.RemoveWebhook: webhooks.remove_webhook,
    webhooks.SayByWebhook: webhooks.say_by_webhook,
    webhooks.NoteDelivery: webhooks.note_delivery,
    known_addresses.NoteAddress: known_addresses.note_address,
    tokens.AddToken: tokens.add_token,
    tokens.NoteUse: tokens.note_use,
    tokens.RemoveToken: tokens.remove_token,
    id_eras.BeginEra: id_eras.begin_era,
    settings.ChangeRules: settings.change_rules,
    settings.NoteSetting: settings.note_setting,
}

EFFECTS: Final[dict[type[Event], Effect]] = {
    sessions.SessionOpened: Effect(sessions.opened),
    sessions.SessionMoved: Effect(sessions.moved),
    sessions.SessionEnded: Effect(sessions.ended, sessions.ended_sees, before=True),
    sessions.UserLeft: Effect(sessions.left, sessions.left_sees, before=True),
    entering.UserArrived: Effect(entering.arrived),
    entering.SessionEntered: Effect(entering.session_entered, entering.entered_sees),
    nicks.NickChanged: Effect(nicks.nick_changed, nicks.neighbours_see),
    away.SessionAwaySet: Effect(away.session_away_set),
    away.AwaySet: Effect(away.away_set, away.others_see),
    user_profile.RealnameSet: Effect(user_profile.realname_set, user_profile.acquaintances_see),
    user_profile.UserModesSet: Effect(user_profile.user_modes_set, user_profile.own_see),
    entering.SeenNoted: Effect(entering.seen_noted),
    accounts.AccountRegistered: Effect(accounts.registered),
    signin.SessionSignedIn: Effect(signin.session_signed_in),
    signin.UserSignedIn: Effect(signin.user_signed_in, signin.signed_in_sees),
    accounts.CredentialSet: Effect(accounts.credential_set),
    accounts.CredentialRenewed: Effect(accounts.credential_set),
    accounts.RoleChanged: Effect(accounts.role_changed, accounts.role_sees),
    accounts.AccountApproved: Effect(accounts.account_approved),
    accounts.RoleGranted: Effect(accounts.role_granted, accounts.granted_sees),
    rooms.RoomCreated: Effect(rooms.created),
    rooms.RoomDeleted: Effect(rooms.deleted, rooms.room_sees, before=True),
    rooms.RoomRenamed: Effect(rooms.renamed, rooms.room_sees),
    rooms.RoomConfigured: Effect(rooms.configured, rooms.room_sees),
    access_lists.RoomKept: Effect(access_lists.room_kept),
    access_lists.AccessGranted: Effect(access_lists.access_granted),
    joining_and_inviting.Invited: Effect(joining_and_inviting.invited, joining_and_inviting.invited_sees),
    membership.MemberJoined: Effect(membership.joined, membership.room_sees),
    membership.MemberAdded: Effect(membership.added),
    membership.MemberAppeared: Effect(membership.appeared, membership.appeared_sees),
    membership.MemberLeft: Effect(membership.left, membership.room_sees, before=True),
    membership.MemberKicked: Effect(membership.kicked, membership.kicked_sees, before=True),
    room_requests.RequestMade: Effect(room_requests.made, room_requests.made_sees),
    room_requests.RequestAnswered: Effect(room_requests.answered),
    messages.MessageSaid: Effect(messages.remember_nonce, messages.said_sees),
    messages.PrivateSaid: Effect(messages.remember_nonce, messages.private_sees),
    edits.MessageRedacted: Effect(nothing_changes, edits.amended_sees),
    edits.MessageEdited: Effect(nothing_changes, edits.amended_sees),
    readmarkers.ReadMarked: Effect(readmarkers.read_marked, readmarkers.own_see),
    topics.TopicSet: Effect(topics.topic_set, topics.room_sees),
    modes.ModesChanged: Effect(modes.modes_changed, modes.room_sees),
    moderation.NameKeptOut: Effect(moderation.name_kept_out),
    moderation.NameLetIn: Effect(moderation.name_let_in),
    moderation.AddressKeptOut: Effect(moderation.address_kept_out),
    moderation.AddressLetIn: Effect(moderation.address_let_in),
    announcements.Announced: Effect(nothing_changes, announcements.announced_sees),
    monitors.Watched: Effect(monitors.watched),
    monitors.Unwatched: Effect(monitors.unwatched),
    monitors.WatchingMore: Effect(monitors.watching_more),
    monitors.NickAppeared: Effect(nothing_changes, monitors.appeared_sees),
    monitors.NickVanished: Effect(nothing_changes, monitors.vanished_sees),
    metadata.MetadataSet: Effect(metadata.metadata_set, metadata.set_sees),
    metadata.MetadataTold: Effect(nothing_changes, metadata.told_sees),
    metadata.Subscribed: Effect(metadata.subscribed),
    metadata.Unsubscribed: Effect(metadata.unsubscribed),
    invitations.InvitationMade: Effect(invitations.invitation_made),
    invitations.InvitationUsed: Effect(invitations.invitation_used),
    invitations.InvitationWithdrawn: Effect(invitations.invitation_withdrawn),
    invitations.InvitationShown: Effect(invitations.invitation_shown),
    files.FileStored: Effect(files.file_stored),
    files.FileRemoved: Effect(files.file_removed),
    custom_emoji.EmojiAdded: Effect(custom_emoji.emoji_added, custom_emoji.everybody_sees),
    custom_emoji.EmojiRenamed: Effect(custom_emoji.emoji_renamed, custom_emoji.everybody_sees),
    custom_emoji.EmojiDeleted: Effect(custom_emoji.emoji_deleted, custom_emoji.everybody_sees),
    notifications.LevelSet: Effect(notifications.level_set, notifications.level_sees),
    notifications.PushAdded: Effect(notifications.push_added),
    notifications.PushRemoved: Effect(notifications.push_removed),
    drafts.DraftSet: Effect(drafts.draft_set, drafts.own_see),
    reports.MessageReported: Effect(reports.message_reported, reports.reported_sees),
    reports.ReportClosed: Effect(reports.report_closed),
    webhooks.WebhookAdded: Effect(webhooks.webhook_added),
    webhooks.WebhookRemoved: Effect(webhooks.webhook_removed),
    webhooks.WebhookDelivered: Effect(webhooks.webhook_delivered),
    known_addresses.AddressNoted: Effect(known_addresses.address_noted),
    tokens.TokenAdded: Effect(tokens.token_added),
    tokens.TokenUsed: Effect(tokens.token_used),
    tokens.TokenRemoved: Effect(tokens.token_removed),
    id_eras.EraBegun: Effect(id_eras.era_begun),
    settings.RulesChanged: Effect(settings.rules_changed),
    audit.ActRecorded: Effect(nothing_changes),
}

_NOBODY: Final[Sessions] = {}


def decide(state: State, ask: Ask) -> Answer:
    """What a command leads to, without doing it."""
    return RULES[type(ask.command)](state, ask, ask.command)


def apply(state: State, event: Event, failed: Callable[[], None] | None = None) -> Sessions:
    """Let an event be so; the sessions that are shown it, by id. Read them before the next event is applied.

    A bug in finding who is shown it does not keep it from being so: `failed` is called in its handler, and it is shown
    to nobody. Without `failed` it is raised.
    """
    effect = EFFECTS[type(event)]
    if effect.sees is None:
        effect.change(state, event)
        return _NOBODY
    if not effect.before:
        effect.change(state, event)
        return _shown(effect.sees, state, event, failed)
    shown = dict(_shown(effect.sees, state, event, failed))
    effect.change(state, event)
    return shown


def _shown(
    sees: Callable[[State, Any], Sessions], state: State, event: Event, failed: Callable[[], None] | None
) -> Sessions:
    try:
        return sees(state, event)
    except Exception:
        if failed is None:
            raise
        failed()
        return _NOBODY
