#!/bin/sh
# What the container runs first. A volume that is new has no inventory: it gets one without BMCs. Then the command runs under tini,
# which reaps the processes that a killed virsh leaves behind; vbmcd as process 1 would not.
# Automation for VirtualBMC's image mounts VirtualBMC's own files: their BMCs are part of the inventory then.
set -e
if [ ! -e /etc/vbmc/domains.ini ] && ! install -m 640 /usr/share/vbmc/domains.ini /etc/vbmc/domains.ini; then
  # A directory of the host that is mounted read-only. vbmcd says whether it can do without.
  echo 'container-start: /etc/vbmc has no domains.ini: write one there on the host, or mount a directory that can be written to' >&2
fi
if [ -z "${VIRTUALBMC_CONFIG+set}" ] && [ -d /root/.vbmc ]; then
  # Without capabilities root may not look into another user's directory: vbmcd says so then.
  if [ -f /root/.vbmc/virtualbmc.conf ] || [ ! -x /root/.vbmc ]; then
    export VIRTUALBMC_CONFIG=/root/.vbmc/virtualbmc.conf
  fi
fi
exec tini -- "$@"
