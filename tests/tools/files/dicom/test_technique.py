"""How a picture was acquired: numbers and codes in words, free text never."""

from __future__ import annotations

import warnings

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.inputs.make_dicom import CT, build, make_dicom, ramp, save
from tests.inputs.make_series import item
from tools.files.arrays.limits import ReadLimits
from tools.files.dicom.reader import read_dicom

SECRET = "JANE ROE 1970"


def facts(folder, modality="MR", **elements):
    path = make_dicom(folder / "a.dcm", ramp(), modality=modality, **elements)
    return read_dicom(path, ReadLimits()).facts


@pytest.mark.parametrize(
    ("elements", "name", "said"),
    [
        ({"EchoTime": "12.5"}, "echo time", "12.5 ms"),
        ({"EchoNumbers": "2"}, "echo number", "2"),
        ({"RepetitionTime": "4000"}, "repetition time", "4000 ms"),
        ({"InversionTime": "150"}, "inversion time", "150 ms"),
        ({"FlipAngle": "30"}, "flip angle", "30 degrees"),
        ({"ScanningSequence": ["SE", "IR"]}, "pulse sequence", "spin echo, inversion recovery"),
        (
            {"ScanningSequence": "GR", "MRAcquisitionType": "3D"},
            "pulse sequence",
            "gradient recalled, as a v",
        ),
        ({"XRayTubeCurrent": "170"}, "tube current", "170 mA"),
        ({"Exposure": "85"}, "exposure", "85 mAs"),
        ({"NumberOfAverages": "4"}, "averages", "4"),
        ({"ScanOptions": ["FS", SECRET[:8]]}, "scan options", "fat saturation"),
        ({"SpiralPitchFactor": 0.98}, "spiral pitch", "0.98"),
        ({"GantryDetectorTilt": "-12"}, "gantry tilt", "-12 degrees"),
        ({"CTDIvol": 8.1}, "CTDIvol", "8.1 mGy"),
        ({"SliceLocation": "-37.5"}, "slice location", "-37.5 mm"),
        ({"CineRate": "15"}, "frame rate", "15 frames per second"),
        ({"LossyImageCompression": "01"}, "lossy compression", "yes"),
        ({"ContrastBolusAgent": SECRET}, "contrast agent", "one is named"),
        ({"ContrastBolusAgent": "None"}, "contrast agent", "none, as the file says"),
        ({"ContrastBolusAgentSequence": item(CodeMeaning=SECRET)}, "contrast agent", "one is named"),
        ({"ConvolutionKernel": SECRET}, "reconstruction kernel", "one is named"),
        ({"ConvolutionKernel": ["Br40d", "3"]}, "reconstruction kernel", "BR40D"),
        ({"Modality": "MR", "SeriesDescription": f"{SECRET[:8]} anat-T1w"}, "weighting", "T1, by the name"),
        ({"Modality": "MR", "ProtocolName": "ax_T2_FLAIR"}, "weighting", "T2 FLAIR, by the name"),
        ({"Units": "BQML"}, "unit of values", "becquerels per millilitre (from the file)"),
        ({"DepthOfScanField": "90"}, "depth of the scan field", "90 mm"),
        ({"RepetitionTime": "12000"}, "repetition time", "12000 ms"),
        ({"RescaleSlope": "0.347812"}, "rescale slope", "0.347812"),
        ({"RescaleSlope": "1", "RescaleIntercept": "-32768"}, "rescale intercept", "-32768"),
        ({"RescaleSlope": "1", "RescaleType": "HU"}, "rescale type", "Hounsfield units (HU)"),
        ({"AnodeTargetMaterial": "TUNGSTEN"}, "anode material", "tungsten"),
        ({"FilterMaterial": ["RHODIUM", "ALUMINUM", SECRET[:8]]}, "filter material", "rhodium, aluminium"),
        ({"CompressionForce": "110.4"}, "compression force", "110.4 N"),
        ({"BodyPartThickness": "55"}, "body part thickness", "55 mm"),
        ({"Grid": ["RECIPROCATING", "FOCUSED"]}, "grid", "moving to and fro, focused"),
        ({"Grid": "NONE"}, "grid", "none was used, as the file says"),
        ({"ExposureIndex": "312.5"}, "exposure index", "312.5"),
        ({"TargetExposureIndex": "250"}, "target exposure index", "250"),
        ({"DeviationIndex": "-1.2"}, "deviation index", "-1.2"),
        ({"Sensitivity": "200"}, "detector sensitivity", "200 (in units of the maker)"),
        ({"DistanceSourceToDetector": "1800"}, "source-to-detector distance", "1800 mm"),
        ({"DistanceSourceToPatient": "1650"}, "source-to-patient distance", "1650 mm"),
        ({"FocalSpots": "0.3"}, "focal spot", "0.3 mm"),
        ({"FocalSpots": ["0.6", "1.2"]}, "focal spot", "0.6 and 1.2 mm"),
        ({"ImagingFrequency": "63.873241"}, "imaging frequency", "63.87 MHz"),
        ({"AcquisitionMatrix": [256, 0, 0, 192]}, "acquisition matrix", "256 × 192 (frequency × phase)"),
        ({"AcquisitionMatrix": [0, 320, 224, 0]}, "acquisition matrix", "320 × 224 (frequency × phase)"),
    ],
)
def test_what_the_header_says_of_the_technique_is_a_fact(tmp_path, elements, name, said):
    found = facts(tmp_path, **elements)
    assert found[name].startswith(said)
    assert "JANE" not in repr(found)


@pytest.mark.parametrize(
    "elements",
    [
        {"EchoTime": "0"},
        {"FlipAngle": "3600"},
        {"ScanningSequence": SECRET},
        {"Units": SECRET},
        {"MRAcquisitionType": "3D"},
        {"ContrastBolusAgent": ""},
        {"ContrastBolusAgentSequence": Sequence([])},
        {"RescaleSlope": "0"},
        {"RescaleType": SECRET},
        {"AnodeTargetMaterial": SECRET},
        {"FilterMaterial": [SECRET[:8]]},
        {"Grid": SECRET},
        {"CompressionForce": "0"},
        {"ExposureIndex": "-3"},
        {"DistanceSourceToDetector": "0"},
        {"FocalSpots": "300"},
        {"FocalSpots": ["0.3", "0.6", "1.2"]},
        {"AcquisitionMatrix": [256, 256, 192, 192]},
        {"AcquisitionMatrix": [256, 0, 192, 0]},
        {"AcquisitionMatrix": [0, 0, 0, 0]},
        {"StudyDescription": SECRET},
    ],
)
def test_what_is_out_of_range_unknown_or_empty_is_no_fact(tmp_path, elements):
    plain = facts(tmp_path)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert facts(tmp_path, **elements) == plain


def test_a_frame_of_an_enhanced_file_has_its_own_timing(tmp_path):
    ds = build(ramp()[None].repeat(2, axis=0), modality="MR")
    shared, groups = Dataset(), []
    shared.MRTimingAndRelatedParametersSequence = item(RepetitionTime=500.0, FlipAngle=20.0)
    shared.MRImagingModifierSequence = item(TransmitterFrequency=123.2)
    shared.PixelValueTransformationSequence = item(RescaleSlope="2", RescaleIntercept="-5", RescaleType="US")
    for echo in (5.0, 10.0):
        group = Dataset()
        group.MREchoSequence = item(EffectiveEchoTime=echo)
        groups.append(group)
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    image = read_dicom(save(ds, tmp_path / "a.dcm"), ReadLimits())
    assert image.facts["repetition time"] == "500 ms"
    assert image.facts["imaging frequency"] == "123.2 MHz"
    rescale = [image.facts[f"rescale {one}"] for one in ("slope", "intercept", "type")]
    assert rescale == ["2", "-5", "left unspecified"]
    assert [image.at(n).facts["echo time"] for n in (0, 1)] == ["5 ms", "10 ms"]


def test_the_regions_of_an_ultrasound_say_what_they_show(tmp_path):
    regions = [Dataset() for _ in range(3)]
    for region, kind in zip(regions, (1, 2, 1), strict=True):
        region.RegionDataType = kind
        region.TransducerFrequency = 2500 * kind
    found = facts(tmp_path, "US", SequenceOfUltrasoundRegions=Sequence(regions))
    assert found["ultrasound modes"] == "tissue, colour flow"
    assert found["transducer frequency"] == "2.5 and 5 MHz"


@pytest.mark.parametrize("kilohertz", [5, 5_000_000])
def test_a_frequency_in_another_unit_than_the_standard_has_is_no_fact(tmp_path, kilohertz):
    region = Dataset()
    region.TransducerFrequency = kilohertz
    assert "transducer frequency" not in facts(tmp_path, "US", SequenceOfUltrasoundRegions=Sequence([region]))


def test_a_frame_of_an_enhanced_ct_has_its_tube(tmp_path):
    ds = build(ramp()[None].repeat(2, axis=0), modality="CT")
    shared = Dataset()
    shared.CTXRayDetailsSequence = item(KVP=120.0, FocalSpots=0.7, FilterMaterial="COPPER")
    shared.CTGeometrySequence = item(DistanceSourceToDetector=1085.6)
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    found = read_dicom(save(ds, tmp_path / "a.dcm"), ReadLimits()).facts
    told = [found[one] for one in ("focal spot", "filter material", "source-to-detector distance")]
    assert told == ["0.7 mm", "copper", "1086 mm"]


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"PixelPaddingValue": 0}, "the stored value 0; pixels with it hold nothing"),
        ({"PixelPaddingValue": 0, "PixelPaddingRangeLimit": 100}, "stored values from 0 to 100; pixels with"),
        ({"PixelPaddingValue": 4095}, "the stored value 4095; no pixel"),
    ],
)
def test_padding_is_a_fact_and_whether_the_slice_has_any(tmp_path, elements, said):
    assert facts(tmp_path, "CT", **CT, **elements)["padding"].startswith(said)


def test_a_file_without_padding_has_no_such_fact(tmp_path):
    assert "padding" not in facts(tmp_path, "CT", **CT)


@pytest.mark.parametrize(("modality", "name"), [("CT", "T1 vertebra"), ("MR", "brain AT1"), ("MR", SECRET)])
def test_a_weighting_is_told_only_by_a_word_for_one(tmp_path, modality, name):
    assert "weighting" not in facts(tmp_path, Modality=modality, SeriesDescription=name)
