"""Saving and loading of single arrays and of archives of them."""

import contextlib
import os
import pickle
from collections.abc import Mapping

from numoxide._core import multiarray as _nx
from numoxide._core.overrides import array_function_dispatch, public, set_module
from numoxide.lib import _format_impl as format
from numoxide.lib._format_impl import _MAX_HEADER_SIZE


class BagObj:
    """Gives an object's items as attributes."""

    def __init__(self, obj):
        import weakref

        self._obj = weakref.proxy(obj)

    def __getattribute__(self, key):
        try:
            return object.__getattribute__(self, "_obj")[key]
        except KeyError:
            raise AttributeError(key) from None

    def __dir__(self):
        return list(object.__getattribute__(self, "_obj").keys())


def zipfile_factory(file, *args, **kwargs):
    """Open a zip file that may grow beyond 4 GB."""
    import zipfile

    if not hasattr(file, "read"):
        file = os.fspath(file)
    kwargs["allowZip64"] = True
    return zipfile.ZipFile(file, *args, **kwargs)


@set_module("numpy.lib.npyio")
class NpzFile(Mapping):
    """An archive of arrays, each read when it is asked for."""

    # Set first: __del__ may run on half-made objects.
    zip = None
    fid = None
    _MAX_REPR_ARRAY_COUNT = 5

    def __init__(
        self, fid, own_fid=False, allow_pickle=False, pickle_kwargs=None, *,
        max_header_size=_MAX_HEADER_SIZE,
    ):  # fmt: skip
        archive = zipfile_factory(fid)
        names = archive.namelist()
        self._files = {name.removesuffix(".npy"): name for name in names}
        self.files = [name.removesuffix(".npy") for name in names]
        self._members = {**{name: name for name in names}, **self._files}
        self.allow_pickle, self.max_header_size = allow_pickle, max_header_size
        self.pickle_kwargs = pickle_kwargs
        self.zip = archive
        self.f = BagObj(self)
        self.fid = fid if own_fid else None

    def __exit__(self, *exc_info):
        self.close()

    def __enter__(self):
        return self

    def close(self):
        """Close the archive and the file."""
        held = self.zip, self.fid
        self.zip = self.fid = self.f = None
        for item in held:
            if item is not None:
                item.close()

    __del__ = close

    def __len__(self):
        return len(self.files)

    def __iter__(self):
        return iter(self.files)

    def __getitem__(self, key):
        try:
            name = self._members[key]
        except KeyError:
            raise KeyError(f"{key} is not a file in the archive") from None
        with self.zip.open(name) as member:
            start = member.read(len(format.MAGIC_PREFIX))
            member.seek(0)
            if start != format.MAGIC_PREFIX:
                return member.read()
            return format.read_array(
                member, allow_pickle=self.allow_pickle, pickle_kwargs=self.pickle_kwargs,
                max_header_size=self.max_header_size,
            )  # fmt: skip

    def __contains__(self, key):
        return key in self._members

    def __repr__(self):
        name = self.fid if isinstance(self.fid, str) else getattr(self.fid, "name", "object")
        shown = ", ".join(self.files[: self._MAX_REPR_ARRAY_COUNT])
        if len(self.files) > self._MAX_REPR_ARRAY_COUNT:
            shown += "..."
        return f"NpzFile {name!r} with keys: {shown}"

    def get(self, key, default=None, /):
        """Give an array, or `default` where there is none."""
        return Mapping.get(self, key, default)

    def items(self):
        """Give names and arrays."""
        return Mapping.items(self)

    def keys(self):
        """Give the names."""
        return Mapping.keys(self)

    def values(self):
        """Give the arrays."""
        return Mapping.values(self)


@set_module("numpy")
def load(
    file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding="ASCII", *,
    max_header_size=_MAX_HEADER_SIZE,
):  # fmt: skip
    """Load an array or an archive from a .npy, .npz or pickle file."""
    if encoding not in ("ASCII", "latin1", "bytes"):
        # Other encodings would spoil the bytes of arrays pickled by Python 2.
        raise ValueError("encoding must be 'ASCII', 'latin1', or 'bytes'")
    options = {"encoding": encoding, "fix_imports": fix_imports}
    with contextlib.ExitStack() as stack:
        own = not hasattr(file, "read")
        fid = stack.enter_context(open(os.fspath(file), "rb")) if own else file
        start = fid.read(len(format.MAGIC_PREFIX))
        if not start:
            raise EOFError("No data left in file")
        fid.seek(-min(len(format.MAGIC_PREFIX), len(start)), 1)
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            # The archive closes the file.
            stack.pop_all()
            return NpzFile(
                fid, own_fid=own, allow_pickle=allow_pickle, pickle_kwargs=options,
                max_header_size=max_header_size,
            )  # fmt: skip
        if start == format.MAGIC_PREFIX:
            if mmap_mode:
                limit = 2**64 if allow_pickle else max_header_size
                return format.open_memmap(file, mode=mmap_mode, max_header_size=limit)
            return format.read_array(
                fid, allow_pickle=allow_pickle, pickle_kwargs=options,
                max_header_size=max_header_size,
            )  # fmt: skip
        if not allow_pickle:
            raise ValueError(
                "This file contains pickled (object) data. If you trust the file you can load it "
                "unsafely using the `allow_pickle=` keyword argument or `pickle.load()`."
            )
        try:
            return pickle.load(fid, **options)
        except Exception as error:
            raise pickle.UnpicklingError(
                f"Failed to interpret file {file!r} as a pickle"
            ) from error


@public("arr")
def save(file, arr, allow_pickle=True):
    """Save an array to a .npy file."""
    if hasattr(file, "write"):
        context = contextlib.nullcontext(file)
    else:
        file = os.fspath(file)
        context = open(file if file.endswith(".npy") else file + ".npy", "wb")
    with context as fid:
        format.write_array(fid, _nx.asanyarray(arr), allow_pickle=allow_pickle)


def _savez_dispatcher(file, *args, allow_pickle=True, **kwds):
    """Pick the arrays of an archive."""
    yield from args
    yield from kwds.values()


@array_function_dispatch(_savez_dispatcher, module="numpy", verify=False)
def savez(file, *args, allow_pickle=True, **kwds):
    """Save several arrays to an archive."""
    _savez(file, args, kwds, False, allow_pickle=allow_pickle)


@array_function_dispatch(_savez_dispatcher, module="numpy", verify=False)
def savez_compressed(file, *args, allow_pickle=True, **kwds):
    """Save several arrays to a compressed archive."""
    _savez(file, args, kwds, True, allow_pickle=allow_pickle)


def _savez(file, args, kwds, compress, allow_pickle=True, pickle_kwargs=None):
    """Write an archive; arrays without a name are called arr_0, arr_1, ..."""
    import zipfile

    if not hasattr(file, "write"):
        file = os.fspath(file)
        if not file.endswith(".npz"):
            file = file + ".npz"
    arrays = dict(kwds)
    for i, value in enumerate(args):
        name = f"arr_{i}"
        if name in arrays:
            raise ValueError(f"Cannot use un-named variables and keyword {name}")
        arrays[name] = value
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    archive = zipfile_factory(file, mode="w", compression=method)
    try:
        for name, value in arrays.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                format.write_array(
                    member, _nx.asanyarray(value), allow_pickle=allow_pickle,
                    pickle_kwargs=pickle_kwargs,
                )  # fmt: skip
    finally:
        archive.close()
