"""How series are written: as text with or without superscripts, as code, and for Jupyter."""

import numbers
import os

import numoxide as np
from numoxide.polynomial import polyutils as pu

_STYLES = ("ascii", "unicode")


def uses_unicode(style, where=""):
    """Read the name of a style."""
    if style not in _STYLES:
        raise ValueError(
            f"Unsupported format string '{style}'{where}. Valid options are 'ascii' and 'unicode'"
        )
    return style == "unicode"


class Printing:
    """The text of a series; a family that has a `basis_name` need not say more."""

    _superscript_mapping = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
    _subscript_mapping = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    # Fonts of Windows consoles lack some of these signs.
    _use_unicode = os.name != "nt"

    def __repr__(self):
        coef, domain, window = (repr(a)[6:-1] for a in (self.coef, self.domain, self.window))
        name = self.__class__.__name__
        return f"{name}({coef}, domain={domain}, window={window}, symbol='{self.symbol}')"

    def __format__(self, fmt_str):
        if fmt_str == "":
            return self.__str__()
        unicode = uses_unicode(fmt_str, f" passed to {self.__class__}.__format__")
        return self._generate_string(self._str_term_unicode if unicode else self._str_term_ascii)

    def __str__(self):
        term = self._str_term_unicode if self._use_unicode else self._str_term_ascii
        return self._generate_string(term)

    def _format_term(self, scalar_format, off, scale):
        """Write the mapped variable; whether it is more than a symbol."""
        if off == 0 and scale == 1:
            return self.symbol, False
        offset = "" if off == 0 else f"{scalar_format(off)} + "
        factor = "" if scale == 1 else scalar_format(scale)
        return f"{offset}{factor}{self.symbol}", True

    def _generate_string(self, term_method):
        """Write all terms, which `term_method` writes one by one, on lines of the width that is set."""
        width = max(np.get_printoptions()["linewidth"], 1)
        argument, more = self._format_term(pu.format_float, *self.mapparms())
        if more:
            argument = f"({argument})"
        lines, line = [], pu.format_float(self.coef[0])
        last = len(self.coef) - 1
        for i in range(1, len(self.coef)):
            sign, text = _signed(self.coef[i])
            text += term_method(str(i), argument)
            # A term that more follow leaves room for the next sign.
            if len(line) + 1 + len(sign) + 1 + len(text) + 2 * (i < last) >= width:
                lines.append(f"{line} {sign}")
                line = text
            else:
                line = f"{line} {sign} {text}"
        return "\n".join([*lines, line])

    @classmethod
    def _needs_name(cls, advice, basis="basis_name"):
        if cls.basis_name is None:
            raise NotImplementedError(
                f"Subclasses must define either a {basis}, or override {advice}"
            )

    @classmethod
    def _str_term_unicode(cls, i, arg_str):
        """Write a polynomial of the family with subscripts."""
        cls._needs_name("_str_term_unicode(cls, i, arg_str)")
        return f"·{cls.basis_name}{i.translate(cls._subscript_mapping)}({arg_str})"

    @classmethod
    def _str_term_ascii(cls, i, arg_str):
        """Write a polynomial of the family."""
        cls._needs_name("_str_term_ascii(cls, i, arg_str)")
        return f" {cls.basis_name}_{i}({arg_str})"

    @classmethod
    def _repr_latex_term(cls, i, arg_str, needs_parens):
        """Write a polynomial of the family in LaTeX."""
        cls._needs_name("_repr_latex_term(i, arg_str, needs_parens)", "basis name")
        return f"{{{cls.basis_name}}}_{{{i}}}({arg_str})"

    @staticmethod
    def _repr_latex_scalar(x, parens=False):
        return rf"\text{{{pu.format_float(x, parens=parens)}}}"

    def _latex_term(self, i, argument, more):
        """Write the i-th term with its sign; zeros are grey."""
        c = self.coef[i]
        if i == 0:
            text = self._repr_latex_scalar(c)
        elif not isinstance(c, numbers.Real):
            text = f" + ({self._repr_latex_scalar(c)})"
        elif c >= 0:
            text = f" + {self._repr_latex_scalar(c, parens=True)}"
        else:
            text = f" - {self._repr_latex_scalar(-c, parens=True)}"
        term = self._repr_latex_term(i, argument, more)
        if term != "1":
            text += rf"\,{term}"
        return rf"\color{{LightGray}}{{{text}}}" if c == 0 else text

    def _repr_latex_(self):
        argument, more = self._format_term(self._repr_latex_scalar, *self.mapparms())
        terms = [self._latex_term(i, argument, more) for i in range(len(self.coef))]
        return rf"${self.symbol} \mapsto {''.join(terms) or '0'}$"


def _signed(coefficient):
    """Write the sign of a coefficient and its size; what has no sign is written as it is."""
    try:
        if coefficient >= 0:
            return "+", pu.format_float(coefficient, parens=True)
        return "-", pu.format_float(-coefficient, parens=True)
    except TypeError:
        return "+", f"{coefficient}"
