import { summarizeNotes } from '#supervisor/export/export-format.ts';
import { PASSWORD_PLACEHOLDER } from '#supervisor/export/exported-bmc.ts';
import { formats } from '#supervisor/export/formats.ts';
import { readYaml } from '#support/read-yaml.ts';
import { bareBmc, sampleBmc } from '#support/supervisor/sample-bmc.ts';

const PASSWORD = sampleBmc.secrets.password?.reveal();
const KG = bareBmc.secrets.kg?.reveal();

function render(format: string, asJson = true) {
  const found = formats[format];
  if (found === undefined) throw new Error(`no format ${format}`);
  return found.render([sampleBmc, bareBmc], asJson);
}

function json(format: string): unknown {
  return JSON.parse(render(format).text);
}

test('instackenv: the format of tripleo-common from Newton to Wallaby, with numbers as texts', () => {
  expect(json('instackenv')).toEqual({
    nodes: [
      {
        name: 'node-0',
        pm_type: 'ipmi',
        pm_addr: '192.0.2.7',
        pm_port: '6230',
        pm_user: 'admin',
        pm_password: PASSWORD,
        mac: ['52:54:00:00:00:01', '52:54:00:00:00:02'],
        cpu: '4',
        memory: '8192',
        disk: '40',
        arch: 'x86_64',
        capabilities: 'boot_mode:uefi',
      },
      {
        name: 'Web_1.example.org',
        pm_type: 'ipmi',
        pm_addr: '2001:db8::7',
        pm_port: '623',
        pm_user: 'admin',
        pm_password: PASSWORD,
        ipmi_hex_kg_key: KG,
        mac: [],
        cpu: '4',
        memory: '8192',
        arch: 'aarch64',
        capabilities: 'boot_mode:uefi',
      },
    ],
  });
});

test('ironic: nodes with their ports', () => {
  const [node] = (json('ironic') as { nodes: unknown[] }).nodes;
  expect(node).toEqual({
    name: 'node-0',
    uuid: sampleBmc.domain.uuid,
    driver: 'ipmi',
    resource_class: 'baremetal',
    driver_info: {
      ipmi_address: '192.0.2.7',
      ipmi_port: 6230,
      ipmi_username: 'admin',
      ipmi_password: PASSWORD,
    },
    properties: {
      cpus: 4,
      memory_mb: 8192,
      local_gb: 40,
      cpu_arch: 'x86_64',
      capabilities: 'boot_mode:uefi',
    },
    ports: [{ address: '52:54:00:00:00:01' }, { address: '52:54:00:00:00:02' }],
  });
});

test('metal3: a host and its secret, in the structure of the BareMetalHost CRD', () => {
  const { kind, items } = json('metal3') as { kind: string; items: readonly unknown[] };
  expect(kind).toBe('List');
  expect(items.slice(0, 2)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'node-0-bmc' },
      type: 'Opaque',
      stringData: { username: 'admin', password: PASSWORD },
    },
    {
      apiVersion: 'metal3.io/v1alpha1',
      kind: 'BareMetalHost',
      metadata: { name: 'node-0' },
      spec: {
        online: false,
        bootMACAddress: '52:54:00:00:00:01',
        bootMode: 'UEFI',
        architecture: 'x86_64',
        bmc: { address: 'ipmi://192.0.2.7:6230', credentialsName: 'node-0-bmc' },
      },
    },
  ]);
  expect(items[3]).toMatchObject({
    metadata: { name: 'web-1.example.org' },
    spec: { bmc: { address: 'ipmi://[2001:db8::7]:623', credentialsName: 'web-1.example.org-bmc' } },
  });
});

test('maas: parameters of its machine-create operation', () => {
  const [first, second] = json('maas') as readonly unknown[];
  expect(first).toEqual({
    hostname: 'node-0',
    architecture: 'amd64/generic',
    mac_addresses: ['52:54:00:00:00:01', '52:54:00:00:00:02'],
    power_type: 'ipmi',
    power_parameters_power_driver: 'LAN_2_0',
    power_parameters_power_boot_type: 'efi',
    power_parameters_power_address: '192.0.2.7:6230',
    power_parameters_power_user: 'admin',
    power_parameters_power_pass: PASSWORD,
    power_parameters_cipher_suite_id: '17',
    power_parameters_privilege_level: 'OPERATOR',
  });
  expect(second).toMatchObject({
    hostname: 'web-1-example-org',
    architecture: 'arm64/generic',
    power_parameters_power_address: '2001:db8::7',
    power_parameters_k_g: `0x${KG ?? ''}`,
  });
});

test('ansible: a group of hosts, with texts that others chose marked as verbatim', () => {
  const { vbmc } = json('ansible') as { vbmc: { hosts: Record<string, unknown> } };
  expect(Object.keys(vbmc.hosts)).toEqual(['node-0', 'Web_1.example.org']);
  expect(vbmc.hosts['node-0']).toMatchObject({
    bmc_address: '192.0.2.7',
    bmc_port: 6230,
    bmc_password: { __ansible_unsafe: PASSWORD },
    domain_name: { __ansible_unsafe: 'vm-0' },
    mac_addresses: ['52:54:00:00:00:01', '52:54:00:00:00:02'],
    disk_gib: 40,
  });
});

test.each(['ironic', 'ansible'])('%s: YAML has the same content as JSON', (format) => {
  expect(readYaml(render(format, false).text)).toEqual([json(format)]);
});

test('metal3: YAML has the items of the list as documents', () => {
  expect(readYaml(render('metal3', false).text)).toEqual((json('metal3') as { items: unknown }).items);
});

describe.each(Object.keys(formats))('%s', (name) => {
  test('without secrets the text contains none', () => {
    const format = formats[name];
    const hidden = [sampleBmc, bareBmc].map((bmc) => ({ ...bmc, secrets: {} }));
    const text = [true, false].map((asJson) => format?.render(hidden, asJson).text ?? '').join();
    expect(text).not.toContain('secret"');
    expect(text).not.toContain(KG);
    expect(text.includes(PASSWORD_PLACEHOLDER)).toBe(format?.hiddenPassword === 'placeholder');
  });

  test('an export without BMCs has no notes', () => {
    expect(formats[name]?.render([], false).notes).toEqual([]);
  });
});

test('notes name the facts that a system will miss', () => {
  const notesOf = (format: string): string[] =>
    render(format)
      .notes.filter(({ name }) => name === bareBmc.name)
      .map(({ text }) => text);
  expect(notesOf('ironic')).toEqual([
    expect.stringContaining('no MAC address'),
    expect.stringContaining('disk size is left out'),
  ]);
  expect(notesOf('metal3')).toEqual([
    'is exported as web-1.example.org',
    expect.stringContaining('no MAC address'),
    expect.stringContaining('K_g'),
  ]);
  expect(render('maas').notes).toContainEqual({
    name: 'node-0',
    text: expect.stringContaining('MAAS only knows port 623') as string,
  });
});

test('notes with the same text become one line', () => {
  const notes = Array.from({ length: 7 }, (_unused, index) => ({ name: `n${index}`, text: 'no disk' }));
  expect(summarizeNotes([...notes.slice(0, 6), { name: 'x', text: 'no MAC' }])).toEqual([
    'n0, n1, n2, n3, n4 and 1 more: no disk',
    'x: no MAC',
  ]);
});

test('a MAC address that two domains share is told, once for each further domain', () => {
  const [first = '', second = ''] = sampleBmc.domain.macs;
  const copy = {
    ...sampleBmc,
    name: 'copy',
    domain: { ...sampleBmc.domain, macs: [second, '52:54:00:00:00:09'] },
  };
  for (const format of ['ironic', 'instackenv', 'metal3', 'maas']) {
    const { notes } = formats[format]?.render([sampleBmc, copy, { ...copy, name: 'third' }], true) ?? {
      notes: [],
    };
    const told = notes.filter(({ text }) => text.includes('is also that of'));
    expect(told.map(({ name, text }) => `${name}: ${text.split(':').slice(0, 6).join(':')}`)).toEqual([
      `copy: its MAC address ${second} is also that of node-0`,
      `third: its MAC address ${second} is also that of node-0`,
      'third: its MAC address 52:54:00:00:00:09 is also that of copy',
    ]);
    expect(told.some(({ text }) => text.includes(first))).toBe(false);
  }
});
