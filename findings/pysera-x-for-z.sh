#!/usr/bin/env bash
# What one would expect: a radiomics package that takes the spacing of the voxels from the file measures distances with
# it along the axes that it belongs to. Moran's I and Geary's C, the likeness of near voxels, are defined by these
# distances, and another package finds the same.
#
# What happens: for these two PySERA takes the distance of the slices for the columns, and that of the columns for the
# slices. Of a lesion that grows brighter from slice to slice, with slices 5 mm apart and pixels of 1 mm, Moran's I is
# 0.43 by its formula and in MIRP; PySERA has 0.09, which is just what the formula gives for voxels of 5 mm along the
# columns and 1 mm across the slices. Voxels of equal edges, on which packages are checked, come out right to the last
# digit, and volume, surface and diameters are right in both cases. Nothing warns.
#
# Why it matters: thick slices are the rule. The two features then tell how a scan was cut rather than what the lesion
# is like, and a signature that was found with one package fails with another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check 'pysera==2.1.5' 'mirp==2.7.0' 'simpleitk==2.5.7' \
  'scipy==1.17.1' 'pandas==3.1.1' 'numpy==2.4.6' 2>/dev/null
cd "$folder"
"$folder/env/bin/python" -W ignore - 2>/dev/null <<'PYTHON'
import contextlib
import io
from importlib.metadata import version

import mirp
import numpy as np
import pysera
import SimpleITK

print("PySERA", version("pysera"), "MIRP", version("mirp"))
mask = np.zeros((9, 16, 16), np.uint8)
mask[2:7, 4:12, 4:12] = 1
noise = np.random.default_rng(0).normal(0, 3, mask.shape)
picture = (np.arange(9)[:, None, None] * 10 + noise).astype(np.float32)


def by_formula(edges: tuple[float, float, float]) -> float:
    """Moran's I with weights of one over the distance; the edges in the order slice, row, column."""
    places, values = np.argwhere(mask) * np.array(edges), picture[mask > 0] - picture[mask > 0].mean()
    distances = np.linalg.norm(places[:, None] - places[None], axis=-1)
    np.fill_diagonal(distances, np.inf)
    weights = 1 / distances
    return float(len(values) / weights.sum() * (weights * np.outer(values, values)).sum() / (values**2).sum())


for thick in (1.0, 5.0):
    for name, array in (("image", picture), ("mask", mask)):
        volume = SimpleITK.GetImageFromArray(array)
        volume.SetSpacing((1.0, 1.0, thick))
        SimpleITK.WriteImage(volume, f"{name}.nii.gz")
    with contextlib.redirect_stdout(io.StringIO()):
        sera = pysera.process_batch(
            image_input="image.nii.gz", mask_input="mask.nii.gz", output_path="out", apply_preprocessing=False,
            report=False,
        )["features_extracted"].iloc[0]
        other = mirp.extract_features(
            image="image.nii.gz", mask="mask.nii.gz", base_discretisation_method="fixed_bin_number",
            base_discretisation_n_bins=16,
        )[0].iloc[0]
    right, swapped = by_formula((thick, 1, 1)), by_formula((1, 1, thick))
    moran = float(sera["morph_moran_i"])
    print(f"slices {thick} mm apart: Moran's I by formula {right:.4f}, MIRP {other['morph_moran_i']:.4f}", end=", ")
    print(f"PySERA {moran:.4f}, by formula with columns and slices exchanged {swapped:.4f}; volumes", end=" ")
    print(f"{other['morph_volume']:.1f} and {sera['morph_volume_mesh']:.1f}")
    assert abs(other["morph_moran_i"] - right) < 1e-4 and abs(moran - swapped) < 1e-6, "the behaviour has changed"
    assert abs(moran - right) < 1e-6 if thick == 1 else right - moran > 0.3, "the behaviour has changed"
    assert abs(other["morph_volume"] - sera["morph_volume_mesh"]) < 0.1
PYTHON
