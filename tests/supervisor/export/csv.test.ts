import fc from 'fast-check';
import { csv } from '#supervisor/export/csv.ts';
import { Secret } from '#supervisor/inventory/secret.ts';
import { bareBmc, sampleBmc } from '#support/supervisor/sample-bmc.ts';

/** RFC 4180, read character by character. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  const row: string[] = [];
  let [field, quoted] = ['', false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted && character === '"' && text.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (character === '"') quoted = !quoted;
    else if (quoted || !',\n'.includes(character)) field += character;
    else {
      row.push(field);
      field = '';
      if (character === '\n') rows.push(row.splice(0));
    }
  }
  return rows;
}

function column(rows: readonly (readonly string[])[], title: string, row = 1): string | undefined {
  return rows[row]?.[rows[0]?.indexOf(title) ?? -1];
}

test('a line for each BMC under the titles', () => {
  expect(csv.render([sampleBmc, bareBmc], false).text).toBe(
    [
      'name,address,port,username,password,kg,domain,libvirt_uri,uuid,macs,cpus,memory_mib,disk_gib,architecture,boot_mode',
      'node-0,192.0.2.7,6230,admin,"a ""secret""; {{ x }}",,vm-0,qemu:///system,3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11,52:54:00:00:00:01 52:54:00:00:00:02,4,8192,40,x86_64,uefi',
      'Web_1.example.org,2001:db8::7,623,admin,"a ""secret""; {{ x }}",00112233445566778899aabbccddeeff00112233,web,qemu:///system,3f0a9ad2-9bb5-4a4b-9c0b-0d5b9c1c2e11,,4,8192,,aarch64,uefi',
      '',
    ].join('\n'),
  );
});

test('without secrets their columns are empty', () => {
  const rows = readCsv(csv.render([{ ...sampleBmc, secrets: {} }], false).text);
  expect(column(rows, 'password')).toBe('');
});

test('quotes, commas, line ends and blanks stay, in passwords too', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', "'", '=', '\u00e9') });
  fc.assert(
    fc.property(text, text, (name, password) => {
      const bmc = { ...sampleBmc, domainName: `x${name}`, secrets: { password: new Secret(password) } };
      const rows = readCsv(csv.render([bmc, sampleBmc], false).text);
      expect(rows).toHaveLength(3);
      expect([column(rows, 'domain'), column(rows, 'password')]).toEqual([`x${name}`, password]);
      expect(column(rows, 'name', 2)).toBe('node-0');
    }),
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])('the domain name %j is no formula', (domainName) => {
  const { text, notes } = csv.render([{ ...sampleBmc, domainName }], false);
  expect(column(readCsv(text), 'domain')).toBe(`'${domainName}`);
  expect(notes).toEqual([{ name: 'node-0', text: expect.stringContaining('formula') as string }]);
});

test('a password that looks like a formula stays, with a warning', () => {
  const { text, notes } = csv.render([{ ...sampleBmc, secrets: { password: new Secret('=secret') } }], false);
  expect(column(readCsv(text), 'password')).toBe('=secret');
  expect(notes).toHaveLength(1);
});
