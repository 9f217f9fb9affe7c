"""The README's tables, made from the cards of tools and systems.

python -m tests.readme_table     writes them into README.md
"""

from __future__ import annotations

from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- tools -->\n", "<!-- /tools -->"
SYSTEMS_BEGIN, SYSTEMS_END = "<!-- systems -->\n", "<!-- /systems -->"


def table() -> str:
    """The tools as Markdown."""
    from store.records import MODALITY_WORDS
    from tools.catalogue import cards

    rows = ["| tool | what it is for | takes | ends where |", "|---|---|---|---|"]
    for name, card in cards().items():
        every = set(card.modalities) in (set(), set(MODALITY_WORDS))
        takes = "any image" if every else ", ".join(MODALITY_WORDS[code] for code in card.modalities)
        rows.append(f"| `{name}` | {card.intended_use} | {takes} | {card.limits[0]} |")
    return "\n".join(rows) + "\n"


def systems_table() -> str:
    """The published systems as Markdown."""
    from tools.models.loading import QUANTISABLE
    from tools.models.systems.cards import SYSTEMS
    from tools.models.weights.fit import VALUE_BYTES, with_work

    rows = [
        "| system | what it does | disk | memory, 16 bits | 4 bits | 32 bits | licence and terms |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, system in SYSTEMS.items():
        disk = f"{system.disk_gb:g} GB" if system.disk_gb else "not published"
        memory = []
        for precision in ("bfloat16", "4bit", "float32"):
            if system.values_b is None:
                memory.append("not published")
            elif precision == "4bit" and name not in QUANTISABLE:
                memory.append("–")
            else:
                memory.append(f"{with_work(system.values_b * VALUE_BYTES[precision] * 1e9) / 1e9:.2g} GB")
        terms = f"{system.licence}; {system.terms}"
        rows.append(f"| `{name}` | {system.what} | {disk} | {' | '.join(memory)} | {terms} |")
    return "\n".join(rows) + "\n"


def block(text: str, begin: str = BEGIN, end: str = END) -> str:
    """What stands between two marks of the README."""
    return text.split(begin, 1)[1].split(end, 1)[0]


def main() -> None:
    """Put the tables in their places."""
    text = README.read_text(encoding="utf-8")
    for begin, end, made in ((BEGIN, END, table()), (SYSTEMS_BEGIN, SYSTEMS_END, systems_table())):
        text = text.replace(begin + block(text, begin, end) + end, begin + made + end)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
