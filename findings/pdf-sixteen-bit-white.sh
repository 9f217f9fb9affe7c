#!/usr/bin/env bash
# What one would expect: a grey picture of 16 bits in a PDF looks as it does elsewhere, or is refused.
#
# What happens: fpdf2 and ReportLab ask Pillow for RGB, and Pillow cuts 16-bit values off at 255 instead of scaling
# them. Of a ramp from 0 to 4095, the range of a scanner, all but the darkest sixteenth is pure white. Neither library
# says anything.
#
# Why it matters: the pixels of a CT, MR or radiograph as pydicom gives them, put into a report or an atlas, are a
# white rectangle with black corners, which looks like an overexposed film and not like a mistake of a program.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check \
  'fpdf2==2.8.9' 'reportlab==5.1.0' 'pillow==12.3.0' 'numpy==2.4.6' 'pypdf==6.9.2' 2>/dev/null
"$folder/env/bin/python" - <<'PYTHON'
import io
from importlib.metadata import version

import numpy as np
from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

ramp = np.tile(np.linspace(0, 4095, 256).astype(np.uint16), (64, 1))
picture = Image.fromarray(ramp)
print(*(f"{name} {version(name)}" for name in ("fpdf2", "reportlab", "pillow")), "- mode", picture.mode)

pdf = FPDF()
pdf.add_page()
pdf.image(picture, w=100)
by_fpdf2 = bytes(pdf.output())

buffer = io.BytesIO()
canvas = Canvas(buffer)
canvas.drawImage(ImageReader(picture), 10, 10)
canvas.save()

for name, data in (("fpdf2", by_fpdf2), ("ReportLab", buffer.getvalue())):
    (inside,) = PdfReader(io.BytesIO(data)).pages[0].images
    shown = np.asarray(inside.image.convert("L"))
    white = (shown == 255).mean()
    print(f"{name}: {shown.shape[1]} × {shown.shape[0]}, {white:.0%} of it white")
    assert white > 0.9, "the behaviour has changed"
PYTHON
