"""Write the JSON Schemas that are published in schemas/published."""

from __future__ import annotations

from pathlib import Path

from trueup_schemas.published import file_name, shipped

PUBLISHED = Path(__file__).parents[1] / "published"


def publish(folder: Path) -> None:
    """Write every schema into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, text in shipped().items():
        (folder / file_name(kind)).write_text(text, "utf-8")


if __name__ == "__main__":
    publish(PUBLISHED)
