# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
from typing import Any
def __getattr__(name: str) -> Any: ...
