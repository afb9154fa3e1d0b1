"""The former name of `_core.records`."""


def __getattr__(name):
    from numoxide._core import records
    from numoxide.core import _advise

    value = getattr(records, name, None)
    if value is None:
        raise AttributeError(f"module 'numpy.core.records' has no attribute {name}")
    _advise(name, "records")
    return value
