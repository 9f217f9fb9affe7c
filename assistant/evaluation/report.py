"""The figures of an evaluation in words and tables, as Markdown."""

from __future__ import annotations

from typing import Any

from assistant.evaluation.measures import LEAST_GROUPS
from assistant.evaluation.results import FIGURE, MARKS, RESULTS, VERSIONS
from assistant.evaluation.summary import Summary

_NAMES = {
    "all": "all questions",
    "closed": "closed questions",
    "choice": "multiple choice",
    "short": "short answer",
}
NO_SYSTEMS = (
    "These figures say how often answers agree with this file, on these questions and pictures. They say "
    "nothing of other pictures and are no reason to use any of this for a patient."
)


def report(summary: Summary, name: str) -> str:
    """The report.

    Args:
        summary: of `summarise`, with ``remarks`` on the file.
        name: of the file of questions.
    """
    parts = [
        f"# {name}: the reader alone and the agent",
        NO_SYSTEMS,
        _scope(summary),
        "\n".join(f"- {_cell(remark)}" for remark in summary["remarks"]),
        by_planner(summary),
        _accuracy(summary),
        f"![Accuracy with 95 % intervals]({FIGURE})",
        _paired(summary),
        _reasons(summary),
        _not_answered(summary),
        _tools(summary),
        _differing(summary),
        "## How this was counted\n\n" + _METHOD,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_METHOD = f"""\
- The *reader alone* gets the first picture and the question, options listed below it, and no more.
  The *agent* gets the same words and all pictures in a fresh chat and chooses its tools as in any chat.
- An option counts when it is stated, marked or named in its own words; an article is never option A. Yes and
  no count where they stand for themselves or where a sentence affirms or denies what was asked; “no
  abnormality” is a yes to whether all is well and a no to whether there is a finding. What names several,
  hedges, is taken back or cannot be understood is *not understood*: wrong, and counted apart.
- Short answers are right when they equal the expected words apart from case, punctuation and articles. That
  the expected words occur somewhere in an answer is a figure of its own.
- Of an agent's answer, what it quotes of a reader is read as that answer; its own words beside a quotation
  count only where they state yes, no or an option. If the two differ, the answer is not understood.
- An answer that only says that it cannot tell is an *abstention*: wrong in the accuracy, and left out of the
  accuracy on what was answered. An error is wrong too, and is asked again by the next run.
- *Strict* is the share of the agent's answers that are right and rest on evidence: a tool of the chat said
  the same, understood by these rules, no reader said otherwise, and the tool that the line expects was asked.
  Questions with neither a picture nor an expected tool are left out of it.
- Intervals: 95 %, percentile bootstrap over groups (the file's, otherwise questions about the same picture).
  Where every group has the same figure, as at 0 % and 100 %, Wilson's with the groups as its count; with
  fewer than {LEAST_GROUPS} groups there is none.
- Every answer and what the tools said is in `{RESULTS}`, what each came to and why in `{MARKS}`, what it was
  made with in `{VERSIONS}`."""


def headline(summary: Summary) -> str:
    """The figures in a few lines, for the terminal."""
    lines = [f"{summary['asked']} of {summary['questions']} questions have been asked."]
    for who in ("reader", "agent"):
        if found := summary[who]:
            lines.append(f"{_who(summary, who)}: {shown(found['accuracy'].get('all'))} right.")
            if strict := found["strict"].get("all"):
                lines.append(f"Right and resting on evidence (strict): {shown(strict)} of {strict['items']}.")
    if summary["by_planner"]:
        lines.append(by_planner(summary))
    if whole := summary["difference"].get("all"):
        lines.append(f"Agent minus reader: {signed(whole)}.")
    if closed := summary["difference"].get("closed"):
        lines.append(f"On closed questions: {signed(closed)}.")
    return "\n".join(lines)


def by_planner(summary: Summary) -> str:
    """What the planner answered in a failed language model's place; empty where it did not."""
    found = summary["by_planner"]
    if not found:
        return ""
    words = (
        "Answered by the built-in planner because the language model failed: "
        f"{found['answered']} of {found['of']}. The agent's accuracy with these answers: "
        f"{shown(found['accuracy'])}; without them: "
    )
    if not found["accuracy_without"]:
        return words + "none, for the language model answered no question."
    without = f"{shown(found['accuracy_without'])} of {found['accuracy_without']['items']}"
    if not found["difference_without"]:
        return f"{words}{without}."
    return f"{words}{without}; agent minus reader on those: {signed(found['difference_without'])}."


def shown(found: dict[str, Any] | None) -> str:
    """A share in per cent with its interval, or why there is none."""
    if found is None:
        return "–"
    ends = (
        f"{100 * found['low']:.1f} to {100 * found['high']:.1f}" if found["low"] is not None else _few(found)
    )
    return f"{100 * found['value']:.1f} % ({ends})"


def signed(found: dict[str, Any] | None) -> str:
    """A difference in percentage points with its interval, or why there is none."""
    if found is None:
        return "–"
    ends = (
        f"{100 * found['low']:+.1f} to {100 * found['high']:+.1f}"
        if found["low"] is not None
        else _few(found)
    )
    none = "" if found["differing"] else f"no pair differed, n = {found['items']}; "
    return f"{100 * found['value']:+.1f} points ({none}{ends})"


def _few(found: dict[str, Any]) -> str:
    groups = "1 group" if found["groups"] == 1 else f"{found['groups']} groups"
    return f"too few groups for an interval: {groups}"


def name_of(part: str) -> str:
    """A slice's name in words."""
    return _NAMES.get(part, part.removeprefix("category "))


def _who(summary: Summary, who: str) -> str:
    return "Agent" if who == "agent" else f"Reader alone ({', '.join(summary[who]['who'])})"


def _scope(summary: Summary) -> str:
    lines = [f"{summary['asked']} of {summary['questions']} questions were asked."]
    for who, why in (("reader", "no reader is set up or it was left out"), ("agent", "it was left out")):
        if summary[who] is None:
            lines.append(f"The {who}{' alone' if who == 'reader' else ''} was not asked: {why}.")
    if any(summary[who] and summary[who]["stand_in"] for who in ("reader", "agent")):
        lines.append("**Answers come from stand-ins with random weights: their accuracy means nothing.**")
    return " ".join(lines)


def _accuracy(summary: Summary) -> str:
    """A row per slice: both systems, and the difference on the questions that both were asked."""
    systems = [who for who in ("reader", "agent") if summary[who]]
    if not systems:
        return ""
    parts = dict.fromkeys(part for who in systems for part in summary[who]["accuracy"])
    strict = (summary["agent"] or {}).get("strict")
    heads = ["", "questions", *(_who(summary, who) for who in systems), "agent − reader, paired"]
    rows = []
    for part in parts:
        found = [summary[who]["accuracy"].get(part) for who in systems]
        count = max(one["items"] for one in found if one)
        difference = signed(summary["difference"].get(part))
        row = [name_of(part), str(count), *map(shown, found), difference]
        rows.append([*row, shown(strict.get(part))] if strict else row)
    return "## Accuracy\n\n" + _table([*heads, "agent, strict"] if strict else heads, rows)


def _paired(summary: Summary) -> str:
    whole = summary["difference"].get("all")
    if not whole:
        return ""
    return (
        f"Both were asked {whole['items']} questions. {summary['only_reader_right']} were answered rightly "
        f"by the reader alone only, {summary['only_agent_right']} by the agent only."
    )


def _reasons(summary: Summary) -> str:
    """How often the agent's answers were right or wrong for each reason."""
    if not summary["agent"]:
        return ""
    rows = [[why, str(count)] for why, count in summary["agent"]["why"].items()]
    return "## What the agent's answers came to\n\n" + _table(["", "answers"], rows)


def _not_answered(summary: Summary) -> str:
    systems = [who for who in ("reader", "agent") if summary[who]]
    rows: list[list[str]] = []

    def add(words: str, *cells: str) -> None:
        rows.append([words, *cells])

    found = [summary[who] for who in systems]
    add("not understood", *(str(one["unparsed"]) for one in found))
    add("abstained", *(str(one["abstained"]) for one in found))
    add("errors", *(str(one["errors"]) for one in found))
    if any(one["abstained"] for one in found):
        add("share answered", *(shown(one["coverage"]) for one in found))
        add("accuracy on what was answered", *(shown(one["selective_accuracy"]) for one in found))
    if any(one["short_contained"] for one in found):
        add("short answers: expected words occur", *(shown(one["short_contained"]) for one in found))
    add("median seconds", *(f"{one['seconds_median']:.2f}" for one in found))
    add("mean tokens written", *(_tokens(one["tokens_mean"]) for one in found))
    return "## What was not answered, and cost\n\n" + _table(
        ["", *(_who(summary, who) for who in systems)], rows
    )


def _tokens(mean: float | None) -> str:
    return "not known" if mean is None else f"{mean:.1f}"


def _tools(summary: Summary) -> str:
    found = summary["tool_choice"]
    return f"The expected tool was called in {shown(found)} of {found['items']} questions." if found else ""


def _differing(summary: Summary) -> str:
    """Questions on which one of the two is right, and what the agent did there."""
    rows = [
        [
            str(one["line"]),
            one["question"],
            one["answer"],
            one["reader"] or "–",
            one["agent"] or "–",
            one["error"] or ", ".join(one["tools"]) or "no tool",
            one["why"],
        ]
        for one in summary["differing"]
    ]
    if not rows:
        return ""
    heads = ["line", "question", "expected", "reader alone", "agent", "the agent called", "why"]
    return "## Where only one of them is right\n\n" + _table(heads, rows)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    """One line that stays in its cell and is no HTML."""
    plain = " ".join(text.split())
    short = plain if len(plain) <= 120 else plain[:119] + "…"
    return short.replace("|", "\\|").replace("<", "&lt;")
