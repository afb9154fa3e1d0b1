class _EigResult(NamedTuple):
    eigenvalues: NDArray[Any]
    eigenvectors: NDArray[Any]

class _QRResult(NamedTuple):
    Q: NDArray[Any]
    R: NDArray[Any]

class _SlogdetResult(NamedTuple):
    sign: Any
    logabsdet: Any

class _SVDResult(NamedTuple):
    U: NDArray[Any]
    S: NDArray[Any]
    Vh: NDArray[Any]

def eig(a: ArrayLike) -> _EigResult: ...
def eigh(a: ArrayLike, UPLO: Literal["L", "U", "l", "u"] = "L") -> _EigResult: ...
def slogdet(a: ArrayLike) -> _SlogdetResult: ...
@overload
def qr(a: ArrayLike, mode: Literal["reduced", "complete"] = "reduced") -> _QRResult: ...
@overload
def qr(a: ArrayLike, mode: Literal["r"]) -> NDArray[Any]: ...
@overload
def qr(a: ArrayLike, mode: str) -> Any: ...
@overload
def svd(
    a: ArrayLike, full_matrices: bool = True, compute_uv: Literal[True] = True, hermitian: bool = False
) -> _SVDResult: ...
@overload
def svd(a: ArrayLike, full_matrices: bool, compute_uv: Literal[False], hermitian: bool = False) -> NDArray[Any]: ...
@overload
def svd(
    a: ArrayLike, full_matrices: bool = True, *, compute_uv: Literal[False], hermitian: bool = False
) -> NDArray[Any]: ...
def lstsq(a: ArrayLike, b: ArrayLike, rcond: float | None = None) -> tuple[NDArray[Any], NDArray[Any], int32, NDArray[Any]]: ...
