"""Signatures of ufuncs for `inspect`."""

from inspect import Parameter, Signature

from numoxide._globals import _NoValue

_SHARED = {"casting": "same_kind", "order": "K", "dtype": None, "subok": True, "signature": None}


def signature_of(ufunc):
    """The signature that calls of a ufunc have."""
    names = ["x"] if ufunc.nin == 1 else [f"x{i + 1}" for i in range(ufunc.nin)]
    out = None if ufunc.nout == 1 else (None,) * ufunc.nout
    special = {"where": True}
    if ufunc.signature is not None:
        special = {"axes": _NoValue, "axis": _NoValue, "keepdims": False}
    parameters = [Parameter(name, Parameter.POSITIONAL_ONLY) for name in names]
    if ufunc.nout:
        parameters.append(Parameter("out", Parameter.POSITIONAL_OR_KEYWORD, default=out))
    for name, default in {**special, **_SHARED}.items():
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default))
    return Signature(parameters)
