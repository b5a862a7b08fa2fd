#!/bin/sh
# make-disk.sh WORK DISK: makes a disk with Debian's kernel and an initial RAM disk of busybox, from Debian's packages.
# Nothing of them is installed; WORK is a directory for the parts. Needs apt-get, dpkg-deb and genisoimage.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$1
disk=$2
mkdir -p "$work/packages" "$work/tree" "$work/initrd/bin" "$work/initrd/modules" "$work/medium"
cd "$work/packages"
kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p')
apt-get -q download "$kernel" busybox-static dmidecode libc6 isolinux syslinux-common syslinux-utils
for package in *.deb; do dpkg-deb -x "$package" "$work/tree"; done

cd "$work/initrd"
# acpid wants a place for its log and its process id.
mkdir -p dev proc sys etc/acpi/PWRF var/log var/run lib64
cp "$work/tree/bin/busybox" bin/busybox
# dmidecode with the loader and the library that it names.
cp "$work/tree/usr/sbin/dmidecode" bin/dmidecode
find "$work/tree" -name ld-linux-x86-64.so.2 -exec cp -L {} lib64/ \;
find "$work/tree" -name libc.so.6 -exec cp -L {} lib64/ \;
for module in button evdev pvpanic pvpanic-mmio \
  virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk; do
  find "$work/tree/lib/modules" -name "$module.ko" -exec cp {} modules/ \;
done
install -m 755 "$here/init" init
# The event that the kernel reports for the ACPI power button, as busybox's acpid names it.
install -m 755 "$here/power-button" etc/acpi/PWRF/00000080
find . | bin/busybox cpio -o -H newc 2>/dev/null | gzip >"$work/medium/initrd"

cd "$work/medium"
cp "$work"/tree/boot/vmlinuz-* linux
cp "$work/tree/usr/lib/ISOLINUX/isolinux.bin" "$work/tree/usr/lib/syslinux/modules/bios/ldlinux.c32" .
# From nokaslr on: what Linux need not do here, so that it boots sooner under software emulation.
cat >isolinux.cfg <<'END'
DEFAULT linux
PROMPT 0
LABEL linux
 KERNEL linux
 INITRD initrd
 APPEND console=ttyS0 quiet loglevel=0 panic=0 nokaslr mitigations=off no_timer_check tsc=reliable 8250.nr_uarts=1 i8042.noaux rcupdate.rcu_expedited=1 cryptomgr.notests nowatchdog audit=0 apparmor=0 raid=noautodetect
END
genisoimage -quiet -o "$disk" -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table .
# A BIOS then boots it as a hard disk.
"$work/tree/usr/bin/isohybrid" "$disk"
