"""Standard replies."""

from hubbub.wire.standard_replies import standard_reply


def test_a_reply() -> None:
    assert (
        standard_reply("FAIL", "BOX", "BOXES_INVALID", "STACK", text="Those boxes are not supported.")
        == b"FAIL BOX BOXES_INVALID STACK :Those boxes are not supported.\r\n"
    )
    assert (
        standard_reply("NOTE", "", "OPER_MESSAGE", text="Hello there", source="hub.example")
        == b":hub.example NOTE * OPER_MESSAGE :Hello there\r\n"
    )


def test_context_that_cannot_be_said_is_left_out() -> None:
    assert standard_reply("WARN", "REDACT", "X", "", "a b", ":c", "d", text="No") == b"WARN REDACT X d No\r\n"
