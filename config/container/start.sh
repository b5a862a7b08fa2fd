#!/bin/sh
# What the container runs first. A volume that is new has no inventory: it gets one without BMCs. Then the command runs under tini,
# which reaps the processes that a killed virsh leaves behind; vbmcd as process 1 would not.
set -e
if [ ! -e /etc/vbmc/domains.ini ]; then
  install -m 640 /usr/share/vbmc/domains.ini /etc/vbmc/domains.ini
fi
exec tini -- "$@"
