"""JupyterLab for this project: kernels start at the root, as the pipeline starts them.

Used by `make lab`. Jupyter's own rule is to start a kernel in the notebook's folder; relative paths
such as `data/sample` would then mean something else by hand than in the pipeline.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

ROOT = Path(__file__).resolve().parent.parent


class ProjectRootKernelManager(AsyncMappingKernelManager):
    """Starts every kernel at the project's root, whatever folder its notebook is in."""

    def cwd_for_path(self, path: str, **_: Any) -> str:
        """Returns the project's root."""
        return str(ROOT)


c = get_config()  # noqa: F821  # given by Jupyter to its configuration files
c.ServerApp.kernel_manager_class = ProjectRootKernelManager
c.ServerApp.root_dir = str(ROOT)
