"""The audit repository, in git: run records, and which rows are ours."""

from trueup.audit.place import audit_folder, audit_path
from trueup.audit.repository import Audit
from trueup.audit.run import RouterRecord, Run, RunRecord

__all__ = ["Audit", "RouterRecord", "Run", "RunRecord", "audit_folder", "audit_path"]
