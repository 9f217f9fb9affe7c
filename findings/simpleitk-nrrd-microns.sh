#!/usr/bin/env bash
# What one would expect: a reader that heeds the unit of length in one format heeds it in another. SimpleITK does so for
# NIfTI: a volume in micrometres has its spacing in millimetres after reading. NRRD has a field for the unit, too
# ("space units"), and atlases of small animals and microscopes fill it in with "microns".
#
# What happens: for NRRD SimpleITK takes the bare number. The same cube of 10 voxels of 25 micrometres has 0.016 mm^3 as
# NIfTI and 15,625,000 mm^3 as NRRD, a thousand million times as much. Centimetres and metres are taken for millimetres
# as well. "space units" is not even among the metadata of the image, so the program that reads cannot make up for it;
# the per-axis "units" of a file without directions are, and are not applied either. Nothing is raised or warned of.
#
# Why it matters: a pathology block or a mouse is laid over its scan. The program that reads both well from NIfTI puts
# one of them a thousand times too far away after the collection was moved to NRRD, and writes it on in that way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'simpleitk==2.5.7' 'nibabel==5.4.2' 'pynrrd==1.1.3' \
  'numpy==2.4.6' 2>/dev/null
cd "$folder"
"$folder/env/bin/python" -W ignore - <<'PYTHON'
import nibabel
import nrrd
import numpy as np
import SimpleITK

print("SimpleITK", SimpleITK.Version.VersionString(), "- nibabel", nibabel.__version__, "- pynrrd", nrrd.__version__)
cube = np.ones((10, 10, 10), np.uint8)
volume = nibabel.Nifti1Image(cube, np.diag([25.0, 25, 25, 1]))
volume.header.set_xyzt_units("micron")
nibabel.save(volume, "cube.nii")
shared = {"space dimension": 3, "space directions": np.diag([25.0] * 3), "space origin": [0, 0, 0]}
for unit in ("microns", "cm"):
    nrrd.write(f"{unit}.nrrd", cube, {**shared, "space units": [unit] * 3})
nrrd.write("axes.nrrd", cube, {"spacings": [25.0] * 3, "units": ["microns"] * 3})
edges, told = {}, {}
for name in ("cube.nii", "microns.nrrd", "cm.nrrd", "axes.nrrd"):
    image = SimpleITK.ReadImage(name)
    shape = SimpleITK.LabelShapeStatisticsImageFilter()
    shape.Execute(image)
    edges[name] = round(image.GetSpacing()[0], 6)
    told[name] = [key for key in image.GetMetaDataKeys() if "unit" in key.lower()]
    print(f"{name}: spacing {edges[name]} mm, volume {shape.GetPhysicalSize(1):,.6f} mm^3, metadata {told[name]}")
print("pynrrd:", nrrd.read_header("microns.nrrd")["space units"])
assert edges == {"cube.nii": 0.025, "microns.nrrd": 25, "cm.nrrd": 25, "axes.nrrd": 25}, "the behaviour has changed"
assert not told["microns.nrrd"] and len(told["axes.nrrd"]) == 3, "the behaviour has changed"
PYTHON
