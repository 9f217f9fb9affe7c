"""Codes of how a picture was acquired, in words: codes that are on no list here are told of no picture."""

from __future__ import annotations

# Source: DICOM PS3.3 section C.8.3.1.1.2 (Scanning Sequence) and C.8.13.5.2 (MR Pulse Sequence: Echo Pulse
# Sequence), C.8.9.1.1.3 (PET Units).
SEQUENCES = {
    "SE": "spin echo",
    "SPIN": "spin echo",
    "IR": "inversion recovery",
    "GR": "gradient recalled",
    "GRADIENT": "gradient recalled",
    "BOTH": "spin and gradient echo",
    "EP": "echo planar",
    "RM": "research mode",
}
# Source: DICOM PS3.3 section C.8.3.1 (Scan Options of MR); the conformance statements of GE and Siemens (CT).
OPTIONS = {
    "FS": "fat saturation",
    "SFS": "fat saturation",
    "SP": "spatial presaturation",
    "FC": "flow compensation",
    "PER": "phase encode reordering",
    "RG": "respiratory gating",
    "CG": "cardiac gating",
    "PPG": "peripheral pulse gating",
    "PFF": "partial Fourier in frequency",
    "PFP": "partial Fourier in phase",
    "HELICAL MODE": "helical",
    "HELICAL": "helical",
    "SPIRAL": "helical",
    "AXIAL MODE": "axial, step by step",
    "SCOUT MODE": "scout view",
}
LOSSY = {"01": "yes, some time before or in this file", "00": "no"}
UNITS = {
    "CNTS": "counts (from the file)",
    "CPS": "counts per second (from the file)",
    "BQML": "becquerels per millilitre (from the file)",
    "PROPCNTS": "proportional to counts (from the file)",
    "PROPCPS": "proportional to counts per second (from the file)",
    "GML": "grams per millilitre (a standardised uptake value) (from the file)",
}
# Source: DICOM PS3.3 section C.8.5.5.1.2 (Region Data Type).
MODES = {
    1: "tissue",
    2: "colour flow",
    3: "pulsed-wave spectral Doppler",
    4: "continuous-wave spectral Doppler",
}
# Source: DICOM PS3.3 table C.11-1 (Rescale Type), C.8.11.7 (Anode Target Material), C.8.7.10 (Filter
# Material), C.8.7.11 (Grid), PS3.16 CID 10006, 10016, 10017.
RESCALED = {
    "HU": "Hounsfield units (HU)",
    "HU_MOD": "modified Hounsfield units",
    "OD": "thousandths of optical density",
    "MGML": "milligrams per millilitre",
    "Z_EFF": "effective atomic number",
    "ED": "electron density in 10²³ per millilitre",
    "EDW": "electron density relative to water",
    "PCT": "per cent",
    "US": "left unspecified",
}
ANODES = {"TUNGSTEN": "tungsten", "MOLYBDENUM": "molybdenum", "RHODIUM": "rhodium"}
FILTERS = {
    **ANODES,
    "ALUMINUM": "aluminium",
    "COPPER": "copper",
    "SILVER": "silver",
    "NIOBIUM": "niobium",
    "EUROPIUM": "europium",
    "LEAD": "lead",
    "TANTALUM": "tantalum",
    "TIN": "tin",
}
GRIDS = {
    "FIXED": "fixed",
    "FOCUSED": "focused",
    "RECIPROCATING": "moving to and fro",
    "PARALLEL": "with parallel strips",
    "CROSSED": "with crossed strips",
    "NONE": "none was used, as the file says",
}
