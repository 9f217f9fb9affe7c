#!/usr/bin/env bash
# What one would expect: OpenSlide and wsidicom, the two readers of whole-slide DICOM in Python, have the same call,
# read_region(location, level, size). Asked the same of the same slide they give the same piece of tissue, or an error.
#
# What happens: both give a piece, and it is another one. OpenSlide counts levels (0, 1, 2) and takes the location in
# pixels of the full picture. wsidicom takes the level as a power of two, whether the slide has such a level or not, and
# the location in pixels of that level. Of a slide reduced by 1, 4 and 16, region (100, 40) of 20 pixels at level 2
# begins at pixel 100, 40 in one and at 400, 160 in the other, and covers 320 pixels in one and 80 in the other. At
# level 0, where one tries it first, they agree. wsidicom's documentation says "in pixels" and "level in pyramid" only.
#
# Why it matters: tiles are cut by one library and annotated by the other, or a pipeline is moved to DICOM. The label
# "tumour" then stands on other tissue at another magnification, which no picture gives away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'wsidicom==0.36.1' 'openslide-python==1.4.7' \
  'openslide-bin==4.0.1.2' 'pydicom==3.0.2' 'numpy==2.4.6' 'pillow==12.3.0' 2>/dev/null
"$folder/env/bin/python" - "$folder" <<'PYTHON'
import io
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import openslide
from PIL import Image, ImageCms
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit, VLWholeSlideMicroscopyImageStorage, generate_uid
from wsidicom import WsiDicom

print("openslide", version("openslide-python"), "wsidicom", version("wsidicom"))
slide = Path(sys.argv[1]) / "slide"
slide.mkdir()
study, series, frame_of_reference, dimension = (generate_uid() for _ in range(4))


def part(**elements: object) -> list[Dataset]:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return [item]


def code(value: str, scheme: str, meaning: str) -> list[Dataset]:
    return part(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def write_level(number: int, factor: int) -> None:
    side = 1024 // factor
    y, x = np.mgrid[factor // 2 : 1024 : factor, factor // 2 : 1024 : factor] // 4
    picture = Image.fromarray(np.stack([x, y, 0 * x], axis=2).astype(np.uint8))  # red tells the column, green the row
    tiles = [io.BytesIO() for _ in range((side // 64) ** 2)]
    for place, tile in enumerate(tiles):
        top, left = 64 * (place // (side // 64)), 64 * (place % (side // 64))
        picture.crop((left, top, left + 64, top + 64)).save(tile, "JPEG", quality=95)
    kind = ["DERIVED", "PRIMARY", "VOLUME", "RESAMPLED"] if number else ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    (image,) = part(
        SOPClassUID=VLWholeSlideMicroscopyImageStorage, SOPInstanceUID=generate_uid(), Modality="SM", ImageType=kind,
        StudyInstanceUID=study, SeriesInstanceUID=series, FrameOfReferenceUID=frame_of_reference, SeriesNumber=1,
        InstanceNumber=number + 1, PatientName="", PatientID="", PatientBirthDate="", PatientSex="", StudyID="",
        StudyDate="", StudyTime="", AccessionNumber="", ReferringPhysicianName="", Manufacturer="M",
        ManufacturerModelName="M", DeviceSerialNumber="1", SoftwareVersions="1", ContentDate="20200101",
        ContentTime="000000", AcquisitionDateTime="20200101000000", PositionReferenceIndicator="SLIDE_CORNER",
        ImagedVolumeWidth=0.512, ImagedVolumeHeight=0.512, ImagedVolumeDepth=0.001, VolumetricProperties="VOLUME",
        TotalPixelMatrixColumns=side, TotalPixelMatrixRows=side, TotalPixelMatrixFocalPlanes=1, FocusMethod="AUTO",
        TotalPixelMatrixOriginSequence=part(XOffsetInSlideCoordinateSystem=10, YOffsetInSlideCoordinateSystem=20),
        ImageOrientationSlide=[0, -1, 0, -1, 0, 0], DimensionOrganizationType="TILED_FULL", NumberOfOpticalPaths=1,
        DimensionOrganizationSequence=part(DimensionOrganizationUID=dimension), ExtendedDepthOfField="NO",
        SamplesPerPixel=3, PhotometricInterpretation="YBR_FULL_422", PlanarConfiguration=0, Rows=64, Columns=64,
        BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0, NumberOfFrames=len(tiles),
        LossyImageCompression="01", LossyImageCompressionRatio=10, LossyImageCompressionMethod="ISO_10918_1",
        BurnedInAnnotation="NO", SpecimenLabelInImage="NO", AcquisitionContextSequence=[], ContainerIdentifier="C",
        ContainerTypeCodeSequence=code("433466003", "SCT", "Slide"), IssuerOfTheContainerIdentifierSequence=[],
        SpecimenDescriptionSequence=part(SpecimenIdentifier="S", SpecimenUID=generate_uid(),
            IssuerOfTheSpecimenIdentifierSequence=[], SpecimenPreparationSequence=[]),
        OpticalPathSequence=part(OpticalPathIdentifier="1",
            IlluminationTypeCodeSequence=code("111744", "DCM", "Brightfield illumination"),
            IlluminationColorCodeSequence=code("414298005", "SCT", "Full Spectrum"),
            ICCProfile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        SharedFunctionalGroupsSequence=part(
            PixelMeasuresSequence=part(PixelSpacing=[0.0005 * factor] * 2, SliceThickness=0.001),
            WholeSlideMicroscopyImageFrameTypeSequence=part(FrameType=kind)),
        PixelData=encapsulate([tile.getvalue() for tile in tiles]), file_meta=FileMetaDataset(),
    )  # fmt: skip
    image.file_meta.TransferSyntaxUID, image["PixelData"].is_undefined_length = JPEGBaseline8Bit, True
    image.save_as(slide / f"{number}.dcm", enforce_file_format=True)


for number, factor in enumerate((1, 4, 16)):
    write_level(number, factor)
found = {}
for name, reader in (("openslide", openslide.OpenSlide(slide / "0.dcm")), ("wsidicom", WsiDicom.open(slide))):
    for level in (0, 1, 2):
        region = np.asarray(reader.read_region((100, 40), level, (20, 20)).convert("RGB")).astype(int)
        left, right, top = 4 * region[10, 0, 0], 4 * region[10, -1, 0], 4 * region[0, 10, 1]
        found[name, level] = np.array([left, top, right - left])
        print(f"{name}, (100, 40), level {level}, (20, 20): begins near {left}, {top}, spans about {right - left}")
assert (abs(found["openslide", 0] - found["wsidicom", 0]) < 12).all(), "the behaviour has changed"
assert (abs(found["openslide", 2] - [104, 44, 304]) < 16).all(), "the behaviour has changed"
assert (abs(found["wsidicom", 2] - [400, 160, 76]) < 16).all(), "the behaviour has changed"
PYTHON
