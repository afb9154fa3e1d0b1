# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
from typing import Any
__all__ = ['opt_func_info']
def opt_func_info(func_name: Any=None, signature: Any=None) -> dict[str, Any]: ...
