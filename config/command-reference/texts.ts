/** What each IPMI command does here, for docs/ipmi-commands.md: by the specification's name of the command. */
export const commandTexts: Readonly<Record<string, string>> = {
  'Get Chassis Capabilities':
    'which device addresses there are; no intrusion sensor, no lockout of the front panel',
  'Get Chassis Status':
    'power state from libvirt, power restore policy, the last power event, a failed power on, a disk that libvirt has stopped the domain for, the identify lamp',
  'Chassis Control':
    'power up, power down (`destroy`), power cycle, hard reset, NMI, soft shutdown (`shutdown`). The answer comes when libvirt has done it',
  'Chassis Identify':
    'a lamp that `vbmc list`, `vbmc show`, Get Chassis Status and the events show; 15 s unless the client says otherwise',
  'Set Power Restore Policy': 'stored by vbmcd; what happens to the domain after the host has booted',
  'Get System Restart Cause':
    'a command, the watchdog timer, the power restore policy, the guest, another program, or unknown',
  'Set System Boot Options':
    'boot device for the next boot or for good (parameter 5), in the definition of the domain; parameters 0, 3, 4, 6 and 7 are kept',
  'Get System Boot Options':
    'parameters 0, 3, 4, 5, 6 and 7; the boot device as the definition of the domain has it',
  'Get POH Counter': 'hours for which the domain has run since it has a BMC',

  'Get Event Receiver': 'the own address of the BMC: events go nowhere else',
  'Platform Event': 'adds the event to the SEL',
  'Get PEF Capabilities': 'no filters and no actions',
  'Get PEF Configuration Parameters': 'PEF is off, there are no filters and no policies',
  'Get Last Processed Event ID': 'the newest record of the SEL; nothing processes events here',
  'Get Sensor Hysteresis': 'none, for sensors that have a value',
  'Get Sensor Thresholds': 'none can be read',
  'Get Sensor Event Enable': 'which states make records of the SEL',
  'Get Sensor Event Status': 'the present states',
  'Get Sensor Reading': 'from libvirt; "unavailable" where it does not tell',
  'Get Sensor Type': 'that of the sensor data record',

  'Get Device ID': 'the version of vbmc, and what the BMC supports',
  'Cold Reset': 'ends all sessions, the own one after 5 s; the domain does not change',
  'Warm Reset': 'as Cold Reset',
  'Get Self Test Results': 'passed',
  'Get ACPI Power State': 'S0, S3, S4 or S5, by the state of the domain',
  'Get Device GUID': 'the UUID of the domain',
  'Reset Watchdog Timer': 'starts the countdown; 80h if the timer was never set',
  'Set Watchdog Timer':
    'actions: none, reset, power off, power cycle; before them an NMI. Not with `watchdog = no`',
  'Get Watchdog Timer': 'its setting, and the present countdown',
  'Get System GUID': 'the UUID of the domain',
  'Get Channel Authentication Capabilities': 'what a client needs to log in. Tells nothing about users',
  'Get Session Challenge': 'begins an IPMI 1.5 session (`ipmi_1_5 = yes`)',
  'Activate Session': 'goes on with it',
  'Set Session Privilege Level': 'up to the limits of user and BMC',
  'Close Session': 'another session than the own one: administrator',
  'Get Session Info': 'by number, handle or id: user, level, address',
  'Set Channel Access': 'what is so already is acknowledged; everything else is read-only',
  'Get Channel Access': 'always available, up to `privilege_limit`',
  'Get Channel Info': 'channel 1 (LAN); channels 0 and Fh as far as clients need them',
  'Set User Access':
    'level and IPMI messaging of a user id that the inventory leaves free (`user_changes = yes`)',
  'Get User Access': 'level of a user id, number of ids',
  'Set User Name': 'as Set User Access',
  'Get User Name': 'name of a user id',
  'Set User Password':
    'set, enable, disable as Set User Access; test works for every user, a few times a minute',
  'Set User Payload Access': 'as Set User Access; says who may use Serial over LAN',
  'Get User Payload Access': 'who may use Serial over LAN',
  'Get Channel Cipher Suites': 'those of `cipher_suites`',
  'Set Channel Security Keys': 'read-only: K_g is in the inventory',
  'Set System Info Parameters': 'kept while the worker runs',
  'Get System Info Parameters': 'name of the domain, version of its firmware, and what clients have set',

  'Get FRU Inventory Area Info': 'one FRU, with id 0',
  'Read FRU Data': 'what `dmidecode` says in the guest: `<sysinfo>` of the domain, else what QEMU says',
  'Write FRU Data': 'write-protected (80h)',
  'Get SDR Repository Info': '13 records that never change',
  'Reserve SDR Repository': 'needed to read a record in parts',
  'Get SDR': 'the record of a sensor, whole or in parts',
  'Get SDR Repository Time': 'the time of the host',
  'Get SEL Info': 'how many records there are, how much room is left, and when the log was changed',
  'Get SEL Allocation Info': 'records of 16 bytes, as many as `sel_records` says',
  'Reserve SEL': 'needed to clear the log, and to read a record in parts',
  'Get SEL Entry': 'a record, whole or in parts',
  'Add SEL Entry': 'the record of a client, stored by vbmcd',
  'Delete SEL Entry': 'one record',
  'Clear SEL': 'leaves a record that says so',
  'Get SEL Time': "the log's own clock",
  'Set SEL Time': 'sets it; records keep their time',
  'Get SEL Time UTC Offset': 'unspecified: times are UTC',
  'Set SEL Time UTC Offset': 'only "unspecified" is acknowledged',

  'Set LAN Configuration Parameters':
    'what is so already is acknowledged; everything else is read-only: the network is that of the host',
  'Get LAN Configuration Parameters':
    'address, mask, MAC address and gateway of the host for this BMC, port, cipher suites',

  'Get DCMI Capabilities Info': 'DCMI 1.5, without power management',
  'Get Asset Tag': 'that of the inventory (`asset_tag`), or of the domain',
  'Get DCMI Sensor Info': 'no temperature sensors',
  'Set Asset Tag': 'read-only: it is in the inventory',
  'Get Management Controller Identifier String': 'the name of the BMC',
  'Set Management Controller Identifier String': 'read-only: it is the name in the inventory',
  'Get Temperature Readings': 'none',
};
