"""The README's tool table, made from the tools' cards.

python -m tests.readme_table     writes it into README.md
"""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- tools -->\n", "<!-- /tools -->"


def table() -> str:
    """The table as Markdown."""
    from store.records import MODALITY_WORDS
    from tools.catalogue import cards

    rows = ["| tool | what it is for | takes | ends where |", "|---|---|---|---|"]
    for name, card in cards().items():
        every = set(card.modalities) in (set(), set(MODALITY_WORDS))
        takes = "any image" if every else ", ".join(MODALITY_WORDS[code] for code in card.modalities)
        rows.append(f"| `{name}` | {card.intended_use} | {takes} | {card.limits[0]} |")
    return "\n".join(rows) + "\n"


def block(text: str, begin: str = BEGIN, end: str = END) -> str:
    """What stands between two marks of the README."""
    return text.split(begin, 1)[1].split(end, 1)[0]


def main() -> None:
    """Put the table in its place."""
    text = README.read_text(encoding="utf-8")
    README.write_text(text.replace(BEGIN + block(text) + END, BEGIN + table() + END), encoding="utf-8")


if __name__ == "__main__":
    main()
