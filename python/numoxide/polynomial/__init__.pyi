# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
from typing import Any
__all__ = ['Chebyshev', 'Hermite', 'HermiteE', 'Laguerre', 'Legendre', 'Polynomial', 'chebyshev', 'hermite', 'hermite_e', 'laguerre', 'legendre', 'polynomial', 'set_default_printstyle']
from numoxide.polynomial.chebyshev import Chebyshev as Chebyshev
from numoxide.polynomial.hermite import Hermite as Hermite
from numoxide.polynomial.hermite_e import HermiteE as HermiteE
from numoxide.polynomial.laguerre import Laguerre as Laguerre
from numoxide.polynomial.legendre import Legendre as Legendre
from numoxide.polynomial.polynomial import Polynomial as Polynomial
from numoxide.polynomial import chebyshev as chebyshev
from numoxide.polynomial import hermite as hermite
from numoxide.polynomial import hermite_e as hermite_e
from numoxide.polynomial import laguerre as laguerre
from numoxide.polynomial import legendre as legendre
from numoxide.polynomial import polynomial as polynomial
def set_default_printstyle(style: Any) -> Any: ...
