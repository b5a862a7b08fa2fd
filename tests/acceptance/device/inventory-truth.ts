/** FRU 0, field by field, beside what the guest's firmware tells: `dmidecode` and /sys/class/dmi/id of a Linux. */
import type { Lab } from '#lab/lab.ts';
import { waitFor } from '#support/wait-for.ts';

/** What a definition may say of itself: every field, and what parsers stumble over: commas, ampersands, one character. */
export const SYSINFO = `<sysinfo type='smbios'>
  <bios><entry name='vendor'>Firmware Maker</entry><entry name='version'>9.1</entry></bios>
  <system>
    <entry name='manufacturer'>ACME, Inc. &amp; Sons</entry><entry name='product'>Rack Server 3000</entry>
    <entry name='version'>B</entry><entry name='serial'>SER-0815</entry><entry name='sku'>SKU=42</entry>
    <entry name='family'>Racks</entry>
  </system>
  <baseBoard>
    <entry name='manufacturer'>Board Maker</entry><entry name='product'>Board 7</entry><entry name='version'>B2</entry>
    <entry name='serial'>BRD-1</entry><entry name='asset'>BA-9</entry><entry name='location'>Rack 5</entry>
  </baseBoard>
  <chassis>
    <entry name='manufacturer'>Case Maker</entry><entry name='version'>C3</entry><entry name='serial'>CHS-2</entry>
    <entry name='asset'>CA-8</entry><entry name='sku'>CSKU</entry>
  </chassis>
</sysinfo>`;

type Fields = ReadonlyMap<string, string>;

interface Dmi {
  readonly system: Fields;
  readonly board: Fields;
  readonly chassis: Fields;
}

interface Row {
  readonly ipmitool: string;
  readonly freeipmi: string;
  readonly inGuest: (dmi: Dmi) => string | undefined;
}

const rows: readonly Row[] = [
  row('Chassis Type', 'Chassis Type', ({ chassis }) => chassis.get('Type')),
  row(
    'Chassis Part Number',
    'Chassis Part Number',
    ({ chassis }) => chassis.get('SKU Number') ?? chassis.get('Version'),
  ),
  row('Chassis Serial', 'Chassis Serial Number', ({ chassis }) => chassis.get('Serial Number')),
  row('Board Mfg', 'Board Manufacturer', ({ board }) => board.get('Manufacturer')),
  row('Board Product', 'Board Product Name', ({ board }) => board.get('Product Name')),
  row('Board Serial', 'Board Serial Number', ({ board }) => board.get('Serial Number')),
  row('Board Part Number', 'Board Part Number', ({ board }) => board.get('Version')),
  row('Product Manufacturer', 'Product Manufacturer Name', ({ system }) => system.get('Manufacturer')),
  row('Product Name', 'Product Name', ({ system }) => system.get('Product Name')),
  row('Product Part Number', 'Product Part/Model Number', ({ system }) => system.get('SKU Number')),
  row('Product Version', 'Product Version', ({ system }) => system.get('Version')),
  row(
    'Product Serial',
    'Product Serial Number',
    ({ system }) => system.get('Serial Number') ?? system.get('UUID'),
  ),
  row(
    'Product Asset Tag',
    'Product Asset Tag',
    ({ board, chassis }) => chassis.get('Asset Tag') ?? board.get('Asset Tag'),
  ),
];

/** What no firmware tells: the name of the domain, and that the date of manufacture is not known. */
const ofTheBmc = /^(?:Product Extra|Product Custom Info|Board Mfg Date|Board Manufacturing Date\/Time)$/;

function row(ipmitool: string, freeipmi: string, inGuest: Row['inGuest']): Row {
  return { ipmitool, freeipmi, inGuest };
}

/** Every field that a client shows is what the guest sees, and every field that the guest sees is shown. */
export async function compareInventory(lab: Lab, index: number): Promise<string> {
  const bmc = lab.bmc(index);
  const dmi = await askGuest(lab, index);
  const printed = fieldsOf((await lab.ipmitool(bmc, ['fru', 'print', '0'])).stdout, /^ (\S.*?) +: (.*)$/gm);
  const ofFreeipmi = fieldsOf(
    (await lab.freeipmi('ipmi-fru', bmc, ['--quiet-cache'])).stdout,
    /^ {2}FRU (\S.*?): (.*)$/gm,
  );
  for (const { ipmitool, freeipmi, inGuest } of rows)
    for (const [client, found] of [
      [`ipmitool's ${ipmitool}`, printed.get(ipmitool)],
      [`ipmi-fru's ${freeipmi}`, ofFreeipmi.get(freeipmi)],
    ] as const)
      if (found !== inGuest(dmi))
        throw new Error(`${client}: "${found ?? ''}", in the guest "${inGuest(dmi) ?? ''}"`);
  const known = new Set(rows.flatMap(({ ipmitool, freeipmi }) => [ipmitool, freeipmi]));
  const others = [...printed.keys(), ...ofFreeipmi.keys()].filter(
    (one) => !known.has(one) && !ofTheBmc.test(one),
  );
  if (others.length > 0) throw new Error(`shown, but not compared: ${others.join(', ')}`);
  const { stdout } = await lab.ipmitool(bmc, ['mc', 'guid']);
  if (!stdout.includes(dmi.system.get('UUID') ?? 'none')) throw new Error(`another GUID: ${stdout}`);
  const compared = rows
    .filter(({ ipmitool }) => printed.has(ipmitool))
    .map(({ ipmitool }) => printed.get(ipmitool));
  return `${compared.length} fields and the UUID: ${compared.join(' | ')}`;
}

/** The two sources of the guest have to agree, too. */
async function askGuest(lab: Lab, index: number): Promise<Dmi> {
  const name = lab.bmc(index).domain;
  await lab.guest(index).type('d');
  const said = await waitFor('the guest to tell', () => {
    const log = lab.serialLog(name).replaceAll('\r', '');
    return log.endsWith('dmi end\n') ? log : undefined;
  });
  const structure = (title: string): Fields =>
    fieldsOf(new RegExp(`^${title}\n((?:\t.*\n)*)`, 'm').exec(said)?.[1] ?? '', /^\t(\S.*?): (.*)$/gm);
  const dmi: Dmi = {
    system: structure('System Information'),
    board: structure('Base Board Information'),
    chassis: structure('Chassis Information'),
  };
  const sysfs = fieldsOf(said, /^dmi (\w+)=(.*)$/gm);
  const same: readonly (readonly [string, string | undefined])[] = [
    ['sys_vendor', dmi.system.get('Manufacturer')],
    ['product_name', dmi.system.get('Product Name')],
    ['product_serial', dmi.system.get('Serial Number')],
    ['product_sku', dmi.system.get('SKU Number')],
    ['product_uuid', dmi.system.get('UUID')],
    ['board_serial', dmi.board.get('Serial Number')],
    ['board_asset_tag', dmi.board.get('Asset Tag')],
    ['chassis_serial', dmi.chassis.get('Serial Number')],
    ['chassis_asset_tag', dmi.chassis.get('Asset Tag')],
  ];
  for (const [file, value] of same)
    if ((sysfs.get(file) ?? '') !== (value ?? ''))
      throw new Error(
        `in the guest ${file} is "${sysfs.get(file) ?? ''}" and dmidecode says "${value ?? ''}"`,
      );
  return dmi;
}

/** What is not there, in whatever words, is left out. */
function fieldsOf(text: string, line: RegExp): Fields {
  return new Map(
    [...text.matchAll(line)]
      .map(([, name = '', value = '']) => [name, value.trim()] as const)
      .filter(([, value]) => value !== '' && value !== 'Not Specified'),
  );
}
