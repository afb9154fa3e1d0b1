"""Mathematical functions are as exact as they may be, and special arguments give NumPy's results and warnings."""

from tests.accuracy import failures, special_failures


def test_errors_are_bounded():
    bad, _ = failures(20_000, slack=0.5)
    assert not bad, "\n".join(bad)


def test_special_arguments():
    bad = special_failures()
    assert not bad, "\n".join(bad)
