"""Runs the steps of one file with Polar's official client: python3 run.py <steps> <base URL before /v1> <token>

The client refuses each answer that lacks a field of Polar's, or has a value of another type. Each step is a line of the
output; one that fails ends the run with exit code 1.
"""
import importlib.util
import sys
import traceback

from polar.v2026_10 import Polar


class Steps:
    """What steps share: the client, and what a step leaves to the next ones."""

    def __init__(self, polar: Polar):
        self.polar = polar
        self.kept = {}

    @staticmethod
    def refused(error_class: type[Exception], action):
        """Runs an action that Polar refuses, and returns the error, which must be of this class of the client's."""
        try:
            action()
        except error_class as error:
            return error
        raise AssertionError(f"not refused: {error_class.__name__} was expected")


def main(file: str, base_url: str, token: str) -> int:
    spec = importlib.util.spec_from_file_location("steps", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    steps = Steps(Polar(token, base_url=base_url, timeout=30))
    for step in module.STEPS:
        name = step.__name__.replace("_", " ")
        try:
            step(steps)
            print(f"ok      {name}")
        except Exception:
            print(f"FAILED  {name}\n{traceback.format_exc()}")
            return 1  # the next steps may need what this one would have left
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
