"""Every setting there is: its name, type, default, bounds, and a sentence that explains it."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec

from .checks import (
    BornRoom,
    is_born_room,
    is_ending,
    is_hash,
    is_host,
    is_host_name,
    is_host_or_every,
    is_name_pattern,
    is_name_to_reserve,
    is_network,
    is_origin,
    is_plain_name,
    is_room_name_or_empty,
    is_title,
    is_web_address_or_empty,
    parse_room,
)
from .declaration import Section, file_setting, setting, text_setting

HOST: Final = 'an address or a host\'s name, or "*" for every address of the machine'
NETWORKS: Final = 'a list of addresses or networks, for example ["192.168.0.0/16"]'


class Server(Section, frozen=True):
    """The server's name and the addresses that it listens on."""

    name: Annotated[
        str,
        text_setting(
            "The server's name on IRC. A dot in it keeps clients from taking it for a nickname.",
            least=1,
            most=63,
            restart=True,
            allowed="1 to 63 letters, digits, dots or hyphens, as in a host name",
            check=is_host_name,
            owner=True,
        ),
    ] = "chat.hubbub"
    network: Annotated[
        str,
        text_setting(
            "The name of this chat, as people see it.",
            least=1,
            most=50,
            allowed="1 to 50 characters, without spaces at the beginning or end",
            check=is_title,
        ),
    ] = "Hubbub"
    address: Annotated[
        str,
        text_setting(
            "The address that the server listens on.",
            most=255,
            restart=True,
            flag="--address",
            allowed=HOST,
            check=is_host_or_every,
            owner=True,
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int,
        setting(
            "The port that serves all protocols; 0 picks a free one.",
            least=0,
            most=65535,
            restart=True,
            flag="--port",
            owner=True,
        ),
    ] = 12345
    proxies: Annotated[
        tuple[str, ...],
        text_setting(
            "The addresses of proxies that pass on the client's address by the PROXY protocol.",
            most=1000,
            restart=True,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()
    web_origins: Annotated[
        tuple[str, ...],
        text_setting(
            "Other sites whose pages may connect from a browser; * for all.",
            most=300,
            allowed='a list of origins, for example ["https://chat.example.org"]',
            check=is_origin,
            owner=True,
        ),
    ] = ()
    lan: Annotated[
        bool,
        setting(
            "Whether the server listens on every address of the machine, whatever `address` says.",
            restart=True,
            flag="--lan",
            owner=True,
        ),
    ] = False
    password: Annotated[
        str, text_setting("The password that everyone needs to sign in; empty for none.", secret=True)
    ] = ""
    motd: Annotated[
        str,
        text_setting(
            "The message of the day, which everyone sees when they sign in.", most=20_000, lines=True
        ),
    ] = ""
    motd_file: Annotated[
        str,
        file_setting(
            "A file with the message of the day instead; a relative path starts at the data folder."
        ),
    ] = ""
    web_address: Annotated[
        str,
        text_setting(
            "The public address of the web page, also behind a proxy; empty for the address that each browser uses.",
            most=300,
            allowed="an address that begins with https://, without spaces, or empty",
            check=is_web_address_or_empty,
            owner=True,
        ),
    ] = ""
    metrics_networks: Annotated[
        tuple[str, ...],
        text_setting(
            "The addresses and networks that may read /metrics, besides this machine itself.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()
    icon: Annotated[
        str,
        text_setting(
            "The https address of an icon that clients may show for this chat; empty for none.",
            most=300,
            allowed="an address that begins with https://, without spaces, or empty",
            check=is_web_address_or_empty,
        ),
    ] = ""
    welcome_room: Annotated[
        str,
        text_setting(
            "The room that everyone joins on signing up, if it exists; empty for none.",
            allowed="a room name, or empty",
            check=is_room_name_or_empty,
        ),
    ] = "Général"
    admin_name: Annotated[str, text_setting("The person who runs the server, as IRC's ADMIN shows it.")] = ""
    admin_location: Annotated[str, text_setting("The location of the server, as IRC's ADMIN shows it.")] = ""
    admin_email: Annotated[
        str, text_setting("The contact address of that person, as IRC's ADMIN shows it.")
    ] = ""

    @property
    def host(self) -> str:
        """Where to listen; "*" is every address of the machine."""
        return "*" if self.lan else self.address


class Accounts(Section, frozen=True):
    """Who may register an account, and how passwords are stored."""

    registration: Annotated[
        Literal["open", "invitation", "approval", "closed"],
        setting(
            "Who can register: anyone, people with an invitation, anyone whom an administrator then "
            "approves, or nobody."
        ),
    ] = "open"
    guests: Annotated[bool, setting("Whether guests can sign in with only a nickname.")] = True
    directory: Annotated[
        Literal["everyone", "members", "moderators", "administrators"],
        setting(
            "Who can list the accounts of the server: also guests, people with an account, or only staff."
        ),
    ] = "members"
    name_pattern: Annotated[
        str,
        text_setting(
            "The pattern that the names of accounts and guests must match.",
            least=1,
            allowed=(
                "a regular expression of at most 300 characters for names of 1 to 63 characters, without "
                "spaces and any of # : ! @ , * ? $ ~ & %, in which no group is repeated"
            ),
            check=is_name_pattern,
        ),
    ] = "^[a-zA-Z0-9_]{3,20}$"
    name_rule: Annotated[
        str,
        text_setting(
            "The same rule in words, for people who choose another name: Names are …",
            least=1,
            most=200,
        ),
    ] = "3 to 20 letters, digits or underscores"
    reserved_names: Annotated[
        tuple[str, ...],
        text_setting(
            "More names that nobody can take, including look-alikes; an administrator can create such accounts.",
            most=1000,
            allowed='a list of names, for example ["headmaster"]',
            check=is_name_to_reserve,
        ),
    ] = ()
    password_min_characters: Annotated[
        int, setting("The minimum length of a new password, in characters.", restart=True, least=1, most=100)
    ] = 6
    scram: Annotated[
        bool,
        setting(
            "Whether people can sign in by SCRAM-SHA-256, which never shows the server the password; for "
            "this, the server stores a second form of each password.",
            restart=True,
        ),
    ] = True
    scram_iterations: Annotated[
        int,
        setting(
            "The number of SCRAM iterations: more makes it harder to guess a password from the stored keys, "
            "and sign-in by SCRAM slower for the client; 600,000 take 0.2 seconds on a good computer. "
            "An account gets a changed number at its next sign-in by password.",
            least=4096,
            most=1_000_000,
            restart=True,
            owner=True,
        ),
    ] = 600_000
    sealing_key_file: Annotated[
        str,
        file_setting(
            "The file with the key that seals the SCRAM keys; a relative path starts at the data folder. "
            "Empty for sealing.key in the data folder, which the server creates if it is missing.",
            restart=True,
        ),
    ] = ""
    hash_memory_kib: Annotated[
        int,
        setting(
            "The memory that Argon2id uses for each password, in KiB.",
            least=8192,
            most=4_194_304,
            restart=True,
            owner=True,
        ),
    ] = 65_536
    hash_passes: Annotated[
        int,
        setting(
            "The number of passes that Argon2id makes over that memory.",
            least=1,
            most=100,
            restart=True,
            owner=True,
        ),
    ] = 3
    hashes_at_once: Annotated[
        int,
        setting(
            "The number of passwords hashed at the same time; the others wait. With two or more, no single "
            "address can use the last place.",
            least=1,
            most=64,
            restart=True,
            owner=True,
        ),
    ] = 2


class Rooms(Section, frozen=True):
    """The first rooms, and the defaults of new rooms."""

    default: Annotated[
        tuple[str, ...],
        text_setting(
            "The rooms that the server creates on its first start.",
            most=1000,
            restart=True,
            allowed='a list of names, each followed by ": approval" or ": invitation" unless it is open, '
            'then by "secret" to keep it out of lists, for example ["Tea", "Staff: invitation secret"]',
            check=is_born_room,
        ),
    ] = ("Blabla", "Comptabilité: approval", "Général", "Informatique: approval", "Marketing: approval")
    creation: Annotated[
        Literal["everyone", "members", "administrators"],
        setting("Who can create rooms: guests too, people with an account, or administrators only."),
    ] = "everyone"
    history: Annotated[
        Literal["all", "since joining", "none"],
        setting("The part of a new room's history that its members can read."),
    ] = "all"
    guests_absence_seconds: Annotated[
        int,
        setting(
            "How long the server keeps an empty room that a guest created, with its messages, for people "
            "who return; 0 deletes it when the last person leaves.",
            least=0,
            most=31_536_000,
        ),
    ] = 3_600
    unused_days: Annotated[
        int,
        setting(
            "The number of days after which the server deletes a member's room that is empty, has no "
            "messages and was never configured.",
            most=36_500,
            off=True,
        ),
    ] = 30

    def defaults(self) -> tuple[BornRoom, ...]:
        """The rooms of `default`, with their access."""
        return tuple(map(parse_room, self.default))


class Tls(Section, frozen=True):
    """Encryption."""

    certificate: Annotated[
        str,
        file_setting(
            "A file with a certificate and its intermediate certificates in PEM form, reloaded when it "
            "changes; empty for a certificate that the server creates.",
            restart=True,
            flag="--tls-cert",
        ),
    ] = ""
    key: Annotated[
        str,
        file_setting(
            "The file with the certificate's key, reloaded when it changes.",
            restart=True,
            flag="--tls-key",
        ),
    ] = ""
    required_beyond_loopback: Annotated[
        bool,
        setting(
            "Whether the server accepts passwords from other machines only over an encrypted connection.",
            owner=True,
        ),
    ] = True
    sts_seconds: Annotated[
        int,
        setting(
            "How long IRC clients must use only TLS (IRCv3's sts); 0 turns this off.",
            least=0,
            most=31_536_000,
            owner=True,
        ),
    ] = 0
    extra_names: Annotated[
        tuple[str, ...],
        text_setting(
            "More names and addresses of this machine, for the server's own certificate and as addresses of "
            "its web page.",
            most=100,
            restart=True,
            allowed='a list of addresses or host names, for example ["chat.example"]',
            check=is_host,
            owner=True,
        ),
    ] = ()


class Log(Section, frozen=True):
    """The server's log: connections, sign-ins, errors and administration, never the text of messages."""

    format: Annotated[
        Literal["text", "json"],
        setting("Whether log entries are lines of text or of JSON.", restart=True, owner=True),
    ] = "text"
    file: Annotated[
        bool,
        setting("Whether the server logs to `log/app.log` in the data folder.", restart=True, owner=True),
    ] = True
    console: Annotated[bool, setting("Whether the server logs to the console.", restart=True, owner=True)] = (
        True
    )
    max_bytes: Annotated[
        int,
        setting(
            "The size at which the log file is rotated.",
            least=10_000,
            most=10**12,
            restart=True,
            owner=True,
        ),
    ] = 10_000_000
    backups: Annotated[
        int,
        setting("The number of rotated log files to keep.", least=0, most=1000, restart=True, owner=True),
    ] = 5
    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        setting("The lowest level of entries to write.", restart=True, owner=True),
    ] = "info"


class Files(Section, frozen=True):
    """Files and pictures that people send."""

    max_bytes: Annotated[
        int, setting("The maximum size of a file; 0 turns uploads off.", least=0, most=10**12)
    ] = 50_000_000
    quota_bytes: Annotated[
        int, setting("The maximum total size of one account's files.", most=10**15, off=True)
    ] = 2_000_000_000
    total_bytes: Annotated[int, setting("The maximum total size of all files.", most=10**18, off=True)] = 0
    reserve_bytes: Annotated[
        int,
        setting(
            "The disk space to keep free; while less is free, the server accepts no files.",
            most=10**15,
            off=True,
            owner=True,
        ),
    ] = 1_000_000_000
    keep_metadata: Annotated[
        bool,
        setting("Whether pictures keep their metadata, such as where they were taken."),
    ] = False
    guests: Annotated[bool, setting("Whether guests can upload files.")] = False
    emoji: Annotated[
        Literal["members", "moderators", "administrators"],
        setting("Who can add custom emoji: everyone with an account, moderators, or administrators."),
    ] = "members"
    refused: Annotated[
        tuple[str, ...],
        text_setting(
            "File extensions that the server refuses.",
            most=200,
            allowed='a list of extensions, for example [".exe", ".bat"]',
            check=is_ending,
        ),
    ] = ()


class Web(Section, frozen=True):
    """The features of the page that contact other machines; without Internet access none of them runs."""

    push: Annotated[
        bool,
        setting(
            "Whether the server sends notifications to browsers through the push services of their vendors."
        ),
    ] = True
    previews: Annotated[
        bool,
        setting("Whether the server looks up the links in messages and shows previews."),
    ] = True
    own_networks: Annotated[
        tuple[str, ...],
        text_setting(
            "Public addresses and networks of your own that link previews, push and webhooks must not "
            "reach. They never reach private networks and those of the machine itself.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()
    webhook_networks: Annotated[
        tuple[str, ...],
        text_setting(
            "Addresses and networks of your own that webhooks may nevertheless post to.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()


class Limits(Section, frozen=True):
    """The limits on what one person or address may use."""

    exempt: Annotated[
        tuple[str, ...],
        text_setting(
            "The addresses and networks that are exempt from the limits on connections, sessions, speed and sign-ins.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()
    connections: Annotated[
        int,
        setting(
            "The maximum number of connections; fewer if the process may not open that many files.",
            restart=True,
            most=10_000_000,
            off=True,
        ),
    ] = 10_000
    connections_an_address: Annotated[
        int,
        setting(
            "The maximum number of connections from one address, or IPv6 /64; 4 times as many from a /56 "
            "and 16 times as many from a /48.",
            restart=True,
            most=10_000_000,
            off=True,
        ),
    ] = 100
    unrecognised_connections: Annotated[
        int,
        setting(
            "The maximum number of connections whose protocol is not known yet.",
            restart=True,
            most=10_000_000,
            off=True,
        ),
    ] = 5_000
    handshake_seconds: Annotated[
        int, setting("The time limit for a TLS handshake.", restart=True, least=1, most=600)
    ] = 10
    registration_seconds: Annotated[int, setting("The time limit for signing in.", most=86_400, off=True)] = (
        120
    )
    ping_seconds: Annotated[
        int,
        setting("The idle time after which the server sends a ping.", most=86_400, off=True),
    ] = 120
    ping_timeout_seconds: Annotated[
        int, setting("The time limit for the answer to a ping.", least=5, most=86_400)
    ] = 60
    lines_a_second: Annotated[
        int,
        setting(
            "The number of lines that a session may send per second on average.", most=1_000_000, off=True
        ),
    ] = 10
    burst_lines: Annotated[
        int, setting("The number of lines that a session may send in one burst.", least=1, most=1_000_000)
    ] = 50
    flood_seconds: Annotated[
        int,
        setting(
            "How long a session may exceed that rate; the server delays its lines meanwhile, then disconnects it.",
            most=86_400,
            off=True,
        ),
    ] = 1_200
    send_queue_bytes: Annotated[
        int,
        setting(
            "The amount of unsent data at which the server disconnects a slow reader.", most=2**40, off=True
        ),
    ] = 1_048_576
    netcat_line_bytes: Annotated[
        int, setting("The maximum length of a line over plain TCP.", least=512, most=1_048_576)
    ] = 4096
    message_bytes: Annotated[
        int,
        setting(
            "The maximum length of a message; the server cuts a longer one and tells the sender.",
            least=350,
            most=1_048_576,
        ),
    ] = 4096
    multiline_bytes: Annotated[
        int,
        setting("The maximum total length of a multiline message.", least=350, most=1_048_576),
    ] = 16_384
    multiline_lines: Annotated[
        int, setting("The maximum number of lines in a message.", least=2, most=10_000)
    ] = 200
    topic_bytes: Annotated[int, setting("The maximum length of a room's topic.", least=1, most=390)] = 390
    reason_bytes: Annotated[
        int,
        setting(
            "The maximum length of a reason, such as for leaving, being away or a ban.", least=1, most=390
        ),
    ] = 300
    realname_bytes: Annotated[
        int, setting("The maximum length of a real name on IRC.", least=1, most=390)
    ] = 150
    sessions_an_account: Annotated[
        int, setting("The maximum number of sessions of an account.", most=1_000_000, off=True)
    ] = 50
    rooms_a_person: Annotated[
        int, setting("The maximum number of rooms that a person can be in.", most=1_000_000, off=True)
    ] = 100
    rooms_made: Annotated[
        int,
        setting(
            "The maximum number of rooms that an account can create; administrators have no limit.",
            most=1_000_000,
            off=True,
        ),
    ] = 100
    rooms_made_an_account_a_day: Annotated[
        int,
        setting("The maximum number of rooms that an account can create in a day.", most=1_000_000, off=True),
    ] = 20
    rooms_made_an_address_a_day: Annotated[
        int,
        setting("The maximum number of rooms created from one address in a day.", most=1_000_000, off=True),
    ] = 100
    room_list_entries: Annotated[
        int,
        setting(
            "The maximum number of entries in each list of a room, such as its bans.",
            most=1_000_000,
            off=True,
        ),
    ] = 200
    monitored_names: Annotated[
        int,
        setting(
            "The maximum number of names that a session can watch (IRC's MONITOR).", most=1_000_000, off=True
        ),
    ] = 200
    targets_a_message: Annotated[
        int, setting("The maximum number of targets of one message.", least=1, most=100)
    ] = 4
    history_a_request: Annotated[
        int, setting("The maximum number of messages in one history request.", least=1, most=100_000)
    ] = 1_000
    signin_failures: Annotated[
        int,
        setting(
            "The number of failed sign-ins after which the server delays more from the same address.",
            most=1_000_000,
            off=True,
        ),
    ] = 5
    signin_delay_seconds: Annotated[int, setting("The length of that delay.", least=1, most=86_400)] = 30
    accounts_an_address_a_day: Annotated[
        int,
        setting(
            "The maximum number of accounts registered from one address in a day.", most=1_000_000, off=True
        ),
    ] = 100


class Listener(Section, frozen=True, kw_only=True):
    """Another address and port, for all or only one kind of client."""

    name: Annotated[
        str,
        text_setting(
            "The listener's name in the log.",
            least=1,
            allowed="1 to 40 letters, digits, dots, hyphens or underscores",
            check=is_plain_name,
            restart=True,
        ),
    ]
    address: Annotated[
        str,
        text_setting(
            "The address that it listens on.", most=255, restart=True, allowed=HOST, check=is_host_or_every
        ),
    ] = "127.0.0.1"
    port: Annotated[int, setting("Its port; 0 picks a free one.", least=0, most=65535, restart=True)]
    kind: Annotated[
        Literal["any", "irc", "netcat", "http"], setting("The protocols that it serves.", restart=True)
    ] = "any"
    tls: Annotated[
        Literal["auto", "only", "never"],
        setting("Whether it accepts TLS and plain connections, only TLS, or only plain ones.", restart=True),
    ] = "auto"


class Operator(Section, frozen=True):
    """A name and password that grant a role through IRC's OPER."""

    password: Annotated[
        str,
        text_setting(
            "The operator's password, hashed.",
            secret=True,
            most=500,
            allowed="an Argon2id hash as `hubbub hash-password` prints it, not the password itself",
            check=is_hash,
        ),
    ]
    role: Annotated[Literal["moderator", "admin"], setting("The role that OPER grants.")] = "moderator"
    networks: Annotated[
        tuple[str, ...],
        text_setting(
            "The addresses and networks that may use OPER; empty for all.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
        ),
    ] = ()


class Gateway(Section, frozen=True, kw_only=True):
    """A web page or bouncer that passes on its users' addresses by IRC's WEBIRC."""

    password: Annotated[
        str,
        text_setting(
            "The gateway's password, hashed.",
            secret=True,
            most=500,
            allowed="an Argon2id hash as `hubbub hash-password` prints it, not the password itself",
            check=is_hash,
        ),
    ]
    networks: Annotated[
        tuple[str, ...],
        text_setting(
            "The addresses and networks that it connects from.", most=1000, allowed=NETWORKS, check=is_network
        ),
    ]


class Settings(msgspec.Struct, frozen=True):
    """All settings."""

    server: Server = Server()
    accounts: Accounts = Accounts()
    rooms: Rooms = Rooms()
    tls: Tls = Tls()
    log: Log = Log()
    files: Files = Files()
    web: Web = Web()
    limits: Limits = Limits()
    listeners: tuple[Listener, ...] = ()
    operators: Mapping[str, Operator] = {}
    gateways: Mapping[str, Gateway] = {}


SECTIONS: Final[Mapping[str, type[Section]]] = {
    "server": Server,
    "accounts": Accounts,
    "rooms": Rooms,
    "tls": Tls,
    "log": Log,
    "files": Files,
    "web": Web,
    "limits": Limits,
}
"""The sections that there are once, in the order in which people are shown them."""

LISTENERS: Final = "listeners"
OPERATORS: Final = "operators"
GATEWAYS: Final = "gateways"
NAMED: Final[Mapping[str, type[Section]]] = {OPERATORS: Operator, GATEWAYS: Gateway}
"""Those of which each has a name, in its title."""

REPEATED: Final[Mapping[str, type[Section]]] = {LISTENERS: Listener, **NAMED}
"""The sections that there may be several of; they stand in the file only."""

ALL_SECTIONS: Final[Mapping[str, type[Section]]] = {**SECTIONS, **REPEATED}
