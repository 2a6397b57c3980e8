"""Pagefind's service: records in, the files of an index out."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from pressroom.problems import PressroomError


class Service:
    """Spoken to as Pagefind's Python package does, which takes a tenth of a second an answer."""

    def __init__(self) -> None:
        from pagefind.service import get_executable

        program = get_executable()
        if program is None:
            raise PressroomError(
                "缺少pagefind程序；请重新运行python3 tasks.py安装。",
                "the program pagefind is missing; delete .venv and run python3 tasks.py again",
            )
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the service)
        self._process = subprocess.Popen(
            [str(program), "--service"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
        )
        self._number = 0
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._said.close()

    def index(self, payloads: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
        """The files of an index of records, by path."""
        number = self._ask({"type": "NewIndex", "config": {}})["index_id"]
        for payload in payloads:
            self._ask({**payload, "type": "AddRecord", "index_id": number})
        # Asked to write its files, Pagefind answers before the last of them is on the disk.
        files = self._ask({"type": "GetFiles", "index_id": number})["files"]
        self._ask({"type": "DeleteIndex", "index_id": number})
        return {file["path"]: base64.b64decode(file["content"]) for file in files}

    def _ask(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Send one request and wait for its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._number += 1
        message = json.dumps({"message_id": self._number, "payload": payload})
        try:
            self._process.stdin.write(base64.b64encode(message.encode()) + b",")
            self._process.stdin.flush()
            gathered = [self._rest]
            while b"," not in gathered[-1]:
                more = os.read(self._process.stdout.fileno(), 1 << 16)
                if not more:
                    raise self._stopped("")
                gathered.append(more)
        except OSError as error:
            raise self._stopped(str(error)) from error
        answer, _, self._rest = b"".join(gathered).partition(b",")
        said: dict[str, Any] = json.loads(base64.b64decode(answer))["payload"]
        if said["type"] == "Error":
            raise self._stopped(str(said.get("message", "")))
        return said

    def _stopped(self, why: str) -> PressroomError:
        self._said.seek(0)
        last = (self._said.read().decode("utf-8", "replace").strip().splitlines() or [""])[-1]
        reason = why or last or f"exit code {self._process.wait()}"
        return PressroomError(
            f"pagefind没有做成搜索索引：{reason}。",
            f"pagefind did not make the search index: {reason}",
        )
