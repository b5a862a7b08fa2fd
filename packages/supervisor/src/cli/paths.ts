/** The paths of a system installation. */
export const DEFAULT_INVENTORY = '/etc/vbmc/domains.ini';
export const DEFAULT_RUN_DIRECTORY = '/run/vbmc';
export const DEFAULT_STATE_DIRECTORY = '/var/lib/vbmc';
