"""Makes the helper modules of this folder importable, here and in the processes that the checks start."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
