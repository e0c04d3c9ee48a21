"""Children that wait: taken once, replaced after, ended with their parent's context."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jobmatch_ml.cv import CvLimits, CvReadError, extract_file
from jobmatch_ml.cv.child import keep_spares, start
from jobmatch_ml.cv.children import Children
from jobmatch_ml.cv.spares import Spares, end

LIMITS = CvLimits()


def sleeper() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


@pytest.fixture
def pdf(project_root: Path) -> bytes:
    return sorted((project_root / "data" / "sample" / "cvs").glob("*.pdf"))[0].read_bytes()


def test_a_spare_is_taken_once_and_replaced_when_asked() -> None:
    spares = Spares({"pdf": 1})
    assert spares.take("pdf", LIMITS) is None
    spares.refill("pdf", LIMITS, sleeper)
    spares.refill("pdf", LIMITS, sleeper)  # one waits already
    taken = spares.take("pdf", LIMITS)
    assert taken is not None
    assert spares.take("pdf", LIMITS) is None
    assert spares.take("docx", LIMITS) is None
    end(taken)
    spares.close()


def test_a_spare_of_other_limits_or_a_dead_one_is_not_given() -> None:
    spares = Spares({"pdf": 1})
    spares.refill("pdf", LIMITS, sleeper)
    assert spares.take("pdf", CvLimits(cpu_s=1)) is None
    process = sleeper()
    spares.refill("pdf", LIMITS, lambda: process)
    process.kill()
    process.wait()
    assert spares.take("pdf", LIMITS) is None
    spares.close()
    spares.refill("pdf", LIMITS, sleeper)  # closed: none is started
    assert spares.take("pdf", LIMITS) is None


def test_a_file_is_read_by_the_child_that_waits_and_another_takes_its_place(pdf: bytes) -> None:
    alone = extract_file(pdf)
    with keep_spares({"pdf": 1}) as spares:
        [(_, waiting)] = spares._ready["pdf"]
        children = Children()
        assert children.watch(lambda: extract_file(pdf)) == alone
        assert waiting.returncode is not None
        [(_, following)] = spares._ready["pdf"]
        assert following.pid != waiting.pid
        # What a file does to its child is gone with the child.
        with pytest.raises(CvReadError):
            extract_file(b"%PDF-1.7 no")
        assert extract_file(pdf) == alone
        [(_, last)] = spares._ready["pdf"]
    assert last.poll() is not None


def test_a_spare_keeps_the_limits_of_time(pdf: bytes) -> None:
    quick = CvLimits(wall_s=1)
    with keep_spares({"pdf": 1}, quick) as spares:
        [(_, waiting)] = spares._ready["pdf"]
        time.sleep(0.5)
        os.kill(waiting.pid, 19)  # stopped: it answers nobody
        started = time.monotonic()
        with pytest.raises(CvReadError) as refused:
            extract_file(pdf, limits=quick)
        assert refused.value.code == "cv_time"
        assert time.monotonic() - started < 5


def test_a_spare_without_its_parent_ends_by_itself() -> None:
    process = start("pdf", LIMITS)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(20) == 0
    end(process)
