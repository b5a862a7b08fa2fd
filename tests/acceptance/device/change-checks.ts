/** What clients of others change at a BMC: each of the following steps depends on those before. The BMC has `user_changes = yes`. */
import {
  asUser,
  freeipmi,
  ipmitool,
  ipmitoolScript,
  ipmiutil,
  openipmicmd,
  pyghmi,
  refused,
  type ClientCheck,
} from './client-command.ts';

const PASSWORD = 'of-ipmitool';
const LONG_PASSWORD = 'of-ipmitool-in-20-by';
const OF_PYGHMI = 'of-pyghmi';
const powerStatus = ipmitool('power status', /^Chassis Power is on$/m);
/** One record, and no more. */
const cleared = /^[^\n]*\| Log area reset\/cleared \| Asserted\n$/;

const users: readonly ClientCheck[] = [
  ipmitool('user set name 5 tester'),
  ipmitool(`user set password 5 ${PASSWORD}`, /successful/),
  ipmitool('user priv 5 3 1', /successful/),
  ipmitool('user enable 5'),
  ipmitool(`user test 5 16 ${PASSWORD}`, /Success/),
  { ...ipmitool('user test 5 16 wrong'), exitCode: 1 },
  ipmitool('user list 1', /^5 +tester +.*OPERATOR$/m),
  ipmitool('channel getaccess 1 5', /^User Name +: tester$/m, /^Enable Status +: enabled$/m),
  asUser(ipmitool('-L OPERATOR power status', /^Chassis Power is on$/m), 'tester', PASSWORD),
  ipmitool(`user set password 5 ${LONG_PASSWORD} 20`, /successful/),
  ipmitool(`user test 5 20 ${LONG_PASSWORD}`, /Success/),
  ipmitool('channel setaccess 1 5 callin=on ipmi=on link=off privilege=4', /successful/),
  asUser(ipmitool('mc info', /^Device ID/m), 'tester', LONG_PASSWORD),
  refused(asUser(powerStatus, 'tester', PASSWORD), /Chassis Power/),
  ipmitool('user disable 5'),
  refused(asUser(powerStatus, 'tester', LONG_PASSWORD), /Chassis Power/),
  // A name of zeros removes the user.
  ipmitool(['user', 'set', 'name', '5', '']),
  { ...ipmitool('user list 1', /admin/), lacks: [/tester/] },
  pyghmi(`bmc.create_user(6, 'snake', '${OF_PYGHMI}', channel=1, privilege_level='operator')`, /^True$/m),
  pyghmi('bmc.get_users()[6]', /'name': 'snake'.*'privilege_level': 'operator'/),
  asUser(pyghmi('bmc.get_power()', /'powerstate': 'on'/), 'snake', OF_PYGHMI),
  pyghmi('bmc.user_delete(6, 1)', /^True$/m),
  { ...pyghmi('bmc.get_users()', /'admin'/), lacks: [/snake/] },
  refused(asUser(pyghmi('bmc.get_power()'), 'snake', OF_PYGHMI), /powerstate/),
];

export const changeChecks: readonly ClientCheck[] = [
  ipmitool('sel clear', /Clearing SEL/),
  ipmitool('sel list', cleared),
  ipmitool('event 1', /Upper Critical going high/),
  ipmitool('sel elist', /Upper Critical going high/),
  ipmitool(['sel', 'time', 'set', '01/02/30 03:04:05']),
  ipmitool('sel time get', /^01\/02\/30 03:04:/m),
  freeipmi('bmc-device --get-sel-time', [/01\/02\/2030 - 03:04:/]),
  freeipmi('bmc-device --set-sel-time=now', []),
  // This year, again.
  { ...ipmitool('sel time get', /^\d\d\/\d\d\/\d\d /m), lacks: [/^01\/02\/30/m] },
  ipmitoolScript(
    'ipmitool sel save FILE',
    'ipmitool "$@" sel save sel.saved >/dev/null; cat sel.saved',
    /^0x04 0x10 0x07 0x6f 0x02 0xff 0xff # .*Log area reset\/cleared$/m,
    /^0x04 0x01 0x30 .*Upper Critical going high$/m,
  ),
  ipmitoolScript(
    'ipmitool sel writeraw FILE, readraw FILE',
    'ipmitool "$@" sel writeraw sel.raw >/dev/null && ipmitool "$@" sel readraw sel.raw',
    /Log area reset\/cleared/,
    /Upper Critical going high/,
  ),
  freeipmi('ipmi-sel --clear', []),
  ipmitool('sel list', cleared),
  ipmitool('mc watchdog off', /stopped/),
  // For the operating system, 60 s, and no action.
  ipmitool('raw 0x06 0x24 0x04 0 0 0 0x58 0x02'),
  ipmitool('mc watchdog reset', /countdown restarted/),
  ipmitool('mc watchdog get', /^Watchdog Timer Is: +Started/m, /^Present Countdown: +[56]\d\.\d sec/m),
  ipmiutil('wdt', /timer is started/),
  ipmitool('mc watchdog off', /stopped/),
  ipmitool('mc watchdog get', /^Watchdog Timer Is: +Stopped/m),
  ipmitool('chassis identify 5', /Chassis identify interval: 5 seconds/),
  ipmitool('chassis identify force', /indefinite/),
  freeipmi('ipmi-chassis --get-chassis-status', [/^Chassis Identify state +: Indefinite On/im]),
  ipmitool('chassis identify 0', /off/),
  ...users,
  openipmicmd('0f 00 00 04 00', /^0f 01 00 04 00 *$/m),
];
