"""Makes the base map of the package from the npm package world-atlas 2.0.2 (Natural Earth 4.1.0, 1:50m, public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/make_basemap.py package/countries-50m.json src/tadmor/publish/data/basemap.json.gz

The arcs of the TopoJSON stay as they are, quantised and delta-encoded, each as one flat list; of the countries only the
name and the rings are kept (numbers of arcs; ``~n`` is arc n backwards). Antarctica, which closes round the pole, is left
out. The same input gives the same bytes.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

SOURCE = "Natural Earth 4.1.0, Admin 0 countries, 1:50m, by way of world-atlas 2.0.2"


def compact(topology: dict[str, Any]) -> dict[str, Any]:
    """The base map as plain data: source, scale, translate, arcs and countries."""
    countries = []
    for shape in topology["objects"]["countries"]["geometries"]:
        if shape["properties"]["name"] == "Antarctica":
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        countries.append([shape["properties"]["name"], polygons])
    return {
        "source": SOURCE,
        "scale": topology["transform"]["scale"],
        "translate": topology["transform"]["translate"],
        "arcs": [[number for point in arc for number in point] for arc in topology["arcs"]],
        "countries": sorted(countries),
    }


def main(source: str, target: str) -> None:
    """Read the TopoJSON at ``source`` and write the base map to ``target``."""
    made = compact(json.loads(Path(source).read_text(encoding="utf-8")))
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    with Path(target).open("wb") as stream, gzip.GzipFile("", "wb", 9, stream, mtime=0) as packed:
        packed.write(text.encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
