"""SMP risk bot: worries about scalp micropigmentation, answered in plain words with a referral."""

import os

__version__ = "0.1.0"

# Answers are many small products of matrices: threads of the linear algebra only wait for each
# other. NumPy reads these names once, when it is first imported.
for _name in (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
):
    os.environ.setdefault(_name, "1")
