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
from .event import Answer, Command, Event, Request
from .messages import nothing_changes
from .state import Session, State

Rule = Callable[[State, Request, Any], Answer]
Sessions = dict[int, Session]


class EventRule(Struct, frozen=True):
    """An event's effect on the state, and its audience, found `before` the change (for leaving) or after it."""

    change: Callable[[State, Any], None]
    audience: Callable[[State, Any], Sessions] | None = None
    before: bool = False


COMMAND_RULES: Final[dict[type[Command], Rule]] = {
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
    invitations.CreateInvitation: invitations.invite,
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

EVENT_RULES: Final[dict[type[Event], EventRule]] = {
    sessions.SessionOpened: EventRule(sessions.opened),
    sessions.SessionMoved: EventRule(sessions.moved),
    sessions.SessionEnded: EventRule(sessions.ended, sessions.ended_audience, before=True),
    sessions.UserLeft: EventRule(sessions.left, sessions.left_audience, before=True),
    entering.UserArrived: EventRule(entering.arrived),
    entering.SessionEntered: EventRule(entering.session_entered, entering.entered_audience),
    nicks.NickChanged: EventRule(nicks.nick_changed, nicks.neighbours_see),
    away.SessionAwaySet: EventRule(away.session_away_set),
    away.AwaySet: EventRule(away.away_set, away.others_see),
    user_profile.RealnameSet: EventRule(user_profile.realname_set, user_profile.acquaintances_see),
    user_profile.UserModesSet: EventRule(user_profile.user_modes_set, user_profile.own_see),
    entering.SeenNoted: EventRule(entering.seen_noted),
    accounts.AccountRegistered: EventRule(accounts.registered),
    signin.SessionSignedIn: EventRule(signin.session_signed_in),
    signin.UserSignedIn: EventRule(signin.user_signed_in, signin.signed_in_audience),
    accounts.CredentialSet: EventRule(accounts.credential_set),
    accounts.CredentialRenewed: EventRule(accounts.credential_set),
    accounts.RoleChanged: EventRule(accounts.role_changed, accounts.role_audience),
    accounts.AccountApproved: EventRule(accounts.account_approved),
    accounts.RoleGranted: EventRule(accounts.role_granted, accounts.granted_audience),
    rooms.RoomCreated: EventRule(rooms.created),
    rooms.RoomDeleted: EventRule(rooms.deleted, rooms.room_audience, before=True),
    rooms.RoomRenamed: EventRule(rooms.renamed, rooms.room_audience),
    rooms.RoomConfigured: EventRule(rooms.configured, rooms.room_audience),
    access_lists.RoomKept: EventRule(access_lists.room_kept),
    access_lists.AccessGranted: EventRule(access_lists.access_granted),
    joining_and_inviting.Invited: EventRule(
        joining_and_inviting.invited, joining_and_inviting.invited_audience
    ),
    membership.MemberJoined: EventRule(membership.joined, membership.room_audience),
    membership.MemberAdded: EventRule(membership.added),
    membership.MemberAppeared: EventRule(membership.appeared, membership.appeared_audience),
    membership.MemberLeft: EventRule(membership.left, membership.room_audience, before=True),
    membership.MemberKicked: EventRule(membership.kicked, membership.kicked_audience, before=True),
    room_requests.RequestMade: EventRule(room_requests.made, room_requests.made_audience),
    room_requests.RequestAnswered: EventRule(room_requests.answered),
    messages.MessageSaid: EventRule(messages.remember_nonce, messages.said_audience),
    edits.MessageRedacted: EventRule(nothing_changes, edits.amended_audience),
    edits.MessageEdited: EventRule(nothing_changes, edits.amended_audience),
    readmarkers.ReadMarked: EventRule(readmarkers.read_marked, readmarkers.own_see),
    topics.TopicSet: EventRule(topics.topic_set, topics.room_audience),
    modes.ModesChanged: EventRule(modes.modes_changed, modes.room_audience),
    moderation.NameKeptOut: EventRule(moderation.name_kept_out),
    moderation.NameLetIn: EventRule(moderation.name_let_in),
    moderation.AddressKeptOut: EventRule(moderation.address_kept_out),
    moderation.AddressLetIn: EventRule(moderation.address_let_in),
    announcements.Announced: EventRule(nothing_changes, announcements.announced_audience),
    monitors.Watched: EventRule(monitors.watched),
    monitors.Unwatched: EventRule(monitors.unwatched),
    monitors.WatchingMore: EventRule(monitors.watching_more),
    monitors.NickAppeared: EventRule(nothing_changes, monitors.appeared_audience),
    monitors.NickVanished: EventRule(nothing_changes, monitors.vanished_audience),
    metadata.MetadataSet: EventRule(metadata.metadata_set, metadata.set_audience),
    metadata.MetadataTold: EventRule(nothing_changes, metadata.told_audience),
    metadata.Subscribed: EventRule(metadata.subscribed),
    metadata.Unsubscribed: EventRule(metadata.unsubscribed),
    invitations.InvitationMade: EventRule(invitations.invitation_made),
    invitations.InvitationUsed: EventRule(invitations.invitation_used),
    invitations.InvitationWithdrawn: EventRule(invitations.invitation_withdrawn),
    invitations.InvitationShown: EventRule(invitations.invitation_shown),
    files.FileStored: EventRule(files.file_stored),
    files.FileRemoved: EventRule(files.file_removed),
    custom_emoji.EmojiAdded: EventRule(custom_emoji.emoji_added, custom_emoji.everybody_audience),
    custom_emoji.EmojiRenamed: EventRule(custom_emoji.emoji_renamed, custom_emoji.everybody_audience),
    custom_emoji.EmojiDeleted: EventRule(custom_emoji.emoji_deleted, custom_emoji.everybody_audience),
    notifications.LevelSet: EventRule(notifications.level_set, notifications.level_audience),
    notifications.PushAdded: EventRule(notifications.push_added),
    notifications.PushRemoved: EventRule(notifications.push_removed),
    drafts.DraftSet: EventRule(drafts.draft_set, drafts.own_see),
    reports.MessageReported: EventRule(reports.message_reported, reports.reported_audience),
    reports.ReportClosed: EventRule(reports.report_closed),
    webhooks.WebhookAdded: EventRule(webhooks.webhook_added),
    webhooks.WebhookRemoved: EventRule(webhooks.webhook_removed),
    webhooks.WebhookDelivered: EventRule(webhooks.webhook_delivered),
    known_addresses.AddressNoted: EventRule(known_addresses.address_noted),
    tokens.TokenAdded: EventRule(tokens.token_added),
    tokens.TokenUsed: EventRule(tokens.token_used),
    tokens.TokenRemoved: EventRule(tokens.token_removed),
    id_eras.EraBegun: EventRule(id_eras.era_begun),
    settings.RulesChanged: EventRule(settings.rules_changed),
    audit.ActRecorded: EventRule(nothing_changes),
}

_NOBODY: Final[Sessions] = {}


def decide(state: State, request: Request) -> Answer:
    """The events that a command leads to, without applying them."""
    return COMMAND_RULES[type(request.command)](state, request, request.command)


def apply(state: State, event: Event, failed: Callable[[], None] | None = None) -> Sessions:
    """Apply an event and return the ids of its audience's sessions. Read them before the next event is applied.

    A bug in finding who is shown it does not keep it from being so: `failed` is called in its handler, and it is shown
    to nobody. Without `failed` it is raised.
    """
    effect = EVENT_RULES[type(event)]
    if effect.audience is None:
        effect.change(state, event)
        return _NOBODY
    if not effect.before:
        effect.change(state, event)
        return _shown(effect.audience, state, event, failed)
    shown = dict(_shown(effect.audience, state, event, failed))
    effect.change(state, event)
    return shown


def _shown(
    audience: Callable[[State, Any], Sessions], state: State, event: Event, failed: Callable[[], None] | None
) -> Sessions:
    try:
        return audience(state, event)
    except Exception:
        if failed is None:
            raise
        failed()
        return _NOBODY
