"""Numerics: the three digits of every reply, and the short text that clients expect with it."""

from collections.abc import Mapping
from typing import Final

# The names are those of modern-irc; where IRCv3 gives the same number another meaning, IRCv3's. Of a
# name with two numbers (the operators' MOTD) the later stands here.
RPL_WELCOME: Final = "001"
RPL_YOURHOST: Final = "002"
RPL_CREATED: Final = "003"
RPL_MYINFO: Final = "004"
RPL_ISUPPORT: Final = "005"
RPL_SNOMASK: Final = "008"
RPL_STATMEMTOT: Final = "009"
RPL_BOUNCE: Final = "010"
RPL_YOURCOOKIE: Final = "014"
RPL_MAP: Final = "015"
RPL_MAPMORE: Final = "016"
RPL_MAPEND: Final = "017"
RPL_MAPUSERS: Final = "018"
RPL_HELLO: Final = "020"
RPL_APASSWARN_SET: Final = "030"
RPL_APASSWARN_SECRET: Final = "031"
RPL_APASSWARN_CLEAR: Final = "032"
RPL_YOURID: Final = "042"
RPL_SAVENICK: Final = "043"
RPL_ATTEMPTINGJUNC: Final = "050"
RPL_ATTEMPTINGREROUTE: Final = "051"

RPL_REMOTEISUPPORT: Final = "105"

RPL_TRACELINK: Final = "200"
RPL_TRACECONNECTING: Final = "201"
RPL_TRACEHANDSHAKE: Final = "202"
RPL_TRACEUNKNOWN: Final = "203"
RPL_TRACEOPERATOR: Final = "204"
RPL_TRACEUSER: Final = "205"
RPL_TRACESERVER: Final = "206"
RPL_TRACESERVICE: Final = "207"
RPL_TRACENEWTYPE: Final = "208"
RPL_TRACECLASS: Final = "209"
RPL_STATSLINKINFO: Final = "211"
RPL_STATSCOMMANDS: Final = "212"
RPL_STATSCLINE: Final = "213"
RPL_STATSILINE: Final = "215"
RPL_STATSKLINE: Final = "216"
RPL_STATSYLINE: Final = "218"
RPL_ENDOFSTATS: Final = "219"
RPL_UMODEIS: Final = "221"
RPL_STATSSPAMF: Final = "229"
RPL_STATSEXCEPTTKL: Final = "230"
RPL_SERVLIST: Final = "234"
RPL_SERVLISTEND: Final = "235"
RPL_STATSVERBOSE: Final = "236"
RPL_STATSENGINE: Final = "237"
RPL_STATSIAUTH: Final = "239"
RPL_STATSLLINE: Final = "241"
RPL_STATSUPTIME: Final = "242"
RPL_STATSOLINE: Final = "243"
RPL_STATSHLINE: Final = "244"
RPL_LUSERCLIENT: Final = "251"
RPL_LUSEROP: Final = "252"
RPL_LUSERUNKNOWN: Final = "253"
RPL_LUSERCHANNELS: Final = "254"
RPL_LUSERME: Final = "255"
RPL_ADMINME: Final = "256"
RPL_ADMINLOC1: Final = "257"
RPL_ADMINLOC2: Final = "258"
RPL_ADMINEMAIL: Final = "259"
RPL_TRACELOG: Final = "261"
RPL_TRYAGAIN: Final = "263"
RPL_USINGSSL: Final = "264"
RPL_LOCALUSERS: Final = "265"
RPL_GLOBALUSERS: Final = "266"
RPL_START_NETSTAT: Final = "267"
RPL_NETSTAT: Final = "268"
RPL_END_NETSTAT: Final = "269"
RPL_PRIVS: Final = "270"
RPL_SILELIST: Final = "271"
RPL_ENDOFSILELIST: Final = "272"
RPL_NOTIFY: Final = "273"
RPL_WHOISCERTFP: Final = "276"
RPL_GLIST: Final = "280"
RPL_CHANINFO_KICKS: Final = "296"
RPL_END_CHANINFO: Final = "299"

RPL_NONE: Final = "300"
RPL_AWAY: Final = "301"
RPL_USERHOST: Final = "302"
RPL_ISON: Final = "303"
RPL_TEXT: Final = "304"
RPL_UNAWAY: Final = "305"
RPL_NOWAWAY: Final = "306"
RPL_WHOISREGNICK: Final = "307"
RPL_WHOISUSER: Final = "311"
RPL_WHOISSERVER: Final = "312"
RPL_WHOISOPERATOR: Final = "313"
RPL_WHOWASUSER: Final = "314"
RPL_ENDOFWHO: Final = "315"
RPL_WHOISPRIVDEAF: Final = "316"
RPL_WHOISIDLE: Final = "317"
RPL_ENDOFWHOIS: Final = "318"
RPL_WHOISCHANNELS: Final = "319"
RPL_WHOISSPECIAL: Final = "320"
RPL_LISTSTART: Final = "321"
RPL_LIST: Final = "322"
RPL_LISTEND: Final = "323"
RPL_CHANNELMODEIS: Final = "324"
RPL_NOCHANPASS: Final = "326"
RPL_CHANNEL_URL: Final = "328"
RPL_CREATIONTIME: Final = "329"
RPL_WHOISACCOUNT: Final = "330"
RPL_NOTOPIC: Final = "331"
RPL_TOPIC: Final = "332"
RPL_TOPICWHOTIME: Final = "333"
RPL_WHOISBOT: Final = "335"
RPL_INVITELIST: Final = "336"
RPL_ENDOFINVITELIST: Final = "337"
RPL_WHOISACTUALLY: Final = "338"
RPL_USERIP: Final = "340"
RPL_INVITING: Final = "341"
RPL_WHOISKILL: Final = "343"
RPL_INVEXLIST: Final = "346"
RPL_ENDOFINVEXLIST: Final = "347"
RPL_EXCEPTLIST: Final = "348"
RPL_ENDOFEXCEPTLIST: Final = "349"
RPL_WHOISGATEWAY: Final = "350"
RPL_VERSION: Final = "351"
RPL_WHOREPLY: Final = "352"
RPL_NAMREPLY: Final = "353"
RPL_WHOSPCRPL: Final = "354"
RPL_NAMREPLY_: Final = "355"
RPL_LINKS: Final = "364"
RPL_ENDOFLINKS: Final = "365"
RPL_ENDOFNAMES: Final = "366"
RPL_BANLIST: Final = "367"
RPL_ENDOFBANLIST: Final = "368"
RPL_ENDOFWHOWAS: Final = "369"
RPL_INFO: Final = "371"
RPL_MOTD: Final = "372"
RPL_ENDOFINFO: Final = "374"
RPL_MOTDSTART: Final = "375"
RPL_ENDOFMOTD: Final = "376"
RPL_WHOISHOST: Final = "378"
RPL_WHOISMODES: Final = "379"
RPL_YOUREOPER: Final = "381"
RPL_REHASHING: Final = "382"
RPL_YOURESERVICE: Final = "383"
RPL_NOTOPERANYMORE: Final = "385"
RPL_ENDOFALIST: Final = "389"
RPL_TIME: Final = "391"
RPL_USERSSTART: Final = "392"
RPL_USERS: Final = "393"
RPL_ENDOFUSERS: Final = "394"
RPL_NOUSERS: Final = "395"
RPL_VISIBLEHOST: Final = "396"
RPL_CLONES: Final = "399"

ERR_UNKNOWNERROR: Final = "400"
ERR_NOSUCHNICK: Final = "401"
ERR_NOSUCHSERVER: Final = "402"
ERR_NOSUCHCHANNEL: Final = "403"
ERR_CANNOTSENDTOCHAN: Final = "404"
ERR_TOOMANYCHANNELS: Final = "405"
ERR_WASNOSUCHNICK: Final = "406"
ERR_TOOMANYTARGETS: Final = "407"
ERR_NOSUCHSERVICE: Final = "408"
ERR_NOORIGIN: Final = "409"
ERR_INVALIDCAPCMD: Final = "410"
ERR_NORECIPIENT: Final = "411"
ERR_NOTEXTTOSEND: Final = "412"
ERR_NOTOPLEVEL: Final = "413"
ERR_WILDTOPLEVEL: Final = "414"
ERR_BADMASK: Final = "415"
ERR_TOOMANYMATCHES: Final = "416"
ERR_INPUTTOOLONG: Final = "417"
ERR_LENGTHTRUNCATED: Final = "419"
ERR_AMBIGUOUSCOMMAND: Final = "420"
ERR_UNKNOWNCOMMAND: Final = "421"
ERR_NOMOTD: Final = "422"
ERR_NOADMININFO: Final = "423"
ERR_FILEERROR: Final = "424"
ERR_NOOPERMOTD: Final = "425"
ERR_TOOMANYAWAY: Final = "429"
ERR_EVENTNICKCHANGE: Final = "430"
ERR_NONICKNAMEGIVEN: Final = "431"
ERR_ERRONEUSNICKNAME: Final = "432"
ERR_NICKNAMEINUSE: Final = "433"
ERR_NICKCOLLISION: Final = "436"
ERR_TARGETTOOFAST: Final = "439"
ERR_SERVICESDOWN: Final = "440"
ERR_USERNOTINCHANNEL: Final = "441"
ERR_NOTONCHANNEL: Final = "442"
ERR_USERONCHANNEL: Final = "443"
ERR_NOLOGIN: Final = "444"
ERR_SUMMONDISABLED: Final = "445"
ERR_USERSDISABLED: Final = "446"
ERR_NONICKCHANGE: Final = "447"
ERR_FORBIDDENCHANNEL: Final = "448"
ERR_NOTIMPLEMENTED: Final = "449"
ERR_NOTREGISTERED: Final = "451"
ERR_IDCOLLISION: Final = "452"
ERR_NICKLOST: Final = "453"
ERR_HOSTILENAME: Final = "455"
ERR_ACCEPTFULL: Final = "456"
ERR_ACCEPTEXIST: Final = "457"
ERR_ACCEPTNOT: Final = "458"
ERR_NOHIDING: Final = "459"
ERR_NOTFORHALFOPS: Final = "460"
ERR_NEEDMOREPARAMS: Final = "461"
ERR_ALREADYREGISTERED: Final = "462"
ERR_NOPERMFORHOST: Final = "463"
ERR_PASSWDMISMATCH: Final = "464"
ERR_YOUREBANNEDCREEP: Final = "465"
ERR_KEYSET: Final = "467"
ERR_LINKSET: Final = "469"
ERR_LINKCHANNEL: Final = "470"
ERR_CHANNELISFULL: Final = "471"
ERR_UNKNOWNMODE: Final = "472"
ERR_INVITEONLYCHAN: Final = "473"
ERR_BANNEDFROMCHAN: Final = "474"
ERR_BADCHANNELKEY: Final = "475"
ERR_BADCHANMASK: Final = "476"
ERR_NEEDREGGEDNICK: Final = "477"
ERR_BANLISTFULL: Final = "478"
ERR_NOPRIVILEGES: Final = "481"
ERR_CHANOPRIVSNEEDED: Final = "482"
ERR_CANTKILLSERVER: Final = "483"
ERR_UNIQOPRIVSNEEDED: Final = "485"
ERR_NOOPERHOST: Final = "491"
ERR_BADLOGTYPE: Final = "495"
ERR_BADLOGSYS: Final = "496"
ERR_BADLOGVALUE: Final = "497"
ERR_ISOPERLCHAN: Final = "498"
ERR_CHANOWNPRIVNEEDED: Final = "499"

ERR_UMODEUNKNOWNFLAG: Final = "501"
ERR_USERSDONTMATCH: Final = "502"
ERR_USERNOTONSERV: Final = "504"
ERR_SILELISTFULL: Final = "511"
ERR_BADPING: Final = "513"
ERR_BADEXPIRE: Final = "515"
ERR_DONTCHEAT: Final = "516"
ERR_DISABLED: Final = "517"
ERR_WHOSYNTAX: Final = "522"
ERR_WHOLIMEXCEED: Final = "523"
ERR_HELPNOTFOUND: Final = "524"
ERR_INVALIDKEY: Final = "525"
ERR_CANTSENDTOUSER: Final = "531"
ERR_BADHOSTMASK: Final = "550"
ERR_HOSTUNAVAIL: Final = "551"
ERR_USINGSLINE: Final = "552"
ERR_NOTLOWEROPLEVEL: Final = "560"
ERR_NOTMANAGER: Final = "561"
ERR_CHANSECURED: Final = "562"
ERR_UPASSSET: Final = "563"
ERR_UPASSNOTSET: Final = "564"
ERR_NOMANAGER: Final = "566"
ERR_UPASS_SAME_APASS: Final = "567"
RPL_REAWAY: Final = "597"
RPL_GONEAWAY: Final = "598"
RPL_NOTAWAY: Final = "599"

RPL_LOGON: Final = "600"
RPL_LOGOFF: Final = "601"
RPL_WATCHOFF: Final = "602"
RPL_WATCHSTAT: Final = "603"
RPL_NOWON: Final = "604"
RPL_NOWOFF: Final = "605"
RPL_WATCHLIST: Final = "606"
RPL_ENDOFWATCHLIST: Final = "607"
RPL_WATCHCLEAR: Final = "608"
RPL_NOWISAWAY: Final = "609"
RPL_ISLOCOP: Final = "611"
RPL_ISNOTOPER: Final = "612"
RPL_ENDOFISOPER: Final = "613"
RPL_DCCLIST: Final = "618"
RPL_SETTINGS: Final = "630"
RPL_ENDOFSETTINGS: Final = "631"
RPL_SYNTAX: Final = "650"
RPL_CHANNELSMSG: Final = "651"
RPL_WHOWASIP: Final = "652"
RPL_UNINVITED: Final = "653"
RPL_SPAMCMDFWD: Final = "659"
RPL_STARTTLS: Final = "670"
RPL_WHOISSECURE: Final = "671"
RPL_CANNOTSETMODES: Final = "673"
RPL_WHOISYOURID: Final = "674"
ERR_REDIRECT: Final = "690"
ERR_STARTTLS: Final = "691"
ERR_INVALIDMODEPARAM: Final = "696"
ERR_LISTMODEALREADYSET: Final = "697"
ERR_LISTMODENOTSET: Final = "698"

RPL_COMMANDS: Final = "700"
RPL_COMMANDSEND: Final = "701"
RPL_MODLIST: Final = "702"
RPL_ENDOFMODLIST: Final = "703"
RPL_HELPSTART: Final = "704"
RPL_HELPTXT: Final = "705"
RPL_ENDOFHELP: Final = "706"
ERR_TARGCHANGE: Final = "707"
RPL_ETRACEFULL: Final = "708"
RPL_ETRACE: Final = "709"
RPL_KNOCK: Final = "710"
RPL_KNOCKDLVR: Final = "711"
ERR_TOOMANYKNOCK: Final = "712"
ERR_CHANOPEN: Final = "713"
ERR_KNOCKONCHAN: Final = "714"
RPL_TARGUMODEG: Final = "716"
RPL_TARGNOTIFY: Final = "717"
RPL_UMODEGMSG: Final = "718"
RPL_OMOTDSTART: Final = "720"
RPL_OMOTD: Final = "721"
RPL_ENDOFOMOTD: Final = "722"
ERR_NOPRIVS: Final = "723"
RPL_TESTMASK: Final = "724"
RPL_TESTLINE: Final = "725"
RPL_NOTESTLINE: Final = "726"
RPL_TESTMASKGECOS: Final = "727"
RPL_QUIETLIST: Final = "728"
RPL_ENDOFQUIETLIST: Final = "729"
RPL_MONONLINE: Final = "730"
RPL_MONOFFLINE: Final = "731"
RPL_MONLIST: Final = "732"
RPL_ENDOFMONLIST: Final = "733"
ERR_MONLISTFULL: Final = "734"
RPL_RSACHALLENGE2: Final = "740"
RPL_ENDOFRSACHALLENGE2: Final = "741"
ERR_MLOCKRESTRICTED: Final = "742"
ERR_INVALIDBAN: Final = "743"
ERR_TOPICLOCK: Final = "744"
RPL_SCANMATCHED: Final = "750"
RPL_SCANUMODES: Final = "751"
RPL_ETRACEEND: Final = "759"
RPL_WHOISKEYVALUE: Final = "760"
RPL_KEYVALUE: Final = "761"
RPL_METADATAEND: Final = "762"
ERR_METADATALIMIT: Final = "764"
ERR_TARGETINVALID: Final = "765"
RPL_KEYNOTSET: Final = "766"
ERR_KEYINVALID: Final = "767"
ERR_KEYNOTSET: Final = "768"
ERR_KEYNOPERMISSION: Final = "769"
RPL_METADATASUBOK: Final = "770"
RPL_METADATAUNSUBOK: Final = "771"
RPL_METADATASUBS: Final = "772"
RPL_XINFOSTART: Final = "773"
RPL_METADATASYNCLATER: Final = "774"

RPL_STATSCOUNTRY: Final = "801"
RPL_CHECK: Final = "802"
RPL_OTHERUMODEIS: Final = "803"
RPL_OTHERSNOMASKIS: Final = "804"

RPL_LOGGEDIN: Final = "900"
RPL_LOGGEDOUT: Final = "901"
ERR_NICKLOCKED: Final = "902"
RPL_SASLSUCCESS: Final = "903"
ERR_SASLFAIL: Final = "904"
ERR_SASLTOOLONG: Final = "905"
ERR_SASLABORTED: Final = "906"
ERR_SASLALREADY: Final = "907"
RPL_SASLMECHS: Final = "908"
RPL_ACCESSLIST: Final = "910"
RPL_ENDOFACCESSLIST: Final = "911"
ERR_BADCHANNEL: Final = "926"
RPL_ENDOFSPAMFILTER: Final = "940"
RPL_SPAMFILTER: Final = "941"
ERR_INVALIDWATCHNICK: Final = "942"
RPL_IDLETIMESET: Final = "944"
RPL_NICKLOCKOFF: Final = "945"
ERR_NICKNOTLOCKED: Final = "946"
RPL_NICKLOCKON: Final = "947"
ERR_INVALIDIDLETIME: Final = "948"
RPL_UNSILENCED: Final = "950"
RPL_SILENCED: Final = "951"
ERR_SILENCE: Final = "952"
RPL_ENDOFEXEMPTIONLIST: Final = "953"
RPL_EXEMPTIONLIST: Final = "954"
RPL_ENDOFPROPLIST: Final = "960"
RPL_PROPLIST: Final = "961"
RPL_UNLOADEDMODULE: Final = "973"
RPL_SERVLOCKON: Final = "988"
RPL_SERVLOCKOFF: Final = "989"
RPL_DCCALLOWSTART: Final = "990"
RPL_DCCALLOWLIST: Final = "991"
RPL_DCCALLOWEND: Final = "992"
RPL_DCCALLOWTIMED: Final = "993"
RPL_DCCALLOWPERMANENT: Final = "994"
RPL_DCCALLOWREMOVED: Final = "995"
ERR_DCCALLOWINVALID: Final = "996"
RPL_DCCALLOWEXPIRED: Final = "997"
ERR_UNKNOWNDCCALLOWCMD: Final = "998"
ERR_NUMERIC_ERR: Final = "999"

TEXT: Final[Mapping[str, str]] = {
    RPL_ISUPPORT: "are supported by this server",
    RPL_ENDOFSTATS: "End of /STATS report",
    RPL_LUSEROP: "operator(s) online",
    RPL_LUSERUNKNOWN: "unknown connection(s)",
    RPL_LUSERCHANNELS: "channels formed",
    RPL_ADMINME: "Administrative info",
    RPL_TRYAGAIN: "Please wait a while and try again.",
    RPL_UNAWAY: "You are no longer marked as being away",
    RPL_NOWAWAY: "You have been marked as being away",
    RPL_WHOISREGNICK: "has identified for this nick",
    RPL_WHOISOPERATOR: "is an IRC operator",
    RPL_ENDOFWHO: "End of WHO list",
    RPL_WHOISIDLE: "seconds idle, signon time",
    RPL_ENDOFWHOIS: "End of /WHOIS list",
    RPL_LISTSTART: "Users  Name",
    RPL_LISTEND: "End of /LIST",
    RPL_WHOISACCOUNT: "is logged in as",
    RPL_NOTOPIC: "No topic is set",
    RPL_WHOISBOT: "is a bot",
    RPL_ENDOFINVITELIST: "End of /INVITE list",
    RPL_WHOISACTUALLY: "is actually using host",
    RPL_ENDOFINVEXLIST: "End of channel invite exception list",
    RPL_ENDOFEXCEPTLIST: "End of channel exception list",
    RPL_ENDOFLINKS: "End of /LINKS list",
    RPL_ENDOFNAMES: "End of /NAMES list",
    RPL_ENDOFBANLIST: "End of channel ban list",
    RPL_ENDOFWHOWAS: "End of WHOWAS",
    RPL_ENDOFINFO: "End of INFO list",
    RPL_ENDOFMOTD: "End of /MOTD command.",
    RPL_YOUREOPER: "You are now an IRC operator",
    RPL_REHASHING: "Rehashing",
    RPL_VISIBLEHOST: "is now your visible host",
    ERR_NOSUCHNICK: "No such nick/channel",
    ERR_NOSUCHSERVER: "No such server",
    ERR_NOSUCHCHANNEL: "No such channel",
    ERR_CANNOTSENDTOCHAN: "Cannot send to channel",
    ERR_TOOMANYCHANNELS: "You have joined too many channels",
    ERR_WASNOSUCHNICK: "There was no such nickname",
    ERR_TOOMANYTARGETS: "Too many targets",
    ERR_NOORIGIN: "No origin specified",
    ERR_INVALIDCAPCMD: "Invalid CAP command",
    ERR_NORECIPIENT: "No recipient given",
    ERR_NOTEXTTOSEND: "No text to send",
    ERR_BADMASK: "Bad server/host mask",
    ERR_TOOMANYMATCHES: "Too many matches",
    ERR_INPUTTOOLONG: "Input line was too long",
    ERR_UNKNOWNCOMMAND: "Unknown command",
    ERR_NOMOTD: "MOTD File is missing",
    ERR_NOADMININFO: "No administrative info available",
    ERR_NONICKNAMEGIVEN: "No nickname given",
    ERR_ERRONEUSNICKNAME: "Erroneous nickname",
    ERR_NICKNAMEINUSE: "Nickname is already in use",
    ERR_NICKCOLLISION: "Nickname collision",
    ERR_USERNOTINCHANNEL: "They aren't on that channel",
    ERR_NOTONCHANNEL: "You're not on that channel",
    ERR_USERONCHANNEL: "is already on channel",
    ERR_NOTREGISTERED: "You have not registered",
    ERR_NEEDMOREPARAMS: "Not enough parameters",
    ERR_ALREADYREGISTERED: "You may not reregister",
    ERR_PASSWDMISMATCH: "Password incorrect",
    ERR_YOUREBANNEDCREEP: "You are banned from this server.",
    ERR_KEYSET: "Channel key already set",
    ERR_LINKCHANNEL: "Forwarding to another channel",
    ERR_CHANNELISFULL: "Cannot join channel (+l)",
    ERR_UNKNOWNMODE: "is unknown mode char to me",
    ERR_INVITEONLYCHAN: "Cannot join channel (+i)",
    ERR_BANNEDFROMCHAN: "Cannot join channel (+b)",
    ERR_BADCHANNELKEY: "Cannot join channel (+k)",
    ERR_BADCHANMASK: "Bad Channel Mask",
    ERR_BANLISTFULL: "Channel list is full",
    ERR_NOPRIVILEGES: "Permission Denied- You're not an IRC operator",
    ERR_CHANOPRIVSNEEDED: "You're not channel operator",
    ERR_CANTKILLSERVER: "You cant kill a server!",
    ERR_NOOPERHOST: "No O-lines for your host",
    ERR_UMODEUNKNOWNFLAG: "Unknown MODE flag",
    ERR_USERSDONTMATCH: "Cant change mode for other users",
    ERR_HELPNOTFOUND: "No help available on this topic",
    ERR_INVALIDKEY: "Key is not well-formed",
    RPL_STARTTLS: "STARTTLS successful, proceed with TLS handshake",
    RPL_WHOISSECURE: "is using a secure connection",
    ERR_STARTTLS: "STARTTLS failed",
    RPL_KNOCK: "has asked for an invite.",
    RPL_KNOCKDLVR: "Your KNOCK has been delivered.",
    ERR_TOOMANYKNOCK: "Too many KNOCKs. Please wait a while and try again.",
    ERR_CHANOPEN: "Channel is open.",
    ERR_KNOCKONCHAN: "You are already on that channel.",
    ERR_NOPRIVS: "Insufficient oper privileges.",
    RPL_ENDOFQUIETLIST: "End of channel quiet list",
    RPL_ENDOFMONLIST: "End of MONITOR list",
    ERR_MONLISTFULL: "Monitor list is full.",
    RPL_KEYNOTSET: "key not set",
    RPL_LOGGEDOUT: "You are now logged out",
    ERR_NICKLOCKED: "You must use a nick assigned to you",
    RPL_SASLSUCCESS: "SASL authentication successful",
    ERR_SASLFAIL: "SASL authentication failed",
    ERR_SASLTOOLONG: "SASL message too long",
    ERR_SASLABORTED: "SASL authentication aborted",
    ERR_SASLALREADY: "You have already authenticated using SASL",
    RPL_SASLMECHS: "are available SASL mechanisms",
}
"""The last parameter where it is always the same; the others are written where they are sent."""
