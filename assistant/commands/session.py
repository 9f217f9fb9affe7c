"""`casebook session`: teaching cases, sessions on them, their figures, and all of it taken away."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.commands import console, session_options, session_reading, session_removing, session_sharing
from assistant.commands import session_regions as regions
from assistant.commands.opening import opened, readable
from assistant.commands.session_owner import add_all, of_session

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.teaching.teacher import Teacher
    from store.teaching.case import Kind
    from store.teaching.cases import CaseVersion
    from store.teaching.rows import SessionRow


def add_to(commands: Any) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("session", help="teach with unknown cases: sessions, figures, export")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _add_new(actions)
    _add_cases(actions)
    session_sharing.add_to(actions)
    session_reading.add_to(actions)
    session_removing.add_to(actions)
    listing = actions.add_parser("list", help="your sessions, the newest first")
    listing.add_argument("--json", action="store_true", help="print one JSON object")
    listing.add_argument("--all", action="store_true", help="those of every owner, also made on the page")
    listing.set_defaults(run=_list)
    code = actions.add_parser("join-code", help="the code that learners type to join")
    code.add_argument("session", metavar="ID")
    code.set_defaults(run=_join_code)
    figures = actions.add_parser("figures", help="how the class did, and how each figure is computed")
    figures.add_argument("session", metavar="ID")
    figures.add_argument("--json", action="store_true", help="print one JSON object")
    add_all(figures)
    figures.set_defaults(run=_figures)
    export = actions.add_parser("export", help="tables, steps and a codebook, with pseudonyms")
    export.add_argument("session", metavar="ID")
    export.add_argument("out", metavar="FOLDER", type=Path, help="a folder that is not there yet")
    add_all(export)
    export.set_defaults(run=_export)
    again = actions.add_parser("again", help="a new session as an exported one was held, lots and all")
    again.add_argument("file", metavar="FILE", type=Path, help="session.json of the export")
    again.set_defaults(run=_again, json=False)
    overrule = actions.add_parser("overrule", help="put your word over what was computed of an answer")
    overrule.add_argument("session", metavar="ID")
    overrule.add_argument("learner", metavar="LEARNER", help="pseudonym, such as L02")
    overrule.add_argument("case", metavar="CASE", type=int, help="position in the session, from 1")
    overrule.add_argument("--rank", type=int, help="place of the truth in the differential; without, none")
    overrule.add_argument(
        "--region", action="append", default=[], metavar="N=OUTCOME",
        help="how region or mark N of the feedback came out: found, other slice, missed or extra; repeat; "
        "then the rank stands unless --rank is given",
    )  # fmt: skip
    overrule.add_argument("--note", default="", type=console.words, help="to the learner")
    overrule.set_defaults(run=_overrule)


def _add_new(actions: Any) -> None:
    new = actions.add_parser("new", help="make a session and print its join code")
    new.add_argument("title", metavar="TITLE", type=console.words, help="tells nothing of the cases")
    new.add_argument("--case", action="append", default=[], metavar="ID", help="a case of yours; repeat")
    new.add_argument("--own", action="store_true", help="draw from your teaching cases, not from the library")
    new.add_argument("--tag", action="append", default=[], help="only cases of yours with this tag; repeat")
    new.add_argument("--label", action="append", default=[], help="only library cases of this label; repeat")
    new.add_argument("--modality", action="append", default=[], help="only this DICOM code; repeat")
    new.add_argument("--number", type=int, default=10, help="cases to draw; default 10")
    new.add_argument("--share", type=float, help="of normals and mimics among them, 0 to 1; default 0.4")
    new.add_argument("--seed", type=int, default=0, help="of all lots; the same seed, the same cases")
    new.add_argument("--random-order", action="store_true", help="every learner in an order of their own")
    new.add_argument("--normal", action="append", default=[], metavar="LABEL",
                     help="library label that counts as normal; repeat")  # fmt: skip
    new.add_argument("--mimic", action="append", default=[], metavar="LABEL",
                     help="library label that counts as a mimic; repeat")  # fmt: skip
    session_options.add_to(new)
    new.add_argument("--known", action="store_true", help="everything open, nothing to commit to")
    new.add_argument("--json", action="store_true", help="print one JSON object")
    new.set_defaults(run=_new)


def _add_cases(actions: Any) -> None:
    cases = actions.add_parser("cases", help="your teaching cases, the newest first")
    cases.add_argument("--json", action="store_true", help="print one JSON object")
    cases.add_argument("--withdrawn", action="store_true", help="those that are withdrawn instead")
    cases.add_argument("--all", action="store_true", help="those of every owner, also made on the page")
    cases.set_defaults(run=_cases)
    add = actions.add_parser("add-case", help="a teaching case from a file with its images, or from images")
    add.add_argument("files", metavar="FILE", nargs="+", help="one .json or MIRCdocument (.zip), or images")
    for name in ("diagnosis", "history", "sex", "kind", "certainty", "proven-by", "discussion", "difficulty",
                 "title", "author", "licence"):  # fmt: skip
        add.add_argument(f"--{name}", type=console.words, help="of a case of images")
    add.add_argument("--age-years", type=float, help="of a case of images")
    for name in ("also", "findings", "differential", "references", "hints", "tags"):
        add.add_argument(f"--{name}", action="append", type=console.words, help="of a case of images; repeat")
    add.set_defaults(run=_add_case)
    regions.add_to(actions)
    copy = actions.add_parser("copy-case", help="a case of its own with what another holds; prints its id")
    copy.add_argument("case", metavar="ID")
    copy.set_defaults(run=_copy_case)
    withdraw = actions.add_parser("withdraw-case", help="offer a case for no further session")
    withdraw.add_argument("case", metavar="ID")
    withdraw.set_defaults(run=_withdraw)


def _new(given: argparse.Namespace) -> int:
    with opened() as assistant:
        made = _made(_teacher(assistant), given)
    return _tell(made, given)


def _again(given: argparse.Namespace) -> int:
    from assistant.teaching.again import hold_again

    text = readable(given.file).read_bytes()
    with opened() as assistant:
        made = hold_again(_teacher(assistant), text)
    return _tell(made, given)


def _tell(made: SessionRow, given: argparse.Namespace) -> int:
    if given.json:
        console.write_json(_session(made))
        return console.DONE
    console.write(f"{made.id}  {made.title}\nJoin code: {made.join_code}")
    console.note("Learners open the page, choose Teach, and type the code and a nickname.")
    return console.DONE


def _made(teacher: Teacher, given: argparse.Namespace) -> SessionRow:
    from store.cases.case import CaseFilter
    from store.errors import CaseError

    if given.share is not None and not 0 <= given.share <= 1:
        raise CaseError(f"--share {given.share} is no share. It takes 0 to 1, such as 0.4.")
    if not 0 <= given.seed < 2**63:
        raise CaseError(f"--seed {given.seed} is no seed. It takes 0 or a larger whole number.")
    options = session_options.given(given)
    if given.case:
        there = {one.id: one for one in teacher.cases()}
        if odd := [one for one in given.case if one not in there]:
            raise CaseError(f"There is no teaching case {odd[0]!r} here. See casebook session cases.")
        return teacher.new_session(given.title, [there[one] for one in given.case], options)
    if given.own or given.tag:
        return teacher.from_own(given.title, given.number, options, given.tag)
    where = CaseFilter(label=tuple(given.label), modality=tuple(given.modality))
    kinds: dict[str, Kind] = {label: "normal" for label in given.normal}
    kinds |= {label: "mimic" for label in given.mimic}
    return teacher.from_library(given.title, given.number, options, where, kinds)


def _list(given: argparse.Namespace) -> int:
    with opened() as assistant:
        owner = None if given.all else assistant.owner
        rows = assistant.services.teaching.sessions.sessions(owner)
    if given.json:
        console.write_json({"sessions": [_session(row) for row in rows]})
        return console.DONE
    for row in rows:
        state = "open  " if row.closed_at is None else "closed"
        console.write(f"{row.id}  {row.join_code}  {state}  {row.title}")
    if not rows:
        console.note('There are no sessions yet. Make one: casebook session new "Tuesday" --number 10')
    return console.DONE


def _join_code(given: argparse.Namespace) -> int:
    with opened() as assistant:
        console.write(_teacher(assistant).session(given.session).join_code)
    return console.DONE


def _figures(given: argparse.Namespace) -> int:
    from assistant.commands.session_shown import figure_lines, figures_data
    from assistant.teaching.figures import figures
    from assistant.teaching.mrmc_told import arms_data, arms_told
    from tools.language.sayings import say

    with opened() as assistant:
        teacher = of_session(assistant, given)
        done = teacher.done(given.session)
        marked, withdrawn = teacher.marked(given.session, done), done.withdrawn
    found = figures(marked)
    if given.json:
        console.write_json(figures_data(found) | {"arms": arms_data(marked), "withdrawn": withdrawn})
    else:
        for line in (*figure_lines(found), *arms_told(marked)):
            console.write(line)
        if withdrawn:
            console.write(f"\n{say('teach.withdrew', count=withdrawn)}")
    return console.DONE


def _export(given: argparse.Namespace) -> int:
    from assistant.teaching.export import export_session

    with opened() as assistant:
        files = export_session(assistant.services, of_session(assistant, given), given.session, given.out)
    for path in files:
        console.write(str(path))
    return console.DONE


def _overrule(given: argparse.Namespace) -> int:
    with opened() as assistant:
        teacher, at = _teacher(assistant), (given.session, given.learner, given.case)
        if given.region:
            teacher.overrule_places(*at, regions.outcomes(given.region), given.note)
        if given.rank is not None or not given.region:
            teacher.overrule(*at, given.rank, given.note)
    console.note("Your word counts now; what was computed is kept beside it.")
    return console.DONE


def _cases(given: argparse.Namespace) -> int:
    with opened() as assistant:
        owner = None if given.all else assistant.owner
        cases = assistant.services.teaching.cases.cases(owner, withdrawn=given.withdrawn)
    if given.json:
        console.write_json({"cases": [_case(one) for one in cases]})
        return console.DONE
    for one in cases:
        console.write(f"{one.id}  version {one.version}  {one.case.kind:<7}  {one.case.diagnosis}")
    if not cases and not given.withdrawn:
        console.note("There are no teaching cases yet. Add one: casebook session add-case FILE --diagnosis …")
    return console.DONE


def _add_case(given: argparse.Namespace) -> int:
    paths = [readable(one) for one in given.files]
    with opened() as assistant:
        made = _added(assistant, paths, given)
    console.write(made.id)
    return console.DONE


def _added(assistant: Assistant, paths: list[Path], given: argparse.Namespace) -> CaseVersion:
    from assistant.sharing.bringing import bring
    from assistant.sharing.mirc_reading import is_mirc
    from assistant.teaching.given_away import refuse_given_away
    from store.teaching.case import TeachingCase, checked

    teacher = _teacher(assistant)
    if len(paths) == 1 and (paths[0].suffix.lower() == ".json" or is_mirc(paths[0])):
        return bring(assistant.services, teacher, paths[0].read_bytes())
    names = set(TeachingCase.model_fields) & set(vars(given))
    told = {name: getattr(given, name) for name in names if getattr(given, name) is not None}
    refuse_given_away("", [checked(**told, images=[{"key": "0" * 64}])])
    return teacher.make.from_files(paths, **told)


def _copy_case(given: argparse.Namespace) -> int:
    with opened() as assistant:
        console.write(_teacher(assistant).make.copy(given.case).id)
    return console.DONE


def _withdraw(given: argparse.Namespace) -> int:
    with opened() as assistant:
        _teacher(assistant).withdraw(given.case)
    console.note("Withdrawn. Sessions that hold it keep it.")
    return console.DONE


def _teacher(assistant: Assistant) -> Teacher:
    from assistant.teaching.teacher import Teacher

    return Teacher(assistant.services, assistant.owner)


def _session(row: SessionRow) -> dict[str, Any]:
    return vars(row) | {"options": row.options.model_dump()}


def _case(one: CaseVersion) -> dict[str, Any]:
    return {"id": one.id, "version": one.version} | one.case.model_dump()
