/** The files in the state directory, and what each holds: one list for the code, the help and the documentation. Pure. */
export const stateFiles = {
  owedStarts: {
    name: 'owed-starts.json',
    holds: 'power cycles that were cut, whose second half is still to come',
  },
  powerRestore: {
    name: 'power-restore.json',
    holds: 'power restore policies, and the power states that they need',
  },
  eventLogs: {
    name: 'event-log',
    holds: 'a directory with a file for each BMC: its event log and operating hours',
  },
  users: {
    name: 'users.json',
    holds: 'users that clients have made by IPMI, with their passwords: only vbmcd may read it',
  },
  lastInventory: {
    name: 'inventory.json',
    holds: 'the names of the BMCs, so that a vbmcd that misses some says so',
  },
  lock: {
    name: 'state.lock',
    holds: 'nothing but a process id: the lock of the vbmcd that uses the directory',
  },
} as const;

/** The log of a vbmcd in the background, unless its command line names another file. */
export const BACKGROUND_LOG = 'vbmcd.log';
