"""The `test` function of a package: runs its tests with pytest."""


class PytestTester:
    """Run the tests of one package.

    >>> np.test()  # doctest: +SKIP
    """

    def __init__(self, module_name):
        self.module_name = module_name
        self.__module__ = module_name

    def __call__(
        self, label="fast", verbose=1, extra_argv=None, doctests=False, coverage=False,
        durations=-1, tests=None,
    ):  # fmt: skip
        import os
        import sys

        import pytest

        folder = os.path.abspath(sys.modules[self.module_name].__path__[0])
        args = ["-l"] + (["-q"] if verbose < 2 else ["-" + "v" * (verbose - 1)])
        args += list(extra_argv or ())
        if label == "fast":
            args += ["-m", "not slow"]
        elif label != "full":
            args += ["-m", label]
        if coverage:
            args.append("--cov=" + folder)
        if durations >= 0:
            args.append(f"--durations={durations}")
        args += ["--pyargs", *(tests or [self.module_name])]
        try:
            return pytest.main(args) == 0
        except SystemExit as error:
            return error.code == 0
