"""Where networks learn: on the graphics processor where there is one, else on the processor."""

from __future__ import annotations

import numpy as np
import torch

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def tensor(values: np.ndarray) -> torch.Tensor:
    """Values where networks learn."""
    return torch.from_numpy(values).to(DEVICE)
