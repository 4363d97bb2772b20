"""Write the JSON Schemas that are published in schemas/published."""

from __future__ import annotations

import argparse
from pathlib import Path

from trueup_schemas.published import file_name, published, written

PUBLISHED = Path(__file__).parents[1] / "published"


def main() -> None:
    """Write every schema into a folder, schemas/published unless it is said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PUBLISHED)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    for kind, schema in published().items():
        (out / file_name(kind)).write_text(written(schema), "utf-8")


if __name__ == "__main__":
    main()
