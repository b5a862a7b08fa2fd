/** FreeIPMI's bmc-config: checks out all settings, makes a user of them and commits the whole file; that user then logs in. */
import type { Lab } from '#lab/lab.ts';

const user = { username: 'freeuser', password: 'of-bmc-config' };
const SECTION = 'User4';
const wanted: Readonly<Record<string, string>> = {
  Username: user.username,
  Password: user.password,
  Enable_User: 'Yes',
  Lan_Enable_IPMI_Msgs: 'Yes',
  Lan_Privilege_Limit: 'Administrator',
};

export async function commitUser(lab: Lab): Promise<string> {
  const checkedOut = await bmcConfig(lab, ['--checkout'], 1);
  for (const section of [
    'User2',
    'User10',
    'Lan_Channel',
    'Lan_Conf',
    'Lan_Conf_Auth',
    'Rmcpplus_Conf_Privilege',
  ])
    if (!checkedOut.includes(`Section ${section}\n`)) throw new Error(`no section ${section}`);
  const file = lab.libvirt.directory.write('bmc.config', withUser(checkedOut), 0o644);
  await bmcConfig(lab, ['--commit', `--filename=${file}`]);
  await bmcConfig(lab, ['--diff', `--filename=${file}`]);
  const info = await lab.freeipmi('bmc-info', lab.bmc(0), ['--get-device-id'], {
    ...{ user: user.username, password: user.password, privilegeLevel: 'ADMIN' },
  });
  if (info.exitCode !== 0) throw new Error(`the new user cannot log in: ${info.stderr}`);
  await bmcConfig(lab, ['--commit', `-e`, `${SECTION}:Enable_User=No`]);
  const after = await lab.freeipmi('bmc-info', lab.bmc(0), ['--get-device-id'], {
    ...{ user: user.username, password: user.password },
  });
  if (after.exitCode === 0) throw new Error('the disabled user can log in');
  return `${checkedOut.match(/^Section /gm)?.length ?? 0} sections checked out and committed; ${user.username} logged in`;
}

/** The section's lines with these values, also those that are commented out. */
function withUser(config: string): string {
  const section = new RegExp(`Section ${SECTION}\\n[^]*?EndSection`).exec(config)?.[0];
  if (section === undefined) throw new Error(`no section ${SECTION}`);
  const lines = section.split('\n').map((line) => {
    const key = /^\s*(?:## )?(\w+)(?:\s|$)/.exec(line)?.[1] ?? '';
    const value = Object.hasOwn(wanted, key) ? wanted[key] : undefined;
    return value === undefined ? line : `\t${key} ${value}`;
  });
  return config.replace(section, lines.join('\n'));
}

async function bmcConfig(lab: Lab, args: readonly string[], expected = 0): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.freeipmi('bmc-config', lab.bmc(0), args);
  if (exitCode !== expected)
    throw new Error(`bmc-config ${args.join(' ')}: ${String(exitCode)} ${stderr} ${stdout}`.slice(0, 500));
  return stdout;
}
