"""Files that may be compressed or lie behind a URL."""

import os

from numoxide._core.overrides import set_module

_open = open


def _check_mode(mode, encoding, newline):
    """Refuse text options for binary files."""
    text, binary = "t" in mode, "b" in mode
    if text and binary:
        raise ValueError(f"Invalid mode: {mode!r}")
    for name, value in (("encoding", encoding), ("newline", newline)):
        if not text and value is not None:
            raise ValueError(f"Argument {name!r} not supported in binary mode")


class _FileOpeners:
    """Finds the function that opens a file by its extension; imports it when needed."""

    _MODULES = {".bz2": "bz2", ".gz": "gzip", ".xz": "lzma", ".lzma": "lzma"}

    def __init__(self):
        self._openers = {None: _open}

    def keys(self):
        """List the extensions that can be opened."""
        return [None, *(key for key in self._MODULES if self._has(key))]

    def _has(self, key):
        try:
            self[key]
        except (ImportError, KeyError):
            return False
        return True

    def __getitem__(self, key):
        if key not in self._openers:
            import importlib

            self._openers[key] = importlib.import_module(self._MODULES[key]).open
        return self._openers[key]


_file_openers = _FileOpeners()


def open(path, mode="r", destpath=os.curdir, encoding=None, newline=None):
    """Open a file or URL, unpacking it on the way."""
    return DataSource(destpath).open(path, mode, encoding=encoding, newline=newline)


@set_module("numpy.lib.npyio")
class DataSource:
    """Opens files and URLs; what comes from the net is kept in a folder."""

    def __init__(self, destpath=os.curdir):
        import tempfile

        if destpath:
            self._destpath, self._istmpdest = os.path.abspath(destpath), False
        else:
            self._destpath, self._istmpdest = tempfile.mkdtemp(), True

    def __del__(self):
        if getattr(self, "_istmpdest", False):
            import shutil

            shutil.rmtree(self._destpath)

    def _iszip(self, filename):
        """Tell whether a file is compressed."""
        return os.path.splitext(filename)[1] in _file_openers.keys()

    def _iswritemode(self, mode):
        """Tell whether a mode writes."""
        return any(c in ("w", "+") for c in mode)

    def _splitzipext(self, filename):
        """Split off the extension of a compressed file."""
        return os.path.splitext(filename) if self._iszip(filename) else (filename, None)

    def _possible_names(self, filename):
        """List a file's name and those of its compressed forms."""
        names = [filename]
        if not self._iszip(filename):
            names += [filename + ext for ext in _file_openers.keys() if ext]
        return names

    def _isurl(self, path):
        """Tell whether a path is a URL."""
        from urllib.parse import urlparse

        scheme, netloc = urlparse(path)[:2]
        return bool(scheme and netloc)

    def _cache(self, path):
        """Fetch a URL into the folder."""
        import shutil
        from urllib.request import urlopen

        target = self.abspath(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if self._isurl(path):
            with urlopen(path) as source, _open(target, "wb") as out:
                shutil.copyfileobj(source, out)
        else:
            shutil.copyfile(path, target)
        return target

    def _findfile(self, path):
        """Find a file on disk or fetch it; None where there is none."""
        if self._isurl(path):
            names = self._possible_names(self.abspath(path)) + self._possible_names(path)
        else:
            names = self._possible_names(path) + self._possible_names(self.abspath(path))
        for name in names:
            if self.exists(name):
                return self._cache(name) if self._isurl(name) else name
        return None

    def abspath(self, path):
        """Give the place of a file in the folder; nothing lies outside it."""
        from urllib.parse import urlparse

        parts = path.split(self._destpath, 2)
        if len(parts) > 1:
            path = parts[1]
        url = urlparse(path)
        host = self._sanitize_relative_path(url.netloc)
        return os.path.join(self._destpath, host, self._sanitize_relative_path(url.path))

    def _sanitize_relative_path(self, path):
        """Make a path that cannot lead out of a folder."""
        last = None
        path = os.path.normpath(path)
        while path != last:
            last = path
            for prefix in (os.sep, "/", os.pardir):
                path = path[len(prefix):] if path.startswith(prefix) else path
            path = os.path.splitdrive(path)[1]
        return path

    def exists(self, path):
        """Tell whether a file or URL can be opened."""
        if os.path.exists(path):
            return True
        target = self.abspath(path)
        if os.path.exists(target):
            return True
        if self._isurl(path):
            from urllib.error import URLError
            from urllib.request import urlopen

            try:
                with urlopen(path):
                    return True
            except URLError:
                return False
        return False

    def open(self, path, mode="r", encoding=None, newline=None):
        """Open a file or URL."""
        if self._isurl(path) and self._iswritemode(mode):
            raise ValueError("URLs are not writeable")
        found = self._findfile(path)
        if not found:
            raise FileNotFoundError(f"{path} not found.")
        ext = self._splitzipext(found)[1]
        if ext == "bz2":
            mode = mode.replace("+", "")
        return _file_openers[ext](found, mode=mode, encoding=encoding, newline=newline)


class Repository(DataSource):
    """A `DataSource` whose paths are relative to a URL or folder."""

    def __init__(self, baseurl, destpath=os.curdir):
        super().__init__(destpath=destpath)
        self._baseurl = baseurl

    def _fullpath(self, path):
        """Put the base in front of a path that lacks it."""
        return os.path.join(self._baseurl, path) if len(path.split(self._baseurl, 2)) == 1 else path

    def _findfile(self, path):
        return super()._findfile(self._fullpath(path))

    def abspath(self, path):
        """Give the place of a file in the folder."""
        return super().abspath(self._fullpath(path))

    def exists(self, path):
        """Tell whether a file can be opened."""
        return super().exists(self._fullpath(path))

    def open(self, path, mode="r", encoding=None, newline=None):
        """Open a file."""
        return super().open(self._fullpath(path), mode, encoding=encoding, newline=newline)

    def listdir(self):
        """List the files of a folder."""
        if self._isurl(self._baseurl):
            raise NotImplementedError("Directory listing of URLs, not supported yet.")
        return os.listdir(self._baseurl)
