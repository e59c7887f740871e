"""A worker's child process as the worker sees it: it is handed a job, says what came of it, or is ended."""

import asyncio
import json
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from subprocess import PIPE
from typing import Any

COMMAND = (sys.executable, "-m", "webapp.jobs.child")
# A job that is to end may roll back in peace for so long; all together a cancel is heeded within two seconds.
SECONDS_TO_END = 1.0


class Child:
    """Started with the first job, kept for the next; one that was killed is followed by another."""

    def __init__(self, environment: Mapping[str, str], command: tuple[str, ...] = COMMAND) -> None:
        self._environment, self._command = dict(environment), command
        self._process: Process | None = None

    async def do(self, number: int, name: str) -> dict[str, Any]:
        """What came of a job: its `state`, and more. Where this is cancelled, the job has ended when it raises."""
        process = await self._started()
        assert process.stdin is not None
        process.stdin.write(json.dumps({"number": number, "name": name}).encode() + b"\n")
        try:
            return await self._reply(process)
        except asyncio.CancelledError:
            await self._end_job(process)
            raise

    async def stop(self) -> None:
        """End the process, whatever it does."""
        if (process := self._process) is not None:
            self._process = None
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            # Its own session: Ctrl-C at a terminal is the worker's to heed.
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, env=self._environment, start_new_session=True
            )
        return self._process

    async def _reply(self, process: Process) -> dict[str, Any]:
        assert process.stdout is not None
        line = await process.stdout.readline()
        if not line:
            # Killed, perhaps for want of memory, or by a fault in a library's C.
            code = await process.wait()
            return {"state": "failed", "is_passing": True, "kind": f"exit {code}"}
        reply: dict[str, Any] = json.loads(line)
        return reply

    async def _end_job(self, process: Process) -> None:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(self._reply(process), SECONDS_TO_END)
        except TimeoutError:
            await self.stop()
