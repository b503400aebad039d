"""Runs lists and pipelines, at once and in the background."""

import asyncio
import shlex

from sansim.shell.processes import Running
from sansim.shell.runner import Runner
from sansim.shell.state import PIPEFAIL
from sansim.shell.streams import NULL, Pipe, Sink
from sansim.shell.syntax import (
    AndOr,
    Background,
    Node,
    Pipeline,
)

__all__ = ["Pipelines"]


class Pipelines(Runner):
    """A shell that runs commands beside and after each other."""

    async def _and_or(self, node: AndOr) -> None:
        with self._forgive():
            await self.run(node.first)
        for number, (operator, command) in enumerate(node.rest, 1):
            if (self.status == 0) != (operator == "&&"):
                continue
            if number == len(node.rest):
                await self.run(command)
            else:
                with self._forgive():
                    await self.run(command)

    async def _pipeline(self, node: Pipeline) -> None:
        begun = self.system.clock.now()
        with self._forgive():
            self.status = await self._stages(node.stages) if len(node.stages) > 1 else await self.run(node.stages[0])
        if node.timed:
            minutes, seconds = divmod((self.system.clock.now() - begun).total_seconds(), 60)
            await self.warn(self.dialect.time.format(minutes=int(minutes), seconds=seconds))
        if node.negated:
            self.status = int(self.status == 0)
        else:
            self._check_errors()

    async def _stages(self, stages: tuple[Node, ...]) -> int:
        """Run the stages at once; the last one, where the dialect says so, in this very shell."""
        source: Pipe | None = None
        running = []
        for stage in stages[:-1]:
            pipe = Pipe()
            child = self.fork()
            if source is not None:
                child.fds[0] = source
            child.fds[1] = pipe
            running.append(asyncio.ensure_future(_stage(child, stage, source, pipe)))
            source = pipe
        saved = self.fds
        self.fds = saved | ({} if source is None else {0: source})
        try:
            status = await (self.run(stages[-1]) if self.dialect.last_stage_here else self.fork().live_node(stages[-1]))
        except asyncio.CancelledError:
            for stage_before in running:
                stage_before.cancel()
            raise
        finally:
            self.fds = saved
            if source is not None:
                source.end_reading()
            ends = await asyncio.gather(*running, return_exceptions=True)
            for end in ends:
                if isinstance(end, Exception):
                    raise end
        if PIPEFAIL not in self.options:
            return status
        return next((end for end in (status, *reversed(ends)) if isinstance(end, int) and end), 0)

    def _background(self, node: Background) -> None:
        child = self.fork()
        child.fds[0] = NULL
        job = self._running(self.system.processes.next_number(), shlex.join(self.process_of.argv))
        # As without job control: the terminal's keys do not reach what runs in the background.
        job.ignored |= {"INT", "QUIT"}
        child.traps |= dict.fromkeys(("INT", "QUIT"), "")
        job.handler = child.handle
        # Where its own redirections lead elsewhere it holds the login's streams no more.
        job.attached = lambda: any(isinstance(stream, Sink) for stream in child.fds.values())
        self.system.processes.enter(job)
        self.last_job = job.number
        job.task = asyncio.ensure_future(child.live_node(node.body))
        self.jobs[job.number] = asyncio.ensure_future(self._job(job, job.task))
        self.status = 0

    async def _job(self, job: Running, body: asyncio.Task[int]) -> int:
        with self.system.processes.entered(job):
            return await job.run(body)


async def _stage(child: Runner, node: Node, source: Pipe | None, sink: Pipe) -> int:
    try:
        return await child.live_node(node)
    finally:
        sink.end_writing()
        if source is not None:
            source.end_reading()
