"""Arrays of one picture: a plane of numbers, and a mask of yes and no."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]
