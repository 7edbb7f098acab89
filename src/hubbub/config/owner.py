"""The settings that concern the machine: only the owner of the data folder can change them, not over chat or HTTP."""

from typing import Final

from .loading import all_settings
from .sections import REPEATED
from .sources import FILE_NAME

ADMINISTRATORS: Final = "administrators"
OWNER: Final = "the machine's owner"


def is_owners(key: str) -> bool:
    """Whether `section.name`, or what stands in one of the repeated sections, is the machine's owner's alone."""
    if key.partition(".")[0].partition("[")[0] in REPEATED:
        return True
    return any(f"{section}.{one.name}" == key and one.about.owner for section, one in all_settings())


def names_file(key: str) -> bool:
    return any(f"{section}.{one.name}" == key and one.about.is_file for section, one in all_settings())


def changed_by(key: str) -> str:
    return OWNER if is_owners(key) else ADMINISTRATORS


def only_owner(key: str) -> str:
    """The sentence for an administrator who would change it over chat or HTTP."""
    return (
        f"{key} concerns the machine itself. Its owner can change it in {FILE_NAME}, or there with: hubbub "
        f"admin set setting {key} VALUE. Nothing has changed."
    )
