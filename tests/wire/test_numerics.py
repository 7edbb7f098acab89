"""Numerics: three digits each, one name each, and texts that fit beside their parameters."""

import re

from hubbub.wire import numerics

TABLE = {name: value for name, value in vars(numerics).items() if re.match("(RPL|ERR)_", name)}


def test_each_is_three_digits_and_stands_once() -> None:
    assert [name for name, value in TABLE.items() if not re.fullmatch("[0-9]{3}", value)] == []
    assert len(set(TABLE.values())) == len(TABLE)


def test_the_ones_that_clients_act_on() -> None:
    expected = {
        "RPL_WELCOME": "001",
        "RPL_ISUPPORT": "005",
        "RPL_UMODEIS": "221",
        "RPL_AWAY": "301",
        "RPL_ENDOFWHOIS": "318",
        "RPL_TOPIC": "332",
        "RPL_WHOISBOT": "335",
        "RPL_ENDOFINVITELIST": "337",
        "RPL_NAMREPLY": "353",
        "RPL_WHOSPCRPL": "354",
        "RPL_ENDOFNAMES": "366",
        "RPL_ENDOFMOTD": "376",
        "ERR_NOSUCHNICK": "401",
        "ERR_INVALIDCAPCMD": "410",
        "ERR_INPUTTOOLONG": "417",
        "ERR_NICKNAMEINUSE": "433",
        "ERR_LINKCHANNEL": "470",
        "ERR_CHANOPRIVSNEEDED": "482",
        "RPL_MONONLINE": "730",
        "ERR_MONLISTFULL": "734",
        "RPL_KEYNOTSET": "766",
        "RPL_METADATASUBS": "772",
        "RPL_LOGGEDIN": "900",
        "RPL_SASLSUCCESS": "903",
        "ERR_SASLFAIL": "904",
        "RPL_SASLMECHS": "908",
    }
    assert {name: TABLE.get(name) for name in expected} == expected


def test_texts_belong_to_numerics_and_are_short() -> None:
    assert numerics.TEXT.keys() <= set(TABLE.values())
    assert [text for text in numerics.TEXT.values() if not 0 < len(text) < 80 or not text.isprintable()] == []
    assert numerics.TEXT[numerics.ERR_NOSUCHNICK] == "No such nick/channel"
