"""Writes src/explore/sobol/joe_kuo.txt: parameters of the Sobol sequence for its first dimensions.

Run from the root of the repository, in the environment that benches/peers/run.py makes:
`python benches/derive/joe_kuo.py`. The numbers are new-joe-kuo-6.21201 of Joe and Kuo (2008,
doi:10.1137/070709359; https://web.maths.unsw.edu.au/~fkuo/sobol/), taken from the copy that SciPy ships. A line is a
dimension, the second first: the coefficients a of its primitive polynomial as a number, then m_1, m_2 ..; the degree is
the count of the m.
"""

from pathlib import Path

import numpy as np
import scipy

DIMENSIONS = 2048


def main() -> None:
    source = Path(scipy.__file__).parent / "stats" / "_sobol_direction_numbers.npz"
    numbers = np.load(source)
    lines = []
    for poly, initial in zip(numbers["poly"][1:DIMENSIONS], numbers["vinit"][1:DIMENSIONS], strict=True):
        degree = int(poly).bit_length() - 1
        # The polynomial without its leading and its last coefficient, which are 1.
        inner = (int(poly) - (1 << degree) - 1) >> 1
        lines.append(" ".join(str(int(x)) for x in [inner, *initial[:degree]]))
    Path("src/explore/sobol/joe_kuo.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
