/**
 * The HTTP API's types, written by `make docs` from the server's OpenAPI document: change the operation, not this file.
 */

/** The problem in a sentence for people. */
export interface Problem {
  readonly error: string;
}

/** The server's public facts: who may sign in, and how. */
export interface ServerInfo {
  readonly network: string;
  readonly version: string;
  readonly registration: "approval" | "closed" | "invitation" | "open";
  readonly guests: boolean;
  readonly password: boolean;
  readonly names: string;
  readonly name_rule: string;
  readonly password_min_characters: number;
  readonly file_bytes: number;
  readonly guest_files: boolean;
  readonly previews: boolean;
}

/** The caller: `name` is the nickname, or the account's name if it is not connected. */
export interface Me {
  readonly name: string;
  readonly account: string | null;
  readonly role: "admin" | "member" | "moderator";
}

/** At most 200: the newest, and one's own. */
export interface Sessions {
  readonly sessions: readonly SessionShown[];
}

/** `by` is what it is signed in with: password, certificate, key or token; `token` is how that one is called. */
export interface SessionShown {
  readonly number: number;
  readonly face: string;
  readonly client: string;
  readonly address: string;
  readonly since: string;
  readonly by: "certificate" | "key" | "password" | "token";
  readonly token: string;
  readonly own: boolean;
}

/** The numbers of other sessions ended, and of tokens, certificates and keys revoked. */
export interface Ended {
  readonly sessions: number;
  readonly tokens: number;
}

/** All of them: an account has at most 50. */
export interface Tokens {
  readonly tokens: readonly TokenShown[];
}

/** `used` is when it was used last, to the hour; null for never. */
export interface TokenShown {
  readonly name: string;
  readonly made: string;
  readonly used: string | null;
  readonly scopes: readonly Scope[];
}

/** The scope of a token: all that its owner may do, or a part of it. */
export type Scope = "admin" | "chat" | "post" | "read";

export interface TokenMade {
  readonly name: string;
  readonly token: string;
  readonly scopes: readonly Scope[];
}

/** In the order of their names. */
export interface Rooms {
  readonly rooms: readonly RoomShown[];
}

export interface RoomShown {
  readonly name: string;
  readonly topic: string;
  readonly access: string;
  readonly members: number;
  readonly joined: boolean;
}

/** The earliest first. */
export interface Messages {
  readonly messages: readonly MessageShown[];
}

/** One message; the text of one that was deleted is empty. */
export interface MessageShown {
  readonly id: string;
  readonly time: string;
  readonly sender: string;
  readonly text: string;
  readonly account: string | null;
  readonly reply_to: string | null;
  readonly edited: boolean;
  readonly deleted: boolean;
}

export interface Said {
  readonly id: string;
  readonly time: string;
}

/** `makers` may add more: members, moderators or administrators; `limit` is how many there may be. */
export interface EmojiList {
  readonly emoji: readonly EmojiShown[];
  readonly makers: "administrators" | "members" | "moderators";
  readonly limit: number;
}

/** `url` is the picture's, on this server; `by` the account that has added it, and `at` when. */
export interface EmojiShown {
  readonly name: string;
  readonly url: string;
  readonly by: string;
  readonly at: string;
}

/** Empty texts where the page says nothing of the kind; `picture` is a path on this server. */
export interface Preview {
  readonly title: string;
  readonly description: string;
  readonly site: string;
  readonly picture: string;
}

/** The result of a command: sentences, and for a list its columns and rows. `next` is the `offset` with which a list goes on; null at its end. */
export interface Done {
  readonly lines: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly ok: boolean;
  readonly next: number | null;
}

export interface Words {
  readonly words: readonly string[];
}

export interface Forms {
  readonly commands: readonly Form[];
}

/** The query or body of a command. */
export interface Form {
  readonly command: string;
  readonly path: string;
  readonly help: string;
  readonly example: string;
  readonly changes: boolean;
  readonly fields: readonly Field[];
}

/** An argument of a command, and what might be meant. */
export interface Field {
  readonly key: string;
  readonly name: string;
  readonly required: boolean;
  readonly several: boolean;
  readonly suggestions: readonly string[];
}

/** With `everywhere` all else that is signed in ends, and other tokens, certificates and keys are revoked. */
export interface NewPassword {
  readonly old: string;
  readonly new: string;
  readonly everywhere?: boolean;
}

/** A new token's name and purpose. With `stays` the session that asks for it is signed in with it from now on, and ends when it is revoked. */
export interface Wish {
  readonly name: string;
  readonly scopes?: readonly Scope[];
  readonly stays?: boolean;
}

/** The first `limit` rooms in the order of their names, or those behind the name `after`. Go on from the last one until a page is empty. */
export interface RoomsPage {
  readonly limit?: number;
  readonly after?: string;
}

/** The newest `limit` messages, or those before one; with `after` the first that follow it. Of long messages a page has fewer: go on from the last one until a page is empty. */
export interface Page {
  readonly limit?: number;
  readonly before?: string;
  readonly after?: string;
}

export interface Saying {
  readonly text: string;
  readonly reply_to?: string;
}

export interface NewName {
  readonly name: string;
}

export interface Wanted {
  readonly url: string;
}

/** A line, and which part of the list that it asks for is wanted. */
export interface Line {
  readonly line: string;
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
}

export interface Completing {
  readonly line: string;
}

/** The requested page of a list: `limit` rows, or lines where it has none, of those that contain `find`. */
export interface ListPage {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
}

export interface AddAccountArguments {
  readonly username: string;
}

export interface ResetPasswordArguments {
  readonly username: string;
}

export interface SetRoleArguments {
  readonly username: string;
  readonly role: string;
}

export interface AcceptAccountArguments {
  readonly username: string;
}

export interface AddInvitationArguments {
  readonly uses: string;
  readonly time: string;
  readonly note?: string;
}

export interface DeleteInvitationArguments {
  readonly number: string;
}

export interface MembersArguments {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
  readonly room: string;
}

export interface AddRoomArguments {
  readonly rooms: readonly string[];
}

export interface DeleteRoomArguments {
  readonly room: string;
}

export interface RenameRoomArguments {
  readonly room: string;
  readonly new_name: string;
}

export interface SetRoomArguments {
  readonly room: string;
  readonly setting: string;
}

export interface InviteArguments {
  readonly username: string;
  readonly room: string;
}

export interface OpArguments {
  readonly username: string;
  readonly room: string;
}

export interface DeopArguments {
  readonly username: string;
  readonly room: string;
}

export interface PendingRoomsArguments {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
  readonly username?: string;
}

export interface AcceptPendingArguments {
  readonly username: string;
  readonly rooms: readonly string[];
}

export interface DenyPendingArguments {
  readonly username: string;
  readonly rooms: readonly string[];
  readonly reason?: string;
}

export interface ReportArguments {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
  readonly number: string;
}

export interface CloseReportArguments {
  readonly number: string;
  readonly note?: string;
}

export interface KickArguments {
  readonly username: string;
  readonly timeout: string;
  readonly reason: string;
}

export interface KickIpArguments {
  readonly ip: string;
  readonly timeout: string;
  readonly reason: string;
}

export interface UnkickArguments {
  readonly username: string;
}

export interface UnkickIpArguments {
  readonly ip: string;
}

export interface BanArguments {
  readonly username: string;
  readonly reason: string;
}

export interface BanIpArguments {
  readonly ip: string;
  readonly reason: string;
}

export interface UnbanArguments {
  readonly username: string;
}

export interface UnbanIpArguments {
  readonly ip: string;
}

export interface KillArguments {
  readonly username: string;
  readonly reason: string;
}

export interface AddWebhookInArguments {
  readonly room: string;
  readonly name: string;
}

export interface AddWebhookOutArguments {
  readonly room: string;
  readonly name: string;
  readonly url: string;
}

export interface DeleteWebhookArguments {
  readonly number: string;
}

export interface RenameEmojiArguments {
  readonly name: string;
  readonly new_name: string;
}

export interface DeleteEmojiArguments {
  readonly name: string;
}

export interface MessagesArguments {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
  readonly time: string;
}

export interface AuditArguments {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
  readonly number?: string;
}

export interface LogArguments {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
  readonly number?: string;
}

export interface AnnounceArguments {
  readonly text: string;
}

export interface SettingsArguments {
  readonly offset?: number;
  readonly limit?: number;
  readonly find?: string;
  readonly part?: string;
}

export interface SetSettingArguments {
  readonly setting: string;
  readonly value: string;
}

export interface BackupArguments {
  readonly file: string;
}

/** Method and path → what is asked with it, and what is answered. */
export interface Operations {
  "GET /api/v1/place": { asked: undefined; answer: ServerInfo };
  "GET /api/v1/me": { asked: undefined; answer: Me };
  "GET /api/v1/sessions": { asked: undefined; answer: Sessions };
  "DELETE /api/v1/sessions/{number}": { asked: undefined; answer: undefined };
  "PUT /api/v1/password": { asked: NewPassword; answer: Ended };
  "GET /api/v1/tokens": { asked: undefined; answer: Tokens };
  "POST /api/v1/tokens": { asked: Wish; answer: TokenMade };
  "DELETE /api/v1/tokens/{name}": { asked: undefined; answer: undefined };
  "GET /api/v1/rooms": { asked: { readonly limit?: number; readonly after?: string }; answer: Rooms };
  "GET /api/v1/rooms/{room}/messages": { asked: { readonly limit?: number; readonly before?: string; readonly after?: string }; answer: Messages };
  "POST /api/v1/rooms/{room}/messages": { asked: Saying; answer: Said };
  "GET /api/v1/people/{name}/messages": { asked: { readonly limit?: number; readonly before?: string; readonly after?: string }; answer: Messages };
  "POST /api/v1/people/{name}/messages": { asked: Saying; answer: Said };
  "GET /api/v1/emoji": { asked: undefined; answer: EmojiList };
  "POST /api/v1/emoji/{name}": { asked: Blob; answer: EmojiShown };
  "PATCH /api/v1/emoji/{name}": { asked: NewName; answer: EmojiShown };
  "DELETE /api/v1/emoji/{name}": { asked: undefined; answer: undefined };
  "POST /api/v1/preview": { asked: Wanted; answer: Preview };
  "POST /api/v1/admin": { asked: Line; answer: Done };
  "POST /api/v1/admin/complete": { asked: Completing; answer: Words };
  "GET /api/v1/admin/commands": { asked: undefined; answer: Forms };
  "GET /api/v1/admin/users": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "GET /api/v1/admin/connections": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "POST /api/v1/admin/add-account": { asked: AddAccountArguments; answer: Done };
  "POST /api/v1/admin/reset-password": { asked: ResetPasswordArguments; answer: Done };
  "POST /api/v1/admin/set-role": { asked: SetRoleArguments; answer: Done };
  "GET /api/v1/admin/pending-accounts": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "POST /api/v1/admin/accept-account": { asked: AcceptAccountArguments; answer: Done };
  "POST /api/v1/admin/add-invitation": { asked: AddInvitationArguments; answer: Done };
  "GET /api/v1/admin/invitations": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "POST /api/v1/admin/delete-invitation": { asked: DeleteInvitationArguments; answer: Done };
  "GET /api/v1/admin/rooms": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "GET /api/v1/admin/members": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string; readonly room: string }; answer: Done };
  "POST /api/v1/admin/add-room": { asked: AddRoomArguments; answer: Done };
  "POST /api/v1/admin/delete-room": { asked: DeleteRoomArguments; answer: Done };
  "POST /api/v1/admin/rename-room": { asked: RenameRoomArguments; answer: Done };
  "POST /api/v1/admin/set-room": { asked: SetRoomArguments; answer: Done };
  "POST /api/v1/admin/invite": { asked: InviteArguments; answer: Done };
  "POST /api/v1/admin/op": { asked: OpArguments; answer: Done };
  "POST /api/v1/admin/deop": { asked: DeopArguments; answer: Done };
  "GET /api/v1/admin/pending-rooms": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string; readonly username?: string }; answer: Done };
  "POST /api/v1/admin/accept-pending": { asked: AcceptPendingArguments; answer: Done };
  "POST /api/v1/admin/deny-pending": { asked: DenyPendingArguments; answer: Done };
  "GET /api/v1/admin/reports": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "GET /api/v1/admin/report": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string; readonly number: string }; answer: Done };
  "POST /api/v1/admin/close-report": { asked: CloseReportArguments; answer: Done };
  "POST /api/v1/admin/kick": { asked: KickArguments; answer: Done };
  "POST /api/v1/admin/kick-ip": { asked: KickIpArguments; answer: Done };
  "POST /api/v1/admin/unkick": { asked: UnkickArguments; answer: Done };
  "POST /api/v1/admin/unkick-ip": { asked: UnkickIpArguments; answer: Done };
  "POST /api/v1/admin/ban": { asked: BanArguments; answer: Done };
  "POST /api/v1/admin/ban-ip": { asked: BanIpArguments; answer: Done };
  "POST /api/v1/admin/unban": { asked: UnbanArguments; answer: Done };
  "POST /api/v1/admin/unban-ip": { asked: UnbanIpArguments; answer: Done };
  "POST /api/v1/admin/kill": { asked: KillArguments; answer: Done };
  "GET /api/v1/admin/bans": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "GET /api/v1/admin/webhooks": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "POST /api/v1/admin/add-webhook-in": { asked: AddWebhookInArguments; answer: Done };
  "POST /api/v1/admin/add-webhook-out": { asked: AddWebhookOutArguments; answer: Done };
  "POST /api/v1/admin/delete-webhook": { asked: DeleteWebhookArguments; answer: Done };
  "GET /api/v1/admin/emoji": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "POST /api/v1/admin/rename-emoji": { asked: RenameEmojiArguments; answer: Done };
  "POST /api/v1/admin/delete-emoji": { asked: DeleteEmojiArguments; answer: Done };
  "GET /api/v1/admin/messages": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string; readonly time: string }; answer: Done };
  "GET /api/v1/admin/audit": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string; readonly number?: string }; answer: Done };
  "GET /api/v1/admin/log": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string; readonly number?: string }; answer: Done };
  "GET /api/v1/admin/status": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string }; answer: Done };
  "POST /api/v1/admin/announce": { asked: AnnounceArguments; answer: Done };
  "GET /api/v1/admin/settings": { asked: { readonly offset?: number; readonly limit?: number; readonly find?: string; readonly part?: string }; answer: Done };
  "POST /api/v1/admin/set-setting": { asked: SetSettingArguments; answer: Done };
  "POST /api/v1/admin/reload": { asked: undefined; answer: Done };
  "POST /api/v1/admin/backup": { asked: BackupArguments; answer: Done };
  "POST /api/v1/admin/shutdown": { asked: undefined; answer: Done };
}
