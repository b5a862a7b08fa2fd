import { findingsOf, namesOf, readPlace, virtualBmcPlace } from '#support/supervisor/virtualbmc-files.ts';

describe('virtualbmc_defaults', () => {
  const settings = 'virtualbmc_defaults = yes\n';

  test('gives BMCs without a password that of VirtualBMC, with one warning', async () => {
    const place = virtualBmcPlace(
      '[a]\nport = 1\n[b]\nport = 2\nusername = u\n[c]\nport = 3\npassword = own\n[d]\nport = 4\n[d user x]\npassword = y\nprivilege = user\n',
      settings,
    );
    const inventory = await readPlace(place);
    const users = inventory.entries.map((entry) =>
      entry.valid ? entry.settings.users.map(({ name, password }) => `${name} ${password.reveal()}`) : [],
    );
    expect(users).toEqual([['admin password'], ['u password'], ['admin own'], ['x y']]);
    expect(findingsOf(inventory)).toEqual([
      expect.stringMatching(
        /^domains.ini:2: warning: \[vbmc\] virtualbmc_defaults: 2 BMCs \(a, b\) .*VirtualBMC's/,
      ),
    ]);
  });

  test('does not hide a password that cannot be read', async () => {
    const place = virtualBmcPlace('[a]\npassword_file = nothing\n', settings);
    expect(namesOf(await readPlace(place))).toEqual(['invalid a']);
  });

  test.each(['', 'virtualbmc_defaults = no\n', 'virtualbmc_dir = theirs\n'])(
    '%j does not set it',
    async (other) => {
      const place = virtualBmcPlace('[a]\n', other);
      place.write('b', '[VirtualBMC]\nport = 2\nactive = True\n');
      expect(namesOf(await readPlace(place))).toContain('invalid a');
      expect(namesOf(await readPlace(place)).filter((name) => !name.startsWith('invalid'))).toEqual([]);
    },
  );
});
