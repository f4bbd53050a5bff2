"""Run every benchmark, or those named: `python -m bench import_records`."""

import pkgutil
import subprocess
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run each one in a process of its own, so that none warms or fills the next."""
    here = Path(__file__).parent
    known = [
        module.name
        for module in pkgutil.iter_modules([str(here)])
        if not module.name.startswith("_")  # what several benchmarks use
    ]
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"No benchmark named {', '.join(unknown)}: choose among {', '.join(known)}.")
        return 2
    failed = [name for name in names or known if not _runs(name, here.parent)]
    return 1 if failed else 0


def _runs(name: str, root: Path) -> bool:
    print(f"\n== {name}", flush=True)
    command = [sys.executable, "-c", f"from bench.{name} import main; main()"]
    return subprocess.run(command, cwd=root, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
