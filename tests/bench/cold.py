"""Run one command and tell its times and its largest memory: cold.py COMMAND…; output goes to stdout as JSON.

A process of its own, and a small one: the kernel counts to a child's largest memory that of the process which started
it, so the measuring process with its applications would hide every child that is smaller.
"""

import json
import os
import sys
import time

KIB = 1024


def main(command: list[str]) -> None:
    reading, writing = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.close(reading)
        os.execvp(command[0], command)
    os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as pipe:
        output = pipe.read()
    _, status, usage = os.wait4(child, 0)
    found = {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * KIB,
        "exit_code": os.waitstatus_to_exitcode(status),
        "output": output,
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
