/** What workers and `virsh` need; nothing secret may be added, any process of the user can read it. */
const passedOn = [
  'PATH',
  'HOME',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_CACHE_HOME',
  /** `0`: a `virsh` that finds no session daemon does not start one. */
  'LIBVIRT_AUTOSTART',
] as const;

/** The environment of our child processes, out of our own. */
export function childEnvironment(parentEnvironment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { LANG: 'C' };
  for (const name of passedOn) {
    if (parentEnvironment[name] !== undefined) environment[name] = parentEnvironment[name];
  }
  return environment;
}
