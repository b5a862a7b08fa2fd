#!/bin/sh
# What the container runs first. A volume that is new has no inventory: it gets one without BMCs. Then the command runs under tini,
# which reaps the processes that a killed virsh leaves behind; vbmcd as process 1 would not.
# Automation for VirtualBMC's image mounts VirtualBMC's own files: their BMCs are part of the inventory then.
set -e
if [ ! -e /etc/vbmc/domains.ini ]; then
  install -m 640 /usr/share/vbmc/domains.ini /etc/vbmc/domains.ini
fi
if [ -z "${VIRTUALBMC_CONFIG+set}" ] && [ -f /root/.vbmc/virtualbmc.conf ]; then
  export VIRTUALBMC_CONFIG=/root/.vbmc/virtualbmc.conf
fi
exec tini -- "$@"
