#!/bin/sh
# Process 1 of the lab, until it becomes systemd.
# systemd-nspawn mounts the version 1 control group hierarchies read-only. systemd can enforce MemoryMax=, TasksMax=,
# CPUQuota= and DevicePolicy= of a unit only where it may write.
for hierarchy in /sys/fs/cgroup/*/; do mount -o remount,bind,rw "$hierarchy" 2> /dev/null; done
exec /usr/lib/systemd/systemd "$@"
