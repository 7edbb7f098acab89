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
            "The server's name, as IRC shows it; with a dot in it no client takes it for a nickname.",
            least=1,
            most=63,
            restart=True,
            allowed="1 to 63 letters, digits, dots or hyphens, as in a host's name",
            check=is_host_name,
            owner=True,
        ),
    ] = "chat.hubbub"
    network: Annotated[
        str,
        text_setting(
            "The name under which people know this chat.",
            least=1,
            most=50,
            allowed="1 to 50 characters, of which the first and the last are no spaces",
            check=is_title,
        ),
    ] = "Hubbub"
    address: Annotated[
        str,
        text_setting(
            "Where the server listens.",
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
            "The one port that serves everything; 0 takes a free one.",
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
            "From where a proxy connects that tells by the PROXY protocol who comes through it.",
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
            "Serve every address of the machine, whatever `address` says.",
            restart=True,
            flag="--lan",
            owner=True,
        ),
    ] = False
    password: Annotated[
        str, text_setting("The password that everyone must give to come in; empty for none.", secret=True)
    ] = ""
    motd: Annotated[
        str,
        text_setting("The message of the day, which is shown to whoever comes in.", most=20_000, lines=True),
    ] = ""
    motd_file: Annotated[
        str,
        file_setting(
            "A file with the message of the day instead; a relative path begins at the data folder."
        ),
    ] = ""
    web_address: Annotated[
        str,
        text_setting(
            "The address at which people reach the page, as it is told to others, also through a proxy; empty: the "
            "one they come by.",
            most=300,
            allowed="an address that begins with https://, without spaces, or empty",
            check=is_web_address_or_empty,
            owner=True,
        ),
    ] = ""
    metrics_networks: Annotated[
        tuple[str, ...],
        text_setting(
            "From these addresses and networks the live figures at /metrics are read, beside this machine itself.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()
    icon: Annotated[
        str,
        text_setting(
            "The https address of a picture that clients may show for this chat; empty for none.",
            most=300,
            allowed="an address that begins with https://, without spaces, or empty",
            check=is_web_address_or_empty,
        ),
    ] = ""
    welcome_room: Annotated[
        str,
        text_setting(
            "The room that everyone is put into on signing up, where there is such a room; empty for none.",
            allowed="a room's name, or empty",
            check=is_room_name_or_empty,
        ),
    ] = "Général"
    admin_name: Annotated[str, text_setting("Who runs the server, as IRC's ADMIN says it.")] = ""
    admin_location: Annotated[str, text_setting("Where the server stands, as IRC's ADMIN says it.")] = ""
    admin_email: Annotated[str, text_setting("How to reach who runs it, as IRC's ADMIN says it.")] = ""

    @property
    def host(self) -> str:
        """Where to listen; "*" is every address of the machine."""
        return "*" if self.lan else self.address


class Accounts(Section, frozen=True):
    """Who may register an account, and how passwords are stored."""

    registration: Annotated[
        Literal["open", "invitation", "approval", "closed"],
        setting(
            "Who may register: anyone, who was given an account by an administrator, "
            "anyone whom an administrator then approves, or nobody."
        ),
    ] = "open"
    guests: Annotated[bool, setting("Whether people may come in with a nickname only.")] = True
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
            "The same rule in words; whoever chooses another name is told this: Names are …",
            least=1,
            most=200,
        ),
    ] = "3 to 20 letters, digits or underscores"
    reserved_names: Annotated[
        tuple[str, ...],
        text_setting(
            "Further names that nobody may take, nor any that look like them; an administrator can make such accounts.",
            most=1000,
            allowed='a list of names, for example ["headmaster"]',
            check=is_name_to_reserve,
        ),
    ] = ()
    password_min_characters: Annotated[
        int, setting("The fewest characters that a new password must have.", restart=True, least=1, most=100)
    ] = 6
    scram: Annotated[
        bool,
        setting(
            "Whether people may sign in by SCRAM-SHA-256, which does not show the server their password; "
            "for this a second form of each password is kept.",
            restart=True,
        ),
    ] = True
    scram_iterations: Annotated[
        int,
        setting(
            "The work that guessing a password from SCRAM's keys takes, and each sign-in by SCRAM its client: "
            "600,000 are 0.2 seconds of a good computer. An account gets another number at its next sign-in "
            "by password.",
            least=4096,
            most=1_000_000,
            restart=True,
            owner=True,
        ),
    ] = 600_000
    sealing_key_file: Annotated[
        str,
        file_setting(
            "The file with the key under which SCRAM's keys are sealed, beginning from the data folder; "
            "without one it is sealing.key in the data folder, and it is made where it is not there.",
            restart=True,
        ),
    ] = ""
    hash_memory_kib: Annotated[
        int,
        setting(
            "The memory that Argon2id takes for each password, in KiB.",
            least=8192,
            most=4_194_304,
            restart=True,
            owner=True,
        ),
    ] = 65_536
    hash_passes: Annotated[
        int, setting("How often Argon2id goes over that memory.", least=1, most=100, restart=True, owner=True)
    ] = 3
    hashes_at_once: Annotated[
        int,
        setting(
            "How many passwords are hashed at the same time; the others wait. With two or more, one address leaves "
            "the last place to others.",
            least=1,
            most=64,
            restart=True,
            owner=True,
        ),
    ] = 2


class Rooms(Section, frozen=True):
    """The rooms that a server is born with, and what new rooms are like."""

    default: Annotated[
        tuple[str, ...],
        text_setting(
            "The rooms that are made when the server starts for the first time.",
            most=1000,
            restart=True,
            allowed='a list of names, each with ": approval" or ": invitation" behind it unless it is open, '
            'and "secret" behind that to keep it out of lists, for example ["Tea", "Staff: invitation secret"]',
            check=is_born_room,
        ),
    ] = ("Blabla", "Comptabilité: approval", "Général", "Informatique: approval", "Marketing: approval")
    creation: Annotated[
        Literal["everyone", "members", "administrators"],
        setting("Who may make a room: guests too, whoever has an account, or administrators only."),
    ] = "everyone"
    history: Annotated[
        Literal["all", "since joining", "none"],
        setting("How much of a new room's history its members read."),
    ] = "all"
    guests_absence_seconds: Annotated[
        int,
        setting(
            "How long a room that guests have made, and what was said there, is kept when nobody is in it, so that "
            "they find it when they come back; 0: it goes with the last who leaves it.",
            least=0,
            most=31_536_000,
        ),
    ] = 3_600
    unused_days: Annotated[
        int,
        setting(
            "After how many days a room goes that a member has made, that nobody is in, in which nothing was ever "
            "said, and on which nothing was ever set.",
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
            "A file with a certificate in PEM form and those between it and its authority, read again "
            "when it changes; empty: the server makes its own.",
            restart=True,
            flag="--tls-cert",
        ),
    ] = ""
    key: Annotated[
        str,
        file_setting(
            "The file with the certificate's key, read again when it changes.",
            restart=True,
            flag="--tls-key",
        ),
    ] = ""
    required_beyond_loopback: Annotated[
        bool,
        setting(
            "Whether a password is taken from other machines over an encrypted connection only.", owner=True
        ),
    ] = True
    sts_seconds: Annotated[
        int,
        setting(
            "For how long IRC clients are told to come over TLS only (IRCv3's sts); 0 tells them nothing.",
            least=0,
            most=31_536_000,
            owner=True,
        ),
    ] = 0
    extra_names: Annotated[
        tuple[str, ...],
        text_setting(
            "Further names and addresses of this machine: for the certificate that the server makes itself, and "
            "to reach its page by.",
            most=100,
            restart=True,
            allowed='a list of addresses or hosts\' names, for example ["chat.example"]',
            check=is_host,
            owner=True,
        ),
    ] = ()


class Log(Section, frozen=True):
    """The server's log: connections, sign-ins, errors and administration, never the text of messages."""

    format: Annotated[
        Literal["text", "json"],
        setting("Whether an entry is a line of text or a line of JSON.", restart=True, owner=True),
    ] = "text"
    file: Annotated[
        bool,
        setting("Whether the log goes to `log/app.log` under the data folder.", restart=True, owner=True),
    ] = True
    console: Annotated[bool, setting("Whether the log goes to the console.", restart=True, owner=True)] = True
    max_bytes: Annotated[
        int,
        setting(
            "The size at which the file is put aside and a new one begun.",
            least=10_000,
            most=10**12,
            restart=True,
            owner=True,
        ),
    ] = 10_000_000
    backups: Annotated[
        int,
        setting("How many files that were put aside are kept.", least=0, most=1000, restart=True, owner=True),
    ] = 5
    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        setting("The least important entries that are written.", restart=True, owner=True),
    ] = "info"


class Files(Section, frozen=True):
    """Files and pictures that people send."""

    max_bytes: Annotated[
        int, setting("The largest file that may be sent; 0 for no files at all.", least=0, most=10**12)
    ] = 50_000_000
    quota_bytes: Annotated[
        int, setting("How much all files of one account may take.", most=10**15, off=True)
    ] = 2_000_000_000
    total_bytes: Annotated[
        int, setting("How much the files of everybody may take together.", most=10**18, off=True)
    ] = 0
    reserve_bytes: Annotated[
        int,
        setting(
            "How much of the disk stays free of files; while there is less, no file is taken.",
            most=10**15,
            off=True,
            owner=True,
        ),
    ] = 1_000_000_000
    keep_metadata: Annotated[
        bool,
        setting(
            "Whether pictures keep what is written in them beside the picture, such as where they were taken."
        ),
    ] = False
    guests: Annotated[bool, setting("Whether guests may send files.")] = False
    emoji: Annotated[
        Literal["members", "moderators", "administrators"],
        setting(
            "Who may add emoji of the place's own: whoever has an account, moderators, or administrators."
        ),
    ] = "members"
    refused: Annotated[
        tuple[str, ...],
        text_setting(
            "Endings of files that are not taken.",
            most=200,
            allowed='a list of endings, for example [".exe", ".bat"]',
            check=is_ending,
        ),
    ] = ()


class Web(Section, frozen=True):
    """The features of the page that contact other machines; without Internet access none of them runs."""

    push: Annotated[
        bool,
        setting("Whether browsers are told of messages through the push services of their makers."),
    ] = True
    previews: Annotated[
        bool,
        setting("Whether the server looks up what links in messages lead to, and shows a few words of it."),
    ] = True
    own_networks: Annotated[
        tuple[str, ...],
        text_setting(
            "Public addresses and networks of one's own, which links, push services and webhooks must not lead into; "
            "private ones and those that the machine stands in never are led into.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()
    webhook_networks: Annotated[
        tuple[str, ...],
        text_setting(
            "Addresses and networks of one's own that webhooks may post to all the same.",
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
            "From these addresses and networks nobody is limited in connections, sessions, speed or sign-ins.",
            most=1000,
            allowed=NETWORKS,
            check=is_network,
            owner=True,
        ),
    ] = ()
    connections: Annotated[
        int,
        setting(
            "How many connections there may be; fewer where the process may not open so many files.",
            restart=True,
            most=10_000_000,
            off=True,
        ),
    ] = 10_000
    connections_an_address: Annotated[
        int,
        setting(
            "How many connections one address may have; of IPv6 a /64, with 4 times as many for a /56 and 16 times as "
            "many for a /48.",
            restart=True,
            most=10_000_000,
            off=True,
        ),
    ] = 100
    unrecognised_connections: Annotated[
        int,
        setting(
            "How many connections may be silent about what they speak.",
            restart=True,
            most=10_000_000,
            off=True,
        ),
    ] = 5_000
    handshake_seconds: Annotated[
        int, setting("How long a TLS handshake may take.", restart=True, least=1, most=600)
    ] = 10
    registration_seconds: Annotated[
        int, setting("How long one may take to come in under a nickname.", most=86_400, off=True)
    ] = 120
    ping_seconds: Annotated[
        int,
        setting(
            "After how much silence a connection is asked whether it is still there.", most=86_400, off=True
        ),
    ] = 120
    ping_timeout_seconds: Annotated[
        int, setting("How long it may take to answer that.", least=5, most=86_400)
    ] = 60
    lines_a_second: Annotated[
        int,
        setting("How many lines a session may send each second in the long run.", most=1_000_000, off=True),
    ] = 10
    burst_lines: Annotated[
        int, setting("How many lines a session may send at once before that.", least=1, most=1_000_000)
    ] = 50
    flood_seconds: Annotated[
        int,
        setting(
            "How long a session may go on sending faster than that; it waits meanwhile, then is disconnected.",
            most=86_400,
            off=True,
        ),
    ] = 1_200
    send_queue_bytes: Annotated[
        int,
        setting(
            "How much may wait for a reader who is too slow, before it is disconnected.", most=2**40, off=True
        ),
    ] = 1_048_576
    netcat_line_bytes: Annotated[
        int, setting("The longest line that is taken over plain TCP.", least=512, most=1_048_576)
    ] = 4096
    message_bytes: Annotated[
        int,
        setting("The longest message; a longer one is cut, and its sender told.", least=350, most=1_048_576),
    ] = 4096
    multiline_bytes: Annotated[
        int,
        setting("The longest message of several lines, all in all.", least=350, most=1_048_576),
    ] = 16_384
    multiline_lines: Annotated[int, setting("How many lines one message may have.", least=2, most=10_000)] = (
        200
    )
    topic_bytes: Annotated[int, setting("The longest topic of a room.", least=1, most=390)] = 390
    reason_bytes: Annotated[
        int, setting("The longest reason for leaving, being away or keeping somebody out.", least=1, most=390)
    ] = 300
    realname_bytes: Annotated[int, setting("The longest real name on IRC.", least=1, most=390)] = 150
    sessions_an_account: Annotated[
        int, setting("How many sessions one account may have.", most=1_000_000, off=True)
    ] = 50
    rooms_a_person: Annotated[
        int, setting("How many rooms one person may be in.", most=1_000_000, off=True)
    ] = 100
    rooms_made: Annotated[
        int,
        setting(
            "How many rooms there may be that one account has made; administrators make as many as they like.",
            most=1_000_000,
            off=True,
        ),
    ] = 100
    rooms_made_an_account_a_day: Annotated[
        int, setting("How many rooms one account may make in a day.", most=1_000_000, off=True)
    ] = 20
    rooms_made_an_address_a_day: Annotated[
        int,
        setting("How many rooms may be made from one address in a day.", most=1_000_000, off=True),
    ] = 100
    room_list_entries: Annotated[
        int,
        setting(
            "How many entries each list of a room, such as its bans, may have.", most=1_000_000, off=True
        ),
    ] = 200
    monitored_names: Annotated[
        int, setting("How many names one session may watch (IRC's MONITOR).", most=1_000_000, off=True)
    ] = 200
    targets_a_message: Annotated[
        int, setting("To how many rooms and users one command may send a message.", least=1, most=100)
    ] = 4
    history_a_request: Annotated[
        int, setting("How many messages one request for history gives.", least=1, most=100_000)
    ] = 1_000
    signin_failures: Annotated[
        int,
        setting(
            "After how many failed sign-ins from one address further ones from there are slowed down.",
            most=1_000_000,
            off=True,
        ),
    ] = 5
    signin_delay_seconds: Annotated[
        int, setting("How long the next sign-in then has to wait.", least=1, most=86_400)
    ] = 30
    accounts_an_address_a_day: Annotated[
        int,
        setting("How many accounts may be registered from one address in a day.", most=1_000_000, off=True),
    ] = 100


class Listener(Section, frozen=True, kw_only=True):
    """A further address and port, which may serve a single kind of client."""

    name: Annotated[
        str,
        text_setting(
            "What it is called in the log.",
            least=1,
            allowed="1 to 40 letters, digits, dots, hyphens or underscores",
            check=is_plain_name,
            restart=True,
        ),
    ]
    address: Annotated[
        str,
        text_setting("Where it listens.", most=255, restart=True, allowed=HOST, check=is_host_or_every),
    ] = "127.0.0.1"
    port: Annotated[int, setting("Its port; 0 takes a free one.", least=0, most=65535, restart=True)]
    kind: Annotated[Literal["any", "irc", "netcat", "http"], setting("What it serves.", restart=True)] = "any"
    tls: Annotated[
        Literal["auto", "only", "never"],
        setting("Whether it takes TLS and plain connections, TLS only, or plain ones only.", restart=True),
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
    role: Annotated[Literal["moderator", "admin"], setting("The role that OPER gives.")] = "moderator"
    networks: Annotated[
        tuple[str, ...],
        text_setting(
            "From where OPER is taken; empty for everywhere.", most=1000, allowed=NETWORKS, check=is_network
        ),
    ] = ()


class Gateway(Section, frozen=True, kw_only=True):
    """A web page or bouncer through which people come, and which tells where they are by IRC's WEBIRC."""

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
        text_setting("From where it connects.", most=1000, allowed=NETWORKS, check=is_network),
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
