"""Commands about invitations: links with which people may register."""

import secrets
from typing import Final

from hubbub.engine.invitations import CreateInvitation, InvitationUnknown, Withdraw, open_invitations
from hubbub.engine.refusals import Refusal
from hubbub.engine.state import Invitation
from hubbub.engine.tokens import digest_of

from .answers import Result, listed, refused, said
from .argument_types import NUMBER, TEXT, TIME
from .command import Command, Parameter
from .context import AdminContext
from .times import moment

CODE_BYTES: Final = 12


def add_invitation(desk: AdminContext, uses: int, time_ms: int, note: str = "") -> Result:
    code = secrets.token_urlsafe(CODE_BYTES)
    answer = desk.ask(CreateInvitation(digest_of(code), uses, desk.now() + time_ms, note))
    if isinstance(answer, Refusal):
        return refused(answer)
    return said(
        f"Registration link: {desk.page_address()}/#/invitation/{code}",
        "It is shown only once. In other clients, use the code after the last slash.",
    )


def invitations(desk: AdminContext) -> Result:
    found = open_invitations(desk.state, desk.now())
    if not found:
        return said("There are no invitations.")
    rows = [
        (str(place), one.note or "-", str(one.uses), moment(one.until), one.by)
        for place, one in enumerate(found, start=1)
    ]
    return listed(("number", "for", "uses left", "until (UTC)", "made by"), rows)


def delete_invitation(desk: AdminContext, number: int) -> Result:
    found = open_invitations(desk.state, desk.now())
    if number > len(found):
        return refused(InvitationUnknown())
    one: Invitation = found[number - 1]
    answer = desk.ask(Withdraw(one.number))
    if isinstance(answer, Refusal):
        return refused(answer)
    return said(f"The invitation for {one.note or 'somebody'} is deleted.")


COMMANDS: Final = (
    Command(
        ("add", "invitation"),
        (Parameter("uses", NUMBER), Parameter("time", TIME), Parameter("note", TEXT, required=False)),
        "Create a registration link for a number of people and a period; it is shown once.",
        "add invitation 30 7d class 4b",
        add_invitation,
    ),
    Command(
        ("invitations",),
        (),
        "List the valid invitations.",
        "invitations",
        invitations,
        changes=False,
    ),
    Command(
        ("delete", "invitation"),
        (Parameter("number", NUMBER),),
        "Delete an invitation by its number in the list of invitations.",
        "delete invitation 1",
        delete_invitation,
    ),
)
