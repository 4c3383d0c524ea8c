"""The version of the package, which is that of the jar inside it."""

__version__ = "${project.version}"
