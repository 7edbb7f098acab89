"""The tables, and the numbered steps that led to them; a step, once published, never changes."""

from typing import Final

from . import full_text_index

APPLICATION_ID: Final = 0x48756262
"""`Hubb`: marks the file as one of ours."""

MIGRATIONS: Final[tuple[str, ...]] = (
    """
    CREATE TABLE progress (
        last INTEGER NOT NULL               -- the id of the last event that was written; a message tells its own
    );
    INSERT INTO progress VALUES (0);
    CREATE TABLE account (
        id INTEGER PRIMARY KEY,             -- the id of the event with which it was registered
        name TEXT NOT NULL,
        argon2 TEXT NOT NULL,               -- the password's Argon2id hash
        scram TEXT NOT NULL,                -- SCRAM-SHA-256's stored keys
        role INTEGER NOT NULL,              -- 0 member, 1 moderator, 2 administrator
        approved INTEGER NOT NULL,          -- 0 while it waits for an administrator
        seen INTEGER NOT NULL               -- up to which id its user has been shown everything
    );
    CREATE TABLE room (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        access TEXT NOT NULL,               -- open, approval or invitation
        secret INTEGER NOT NULL,            -- 1: not listed
        history TEXT NOT NULL,              -- all, since joining or none
        kept INTEGER NOT NULL,              -- 0: it goes some time after its last member
        flags TEXT NOT NULL DEFAULT 'nt',   -- IRC's flags m, n and t
        key TEXT,                           -- what one must know to join
        size INTEGER,                       -- the most members
        topic TEXT,
        topic_by TEXT,
        topic_at INTEGER,                   -- milliseconds since the epoch
        deleted INTEGER                     -- the id of the event with which it was deleted
    );
    CREATE TABLE member (
        room INTEGER NOT NULL REFERENCES room,
        account INTEGER NOT NULL REFERENCES account,
        since INTEGER NOT NULL,             -- the id of the event with which it joined
        modes TEXT NOT NULL,                -- of qaohv, the highest first
        PRIMARY KEY (room, account)
    ) WITHOUT ROWID;
    CREATE TABLE admitted (                 -- who may come in whatever the access
        room INTEGER NOT NULL REFERENCES room,
        account INTEGER NOT NULL REFERENCES account,
        modes TEXT NOT NULL,                -- what it gets back on joining
        PRIMARY KEY (room, account)
    ) WITHOUT ROWID;
    CREATE TABLE request (                  -- wishes to join that nobody has answered yet
        room INTEGER NOT NULL REFERENCES room,
        account INTEGER NOT NULL REFERENCES account,
        name TEXT NOT NULL,
        at INTEGER NOT NULL,                -- milliseconds since the epoch
        wish TEXT NOT NULL,
        PRIMARY KEY (room, account)
    ) WITHOUT ROWID;
    CREATE TABLE mask (                     -- a room's lists
        room INTEGER NOT NULL REFERENCES room,
        letter TEXT NOT NULL,               -- b bans, e exceptions, I who needs no invitation
        mask TEXT NOT NULL,
        by TEXT NOT NULL,
        at INTEGER NOT NULL,                -- milliseconds since the epoch
        PRIMARY KEY (room, letter, mask)
    ) WITHOUT ROWID;
    CREATE TABLE sanction (                 -- who is kept out of the server
        kind TEXT NOT NULL,                 -- name, or network
        subject TEXT NOT NULL,              -- the name, folded, or the network
        until INTEGER,                      -- milliseconds since the epoch; none: until somebody lifts it
        reason TEXT NOT NULL,
        by TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (kind, subject)
    ) WITHOUT ROWID;
    CREATE TABLE message (
        id INTEGER PRIMARY KEY,             -- gives the order, the time and the message id
        room INTEGER,                       -- none for a private message
        low INTEGER,                        -- the two persons of a private one, the smaller number first
        high INTEGER,
        kind TEXT NOT NULL,                 -- message or notice
        person INTEGER NOT NULL,            -- who said it: an account's id, or a guest's number
        nick TEXT NOT NULL,
        username TEXT NOT NULL,
        host TEXT NOT NULL,
        account TEXT,
        to_name TEXT NOT NULL,              -- the room or the other person, as called then
        to_rank TEXT NOT NULL,              -- if only members of this rank were to see it
        text TEXT NOT NULL,
        tags TEXT NOT NULL,                 -- client-only tags, a JSON array of pairs
        cut INTEGER NOT NULL                -- 1: it was too long, and its end is lost
    );
    CREATE INDEX message_room ON message (room, id) WHERE room IS NOT NULL;
    CREATE INDEX message_low ON message (low, high, id) WHERE low IS NOT NULL;
    CREATE INDEX message_high ON message (high, id) WHERE high IS NOT NULL;
    CREATE TABLE happening (                -- what else a room's history tells: who joined, left, changed what
        id INTEGER PRIMARY KEY,
        room INTEGER NOT NULL,
        kind TEXT NOT NULL,                 -- the event's name
        fields TEXT NOT NULL                -- its fields, a JSON object
    );
    CREATE INDEX happening_room ON happening (room, id);
    CREATE TABLE act (                      -- the audit trail
        id INTEGER PRIMARY KEY,
        by TEXT NOT NULL,
        act TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    """,
    """
    ALTER TABLE message ADD joints TEXT NOT NULL DEFAULT '[]';   -- where a long line was split, a JSON array of offsets
    ALTER TABLE message ADD parent INTEGER;                      -- the message that it answers, or reacts to
    ALTER TABLE message ADD bot INTEGER NOT NULL DEFAULT 0;      -- 1: said by a program that says so
    ALTER TABLE message ADD edited INTEGER NOT NULL DEFAULT 0;   -- the id of its last edit
    ALTER TABLE message ADD redacted INTEGER NOT NULL DEFAULT 0; -- the id of the event with which it was deleted
    CREATE INDEX message_parent ON message (parent, id) WHERE parent IS NOT NULL;
    CREATE TABLE amendment (                -- messages that were changed or deleted, without their texts
        id INTEGER PRIMARY KEY,
        message INTEGER NOT NULL REFERENCES message,
        room INTEGER,                       -- none for a private message
        low INTEGER,                        -- the two persons of a private one, the smaller number first
        high INTEGER,
        kind TEXT NOT NULL,                 -- the event's name
        fields TEXT NOT NULL                -- its fields, a JSON object
    );
    CREATE INDEX amendment_message ON amendment (message);
    CREATE INDEX amendment_room ON amendment (room, id) WHERE room IS NOT NULL;
    CREATE INDEX amendment_low ON amendment (low, high, id) WHERE low IS NOT NULL;
    CREATE TABLE marker (                   -- up to where somebody has read
        account INTEGER NOT NULL REFERENCES account,
        place INTEGER NOT NULL,             -- a room's id, or a person's
        until INTEGER NOT NULL,             -- milliseconds since the epoch
        PRIMARY KEY (account, place)
    ) WITHOUT ROWID;
    CREATE TABLE metadata (                 -- what people let others know of themselves and of rooms
        owner INTEGER NOT NULL,             -- a room's id, or an account's
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (owner, key)
    ) WITHOUT ROWID;
    CREATE TABLE secret (                   -- what nobody else knows: for answers that must not be guessed
        value BLOB NOT NULL
    );
    INSERT INTO secret VALUES (randomblob(32));
    CREATE TABLE token (                    -- what signs in beside a password
        digest TEXT PRIMARY KEY,            -- its SHA-256, in hexadecimal digits
        account INTEGER NOT NULL REFERENCES account,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,                 -- secret or certificate
        at INTEGER NOT NULL                 -- milliseconds since the epoch
    ) WITHOUT ROWID;
    """,
    full_text_index.CREATE,
    """
    CREATE TABLE nonce (                    -- what clients call messages that are to be said once; of the last 30 days
        message INTEGER PRIMARY KEY,        -- the message's id
        text TEXT NOT NULL UNIQUE
    );
    """,
    """
    CREATE TABLE file (                     -- what people have sent; the bytes are beside the database, by their digest
        id TEXT PRIMARY KEY,                -- as it stands in its address
        person INTEGER NOT NULL,            -- who has sent it: an account's id, or a guest's number
        digest TEXT NOT NULL,               -- the SHA-256 of its bytes, in hexadecimal digits
        name TEXT NOT NULL,
        kind TEXT NOT NULL,                 -- its media type
        size INTEGER NOT NULL,              -- bytes
        event INTEGER NOT NULL,             -- the id of its arrival
        posted INTEGER NOT NULL DEFAULT 0   -- 1: a message names it; 2: none does any more
    ) WITHOUT ROWID;
    CREATE INDEX file_digest ON file (digest);
    CREATE INDEX file_unused ON file (posted, event) WHERE posted != 1;
    CREATE TABLE posting (                  -- which messages name a file
        file TEXT NOT NULL REFERENCES file,
        message INTEGER NOT NULL REFERENCES message,
        PRIMARY KEY (file, message)
    ) WITHOUT ROWID;
    CREATE INDEX posting_message ON posting (message);
    """,
    """
    CREATE TABLE invitation (               -- codes with which people may register
        digest TEXT PRIMARY KEY,            -- the code's SHA-256, in hexadecimal digits
        number INTEGER NOT NULL,            -- the id of the event that made it
        by TEXT NOT NULL,
        uses INTEGER NOT NULL,              -- how many are left
        until INTEGER NOT NULL,             -- milliseconds since the epoch, 0 for any time
        note TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE token ADD COLUMN scopes TEXT NOT NULL DEFAULT 'chat';   -- what it is for: chat, read, post, admin
    ALTER TABLE token ADD COLUMN used INTEGER NOT NULL DEFAULT 0;       -- milliseconds since the epoch, to the hour
    """,
    """
    CREATE TABLE report (                   -- messages that somebody wants looked at; a report that is closed is gone
        number INTEGER PRIMARY KEY,         -- the id of the event that made it
        message INTEGER NOT NULL,           -- the id of the message
        by TEXT NOT NULL,
        person INTEGER NOT NULL,            -- who has made it: an account's id, or a guest's number
        room INTEGER NOT NULL,              -- 0 for a private conversation
        room_name TEXT NOT NULL,
        author TEXT NOT NULL,
        text TEXT NOT NULL,                 -- what the message said then
        reason TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE webhook (                  -- programs that post into a room, or are told what is said there
        number INTEGER PRIMARY KEY,         -- the id of the event that made it
        name TEXT NOT NULL,
        room INTEGER NOT NULL REFERENCES room,
        by TEXT NOT NULL,
        digest TEXT NOT NULL,               -- in: the SHA-256 of the secret in its address, in hexadecimal digits
        url TEXT NOT NULL,                  -- out: where it is posted to
        secret TEXT NOT NULL,               -- out: what it is signed with
        delivered INTEGER NOT NULL          -- out: the id up to which everything was told
    );
    """,
    """
    CREATE TABLE push (                     -- browsers that are told of messages
        endpoint TEXT PRIMARY KEY,          -- where their push service takes that
        account INTEGER NOT NULL REFERENCES account,
        key TEXT NOT NULL,                  -- the browser's public key, as base64url
        auth TEXT NOT NULL                  -- its secret, as base64url
    ) WITHOUT ROWID;
    CREATE TABLE level (                    -- what somebody is told of, where that is not as usual
        account INTEGER NOT NULL REFERENCES account,
        place INTEGER NOT NULL,             -- a room's id or a person's, -1 for everything
        level TEXT NOT NULL,                -- all, mentions or none
        PRIMARY KEY (account, place)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE fresh (                    -- what was said last, on its way into `message` and `search`
        id INTEGER PRIMARY KEY,
        room INTEGER,
        low INTEGER,
        high INTEGER,
        kind TEXT NOT NULL,
        person INTEGER NOT NULL,
        nick TEXT NOT NULL,
        username TEXT NOT NULL,
        host TEXT NOT NULL,
        account TEXT,
        to_name TEXT NOT NULL,
        to_rank TEXT NOT NULL,
        text TEXT NOT NULL,
        tags TEXT NOT NULL,
        cut INTEGER NOT NULL,
        joints TEXT NOT NULL,
        bot INTEGER NOT NULL,
        parent INTEGER
    );
    """,
    f"""
    {full_text_index.CREATE_PARTS}
    ALTER TABLE progress ADD COLUMN scrubbed INTEGER NOT NULL DEFAULT 0; -- 1: nothing deleted is left in any page
    """,
    """
    -- Networks that were written in another form, such as ::ffff:192.0.2.7/128, held nobody. Of several rows for one
    -- network the one that holds longest stays.
    DELETE FROM sanction WHERE kind = 'network' AND EXISTS (
        SELECT 1 FROM sanction AS other
        WHERE other.kind = 'network' AND network_form(other.subject) = network_form(sanction.subject)
            AND (coalesce(other.until, 9223372036854775807), other.at, other.subject)
                > (coalesce(sanction.until, 9223372036854775807), sanction.at, sanction.subject)
    );
    UPDATE sanction SET subject = network_form(subject) WHERE kind = 'network';
    """,
    """
    CREATE TABLE known_address (            -- from where the owners of accounts have signed in
        account INTEGER NOT NULL REFERENCES account,
        digest TEXT NOT NULL,               -- of the address, keyed with `secret`, in hexadecimal digits
        at INTEGER NOT NULL,                -- when it was used last, to the day; milliseconds since 1970
        PRIMARY KEY (account, digest)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE account ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '';  -- which key `scram` is sealed under
    """,
    """
    ALTER TABLE push ADD COLUMN proof TEXT NOT NULL DEFAULT '';  -- what its session was signed in with, as `Push` says
    """,
    """
    ALTER TABLE admitted ADD COLUMN invited INTEGER;  -- until it is used, the id of an operator's; 0: another's
    """,
    """
    ALTER TABLE room ADD COLUMN maker INTEGER NOT NULL DEFAULT 0;   -- the account that has made it, if one has
    ALTER TABLE room ADD COLUMN emptied INTEGER NOT NULL DEFAULT 0; -- since when no account is in it; milliseconds
    -- Until now a guests' room was gone after a restart, which was written down nowhere.
    UPDATE room SET deleted = id
    WHERE kept = 0 AND deleted IS NULL AND NOT EXISTS (SELECT 1 FROM member WHERE member.room = room.id);
    UPDATE room SET maker = coalesce(
        (SELECT account FROM member WHERE member.room = room.id AND modes LIKE '%q%' ORDER BY since LIMIT 1),
        (SELECT account FROM admitted WHERE admitted.room = room.id AND modes LIKE '%q%' LIMIT 1), 0)
    WHERE kept = 1;
    UPDATE room SET emptied = id >> 12 & 4398046511103
    WHERE maker != 0 AND NOT EXISTS (SELECT 1 FROM member WHERE member.room = room.id);
    """,
    """
    CREATE TABLE emoji (                    -- custom ones; whoever writes `:name:` shows the picture
        name TEXT PRIMARY KEY,
        number INTEGER NOT NULL,            -- the id of the event that made it
        file TEXT NOT NULL REFERENCES file, -- its picture
        maker INTEGER NOT NULL,             -- the id of the account that has added it
        by TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX emoji_file ON emoji (file);
    """,
    """
    CREATE TABLE draft (                    -- what people have begun to write and not sent, for their own clients alone
        account INTEGER NOT NULL REFERENCES account,
        place INTEGER NOT NULL,             -- a room's id, or an account's
        version INTEGER NOT NULL,           -- the id of its last change
        since INTEGER NOT NULL,             -- the version from which on each came out of the one before
        text TEXT NOT NULL,                 -- empty once it was sent or cleared
        PRIMARY KEY (account, place)
    ) WITHOUT ROWID;
    """,
    """
    -- A kind of message may be more than its text: what else it has, such as the choices of a poll, belongs beside the
    -- text, where whoever does not know the kind reads past it. The kinds until now are their texts.
    ALTER TABLE message ADD COLUMN content TEXT;  -- what its kind has beside the text, a JSON value
    ALTER TABLE fresh ADD COLUMN content TEXT;
    """,
    """
    ALTER TABLE account ADD COLUMN left_at INTEGER NOT NULL DEFAULT 0;  -- when its last session ended; milliseconds
    """,
    """
    ALTER TABLE message ADD COLUMN root INTEGER;  -- of a reply: the message with which its thread begins
    ALTER TABLE message ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;  -- 1: a reply for its thread alone
    CREATE INDEX message_root ON message (root, id, person) WHERE root IS NOT NULL AND redacted = 0;
    WITH RECURSIVE thread (id, root, room, low, high, to_rank) AS (
        SELECT id, id, room, low, high, to_rank FROM message AS first
        WHERE kind != 'tags' AND id IN (SELECT parent FROM message WHERE parent IS NOT NULL AND kind != 'tags')
            AND NOT EXISTS (
                SELECT 1 FROM message AS above WHERE above.id = first.parent AND above.id < first.id
                    AND above.kind != 'tags' AND above.room IS first.room AND above.low IS first.low
                    AND above.high IS first.high AND above.to_rank = first.to_rank)
        UNION ALL
        SELECT reply.id, thread.root, reply.room, reply.low, reply.high, reply.to_rank
        FROM thread JOIN message AS reply ON reply.parent = thread.id
        WHERE reply.kind != 'tags' AND reply.id > thread.id AND reply.room IS thread.room
            AND reply.low IS thread.low AND reply.high IS thread.high AND reply.to_rank = thread.to_rank
    )
    UPDATE message SET root = thread.root FROM thread WHERE thread.id = message.id AND message.id != thread.root;
    CREATE TABLE thread_follow (            -- which threads people follow, and how far they have read them
        account INTEGER NOT NULL REFERENCES account,
        root INTEGER NOT NULL,              -- the id of the message with which it begins
        place INTEGER NOT NULL,             -- a room's id, or a person's
        following INTEGER NOT NULL,         -- 0: unfollowed, so no further reply follows it again
        read INTEGER NOT NULL,              -- the id up to which it was read
        changed INTEGER NOT NULL,           -- the id of its last change
        PRIMARY KEY (account, root)
    ) WITHOUT ROWID;
    CREATE INDEX thread_follow_place ON thread_follow (place, account);
    """,
    """
    ALTER TABLE room ADD COLUMN conversation INTEGER NOT NULL DEFAULT 0;  -- 1: a conversation of several people
    """,
    """
    ALTER TABLE message ADD COLUMN mentions TEXT NOT NULL DEFAULT '';  -- the names that it mentions, joined by commas
    ALTER TABLE fresh ADD COLUMN mentions TEXT NOT NULL DEFAULT '';
    """,
)
