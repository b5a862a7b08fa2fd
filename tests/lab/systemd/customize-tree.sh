#!/bin/sh
# Runs once, after mmdebstrap has unpacked the lab's Debian into the directory $1, and makes a bootable machine of it.
set -eu
tree=$1

echo lab > "$tree/etc/hostname"
printf '127.0.0.1 localhost lab\n::1 localhost\n' > "$tree/etc/hosts"

# sshd is started for one connection at a time (nsenter … sshd -i). Without ssh.service nothing makes its directory.
# libvirt-guests ends the domains with the machine and may start them again, which is what the power restore test tests.
for unit in ssh libvirt-guests; do rm -f "$tree/etc/systemd/system/multi-user.target.wants/$unit.service"; done
rm -f "$tree/etc/systemd/system/sshd.service"
echo 'd /run/sshd 0755 root root -' > "$tree/usr/lib/tmpfiles.d/lab-sshd.conf"

# An empty machine-id makes systemd choose one at the first boot.
: > "$tree/etc/machine-id"
rm -f "$tree/var/lib/dbus/machine-id"
# With this directory the journal survives a reboot.
mkdir -p "$tree/var/log/journal"

install -m 755 "$(dirname "$0")/container-init.sh" "$tree/usr/sbin/container-init"
