"""Build hook: compiles the gazetteer into the package, for wheels and editable installs, unless it is there and current."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOM = Path("src", "tadmor", "resolve")


def load(room: Path, name: str) -> ModuleType:
    """Load one module of the package by its file: the package itself needs libraries that a build does not have."""
    full = f"tadmor.resolve.{name}"
    spec = importlib.util.spec_from_file_location(full, room / f"{name}.py")
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{room / name}.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    spec.loader.exec_module(module)
    return module


def compile_gazetteer(root: Path) -> bool:
    """Compile the gazetteer of the source tree at ``root``; False when it was current."""
    room = root / ROOM
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "tadmor"}
    try:
        for package in ("tadmor", "tadmor.resolve"):
            sys.modules[package] = ModuleType(package)
        load(room, "names")
        return bool(load(room, "_compile").build(room / "data" / "gazetteer.sqlite", room / "data"))
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "tadmor"]:
            del sys.modules[name]
        sys.modules.update(before)


class GazetteerHook(BuildHookInterface[Any]):
    """Hatchling's custom hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is put together; a source distribution carries the sources only."""
        if self.target_name == "wheel":
            compile_gazetteer(Path(self.root))
