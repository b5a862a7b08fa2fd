/** Packages with the names, the commands and the unit of VirtualBMC's, as Debian has them since 3.3.0. Its daemon only sleeps. */
import type { SystemdLab } from '#lab/systemd/systemd-lab.ts';

export const oldPackages = ['virtualbmc', 'python3-virtualbmc'] as const;
/** A unit as an operator writes it who has installed VirtualBMC by pip. */
export const OWN_UNIT = '/etc/systemd/system/virtualbmc.service';
/** The command line of the daemon. */
export const OLD_DAEMON = '/usr/bin/vbmcd --foreground';
export const OLD_UNIT = `[Service]
ExecStart=${OLD_DAEMON}

[Install]
WantedBy=multi-user.target
`;

/** Debian's tools write these scripts for a package with a unit. */
const scripts = {
  postinst: `deb-systemd-helper enable vbmcd.service
systemctl daemon-reload
deb-systemd-invoke start vbmcd.service`,
  prerm: 'if [ "$1" = remove ]; then deb-systemd-invoke stop vbmcd.service; fi',
  postrm: 'if [ "$1" = purge ]; then deb-systemd-helper purge vbmcd.service; fi',
};

export async function installOldPackages(lab: SystemdLab): Promise<void> {
  const [unit, module] = oldPackages;
  const control = (name: string, depends: string): string =>
    `Package: ${name}\nVersion: 3.3.0\nArchitecture: all\nMaintainer: x <x@localhost>\n${depends}Description: x\n`;
  await lab.sh(
    `cd /root && mkdir -p ${unit}/DEBIAN ${unit}/usr/lib/systemd/system ${module}/DEBIAN ${module}/usr/bin`,
  );
  await lab.write(`/root/${module}/DEBIAN/control`, control(module, ''));
  await lab.write(`/root/${unit}/DEBIAN/control`, control(unit, `Depends: ${module} (= 3.3.0)\n`));
  await lab.write(`/root/${unit}/usr/lib/systemd/system/vbmcd.service`, OLD_UNIT);
  for (const [name, text] of Object.entries(scripts)) {
    await lab.write(`/root/${unit}/DEBIAN/${name}`, `#!/bin/sh\nset -e\n${text}\n`);
    await lab.sh(`chmod 755 /root/${unit}/DEBIAN/${name}`);
  }
  for (const name of ['vbmc', 'vbmcd']) {
    const program = `/root/${module}/usr/bin/${name}`;
    await lab.write(program, '#!/bin/sh\nsleep infinity\n');
    await lab.sh(`chmod 755 ${program}`);
  }
  for (const name of [module, unit]) await lab.sh(`cd /root && dpkg-deb -b ${name} && dpkg -i ${name}.deb`);
}
