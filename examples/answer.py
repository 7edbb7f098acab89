"""A bot that answers whoever speaks to it: python examples/answer.py localhost '#tea'."""

import asyncio
import sys

from hubbub.client import connect


async def main(address: str, room: str) -> None:
    async with connect(address, "echo", rooms=(room,)) as chat:
        async for event in chat.messages():
            if event.message.is_mention:
                chat.react(event, "👋")
                chat.reply(event, f"{event.message.sender}: you said “{event.message.text}”")


asyncio.run(main(*sys.argv[1:]))
