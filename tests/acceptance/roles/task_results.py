"""Writes what became of each task as a line of JSON into the file that $VBMC_TASK_RESULTS names."""

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_results
type: aggregate
short_description: one line of JSON for each task
description: For the acceptance program that runs other people's roles.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_results"

    def write(self, result, outcome):
        # A task of a playbook that is JSON has no path.
        file, _, line = (result._task.get_path() or ":0").rpartition(":")
        body = result._result
        failed = [one for one in body.get("results", []) if one.get("failed")]
        words = [self.words(one) for one in failed or [body]]
        entry = {
            "file": file,
            "line": int(line),
            "task": result._task.get_name(),
            "outcome": outcome,
            "text": "; ".join(words),
        }
        with open(os.environ["VBMC_TASK_RESULTS"], "a", encoding="utf-8") as results:
            results.write(json.dumps(entry) + "\n")

    def words(self, body):
        parts = [body.get("msg"), body.get("stderr"), body.get("stdout")]
        return ": ".join(str(part).strip() for part in parts if part)

    def v2_runner_on_ok(self, result):
        self.write(result, "ok")

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.write(result, "ignored" if ignore_errors else "failed")

    def v2_runner_on_unreachable(self, result):
        self.write(result, "failed")
