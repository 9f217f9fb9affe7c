"""Facts of a file asked for by their names: these and no others, in three languages."""

import pytest

from assistant.planning.compose import compose
from assistant.planning.conversation import PastTurn
from assistant.planning.glossed import in_english
from assistant.planning.named_facts import facts_named, named_facts, of_the_file, with_facts
from assistant.planning.plan import make_tasks
from assistant.planning.task import Task
from assistant.turn.tongue import answered_in
from store.records import Fact
from tests.talking.talk import CHEST, CT, SKIN, inspected, row, talk
from tools.language.header_names import names_in

STATED = {
    "slice thickness": "5 mm",
    "spacing between slices": "6.5 mm",
    "tube voltage": "120 kV",
    "exposure": "200 mAs",
    "size": "512 × 512 pixels",
    "pixel spacing": "0.7 × 0.7 mm (wide × high)",
    "extent": "35.8 cm wide and 35.8 cm tall",
    "plane": "axial",
    "sides": "left edge R (right), right edge L (left)",
    "gantry tilt": "0 degrees",
}


def facts(n=1, **values):
    told = {**STATED, **{name.replace("_", " "): value for name, value in values.items()}}
    return tuple(Fact(image_id=f"img-{n}", name=name, value=value) for name, value in told.items() if value)


def answer(words, *rows, before=(), results=None, **more):
    rows = rows or (row(1, CT),)
    found = tuple(inspected(one, *facts(int(one.id[-1]))) for one in rows) if results is None else results
    past = tuple(PastTurn(one, (), (), "said") for one in before)
    now = in_english(talk(words, *rows, results=found, past=past, before=tuple(before), **more))
    return compose(make_tasks(now), now)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("slice thickness?", ["slice thickness"]),
        ("what's the kVp, and the matrix?", ["tube voltage", "matrix"]),
        ("Give me kVp, mAs and slice thickness.",
         ["tube voltage", "tube current or exposure", "slice thickness"]),
        ("what year", ["date"]),
        ("which manufacturer", ["maker of the device"]),
        ("and the spacing between them?", ["slice spacing"]),
        ("so theres a gap?", ["gap between slices"]),
        ("TR and TE?", ["repetition time", "echo time"]),
        ("what was the size in pixels of the first film again", ["size in pixels"]),
        ("Nur die kV, bitte.", ["tube voltage"]),
        ("und der Abstand dazwischen?", ["slice spacing"]),
        ("Aus welchem Jahr?", ["date"]),
        ("Nenn mir Röhrenspannung, mAs und Schichtdicke",
         ["tube voltage", "tube current or exposure", "slice thickness"]),
        ("¿y la distancia entre ellos?", ["slice spacing"]),
        ("Dime el kilovoltaje y el grosor de corte", ["tube voltage", "slice thickness"]),
        ("¿cuánto mide de ancho en píxeles?", ["size in pixels"]),
        ("orientación", ["plane", "sides of the picture"]),
    ],
)  # fmt: skip
def test_a_message_of_names_alone_asks_for_those_facts(words, names):
    assert [*names_in(words)] == names


@pytest.mark.parametrize(
    "words",
    [
        "what is slice thickness?", "Was ist Schichtdicke?", "¿qué es la matriz?",
        "why is the matrix so small?",
        "is the slice thickness good enough?", "compare the kVp", "how thick is the skin?", "más ancha",
        "a bit wider", "te paso otra", "hello", "how many lesions are there?",
    ],
)  # fmt: skip
def test_what_says_more_than_names_asks_for_something_else(words):
    assert names_in(words) == ()


def test_each_fact_is_told_by_itself_and_what_is_not_stated_is_said_to_be_so():
    said = answer("slice thickness and flip angle?")
    assert said.split("\n\n") == [
        "Slice thickness of img-1: 5 mm (from the file).",
        "I cannot tell: the file of img-1 does not state its flip angle, and I do not guess it.",
    ]
    assert answer("matrix").count("of img-1") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("how wide in pixels?", "img-1 is 640 × 480 pixels (wide × high)."),
        ("how wide is it in mm?", "358 mm wide"),
        ("wie breit ist das Bild in cm?", "35,8 cm breit"),
        ("¿cuánto mide de ancho en mm?", "358 mm de ancho"),
        ("how many slices", "img-1 has 40 slices"),
    ],
)
def test_the_size_of_a_picture_is_told_in_the_unit_asked_for(words, said):
    assert said in answer(words)


def test_a_unit_alone_goes_on_from_a_size_and_only_from_one():
    assert "358 mm wide" in answer("and in mm?", before=["how wide in pixels?"])
    assert "35.8 cm" in answer("in cm please", before=["how wide in pixels?", "and in mm?"])
    assert named_facts(in_english(talk("and in mm?", row(1, CT), before=("how big is the lesion?",)))) == []


def test_a_lesion_is_not_the_picture_that_shows_it():
    assert named_facts(in_english(talk("how wide is it in mm?", row(1, SKIN)))) == []
    assert named_facts(in_english(talk("how many pixels?", row(1, SKIN))))


@pytest.mark.parametrize(
    ("thickness", "apart", "said"),
    [("5 mm", "6.5 mm", "1.5 mm are left out"), ("5 mm", "4 mm", "1 mm into the next"),
     ("5 mm", "5 mm", "touch")],
)  # fmt: skip
def test_a_gap_is_worked_out_from_what_the_file_states(thickness, apart, said):
    image = row(1, CT)
    found = (inspected(image, *facts(slice_thickness=thickness, spacing_between_slices=apart)),)
    assert said in answer("is there a gap?", image, results=found)


def test_a_gap_is_not_worked_out_from_half_of_it():
    image = row(1, CT)
    found = (inspected(image, *facts(spacing_between_slices="")),)
    said = answer("is there a gap?", image, results=found)
    assert "Slice thickness of img-1" in said and "gap." not in said


@pytest.mark.parametrize("words", ["and of the second one?", "und vom zweiten?", "¿y de la segunda?"])
def test_the_same_facts_are_told_of_the_picture_that_is_named_next(words):
    first, second = row(1, CT), row(2, CT)
    now = in_english(talk(words, first, second, before=("slice thickness?",)))
    (task,) = make_tasks(now)
    assert (task.images, facts_named(task)) == (("img-2",), ("slice thickness",))


def test_both_pictures_may_be_asked_of():
    for words in ("slice thickness of both?", "Schichtdicke von beiden?", "¿grosor de corte de ambas?"):
        (task,) = make_tasks(in_english(talk(words, row(1, CT), row(2, CT))))
        assert task.images == ("img-1", "img-2"), words


def test_what_a_reader_may_see_is_asked_of_one_that_is_set_up():
    now = in_english(talk("contrast agent?", row(1, CT), readers={"radiology": "read_radiograph"}))
    assert named_facts(now) == []
    assert named_facts(in_english(talk("contrast agent?", row(1, CT))))


@pytest.mark.parametrize(
    "words",
    ["here is a second one", "heres another one from the same folder", "hier ist noch eins", "aquí va otra"],
)  # fmt: skip
def test_a_picture_that_comes_after_such_a_question_is_first_told_what_it_is(words):
    past = (PastTurn("what kVp was used?", ("img-1",), (inspected(row(1, CT)),), "120"),)
    now = in_english(talk(words, row(1, CT), row(2, CHEST), attached=("img-2",), past=past))
    assert make_tasks(now)[0].intent in ("what_is", "describe")


@pytest.mark.parametrize("words", ["kVp?", "TR", "mAs?", "DLP", "FOV?"])
def test_an_abbreviation_is_answered_in_the_language_of_the_chat(words):
    assert answered_in(words, lambda: "es") == "es"
    assert answered_in(f"¿{words}", lambda: "de") in ("es", "de")
    assert answered_in("¿cuánto kVp?", lambda: "de") == "es"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("can you tell me the scanner and the year?", ["maker of the device", "date"]),
        ("Welche Feldstärke hatte das Gerät?", ["magnetic field strength"]),
        ("gut. Dann zur Aufnahme: Schichtdicke?", ["slice thickness"]),
        ("¿y cuánto hay entre cortes?", ["slice spacing"]),
        ("Wie breit ist das erste Bild in mm?", ["size in mm"]),
    ],
)
def test_what_stands_beside_the_names_may_be_polite_or_say_which_picture(words, names):
    assert [*names_in(words)] == names


def test_a_question_of_the_file_that_names_facts_is_never_answered_with_all_of_it():
    asked_of_file = "what does the file say of gantry tilt for our seminar?"
    image = row(1, CT)
    tasks = [Task("facts", asked_of_file, ("img-1",))]
    (told,) = with_facts(tasks, talk(asked_of_file, image))
    assert facts_named(told) == ("gantry tilt",)
    (whole,) = with_facts([Task("facts", "show the header", ("img-1",))], talk("show the header", image))
    assert facts_named(whole) == ()


def test_a_picture_that_comes_with_thanks_is_told_what_it_is():
    now = in_english(talk("ok thx. here's my scan", row(1, CT), attached=("img-1",)))
    assert [one.intent for one in make_tasks(now)] == ["describe"]  # as without the thanks


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("study description?", "are kept"),
        ("Wie ist die Serienbeschreibung?", "behalten"),
        ("¿descripción del estudio?", "conservan"),
    ],
)
def test_what_is_not_kept_of_a_header_is_not_said_to_be_left_out_by_the_file(words, kept):
    said = answer(words)
    assert kept in said and "img-1" in said and "does not state" not in said


def test_a_voxel_is_told_with_the_thickness_of_its_slice():
    said = answer("voxel dims")
    assert "0.7 × 0.7 mm" in said and "5 mm" in said


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("thickness and gap pls", ("slice thickness", "slice spacing")),
        ("Schichtdicke und -abstand?", ("slice thickness", "slice spacing")),
        ("grosor y separación", ("slice thickness", "slice spacing")),
        ("what side and projection?", ("laterality", "view")),
        ("Projektion und Seite bitte", ("view", "laterality")),
        ("que proyeccion y que lado", ("view", "laterality")),
        ("tr n te", ("repetition time", "echo time")),
        ("bits stored vs allocated", ("number of bits",)),
        ("what is the model name?", ("maker of the device",)),
        ("nativ oder mit Kontrast?", ("contrast agent",)),
        ("¿con o sin contraste?", ("contrast agent",)),
        ("de que material es el anodo", ("anode material",)),
        ("Anode und Filter?", ("anode material", "filter material")),
        ("Kompressionskraft und -dicke?", ("compression force", "body part thickness")),
        ("¿qué distancia foco detector tenía?", ("source-to-detector distance",)),
        ("Was steht im Header über die Frequenz?", ("frequency",)),
        ("which side marker on the film, L or R?", ("side marker",)),
    ],
)
def test_two_facts_under_one_word_and_other_names_are_known(words, names):
    assert names_in(words) == names


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("how many shades of grey?", "12 bits hold 4096 grey levels, 0 to 4095"),
        ("Wie viele Grauwerte?", "12 Bit fassen 4096 Graustufen, 0 bis 4095"),
        ("¿cuántos tonos de gris?", "12 bits dan 4096 niveles de gris, de 0 a 4095"),
    ],
)
def test_the_bits_of_a_file_are_told_as_grey_levels(words, says):
    now = (inspected(row(1, CHEST), *facts(bits_stored="12")),)
    assert answer(words, row(1, CHEST), results=now).startswith(says)


def test_a_side_marker_is_not_read_from_the_pixels():
    said = answer("is the marker right or left", row(1, CHEST))
    assert said.startswith("I cannot tell: I read no letters in the pixels of img-1")


def test_a_window_that_cannot_be_used_is_named_beside_the_one_that_is_shown():
    note = "The file names a window without width, which cannot be shown; it was left out."
    window = "level 40, width 400 (Casebook's default)"
    now = (inspected(row(1, CT), *facts(window=window, how_it_was_read=note)),)
    for words in ("window?", "which window did you show it with?", "what window is in the header?"):
        said = answer(words, row(1, CT), results=now)
        assert window in said
        assert note in said
    assert "eine Fensterung ohne Breite" in answer(
        "Welches Fenster steht in der Datei?", row(1, CT), results=now
    )


@pytest.mark.parametrize(
    "words",
    ["please check this jpeg for burnt-in names",
     "are there letters in the pixels?", "a burned-in text check of it",
     "bitte prüfen, ob Namen ins Bild eingebrannt sind", "compruebe si hay nombres quemados en la imagen"],
)  # fmt: skip
def test_text_in_a_picture_is_not_a_matter_of_quality_and_nobody_is_told_that_there_is_none(words):
    told = in_english(talk(words, row(1, CT), row(2, CHEST), attached=("img-2",)))
    (task,) = make_tasks(told)
    said = compose([task], told)
    assert told.say("file.text_in_pixels", image="img-2") in said and "sharp" not in said


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("plane and weighting", ("plane", "weighting")),
        ("welche Ebene und welche Wichtung", ("plane", "weighting")),
        ("secuencia y plano?", ("pulse sequence", "plane")),
        ("hey whats the shape of this thing", ("shape",)),
        ("¿qué dimensiones tiene?", ("shape",)),
        ("thickness, kV and mAs?", ("slice thickness", "tube voltage", "tube current or exposure")),
        ("y la máquina?", ("maker of the device",)),
        ("von wann ist die aufnahme und welches gerät", ("date", "maker of the device")),
        ("how much is covered top to bottom", ("length covered",)),
        ("steht da noch n name drin", ("personal data",)),
        ("¿tiene datos personales?", ("personal data",)),
        ("Wie viele Zeitpunkte?", ("number of volumes",)),
    ],
)
def test_more_facts_are_known_by_what_people_call_them(words, names):
    assert names_in(words) == names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("matrix is only 512. nyquist for that?", "1 / (2 × 0.7 mm) = 0.714 line pairs per mm"),
        ("Wie viele Linienpaare pro mm gehen da?", "0,714 Linienpaare pro mm"),
        ("what volume does a voxel have", "0.7 × 0.7 × 6.5 mm = 3.18 mm³"),
        ("¿cuánto cubre?", "cubren 26 cm"),
        ("and does it contain personal data?", "dropped when it is read"),
    ],
)
def test_what_follows_from_facts_is_worked_out(words, said):
    assert said in answer(words)


def test_a_file_with_volumes_tells_its_shape_with_them():
    image = row(1, CT, frames=60, volumes=20)
    assert "640 × 480 × 3 × 20" in answer("shape?", image)


def test_facts_named_in_one_message_are_all_told_whatever_else_it_says():
    said = answer("got this off the teaching drive, slice thickness and kvp pls")
    assert "5 mm" in said and "120 kV" in said


@pytest.mark.parametrize("words", ["why does nyquist matter", "how do I remove a burned-in name?"])
def test_what_is_asked_in_general_is_not_asked_of_the_file(words):
    assert of_the_file(words, in_english(talk(words, row(1, CT)))) is None
