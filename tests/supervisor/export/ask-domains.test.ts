import type { BmcSettings } from '#supervisor/inventory/inventory.ts';
import { parseInventory } from '#supervisor/inventory/parse-inventory.ts';
import { askDomains } from '#supervisor/export/ask-domains.ts';
import type { AskVirsh, VirshAnswer } from '#supervisor/virsh/virsh-query.ts';
import { virshOf } from '#support/supervisor/virsh-answers.ts';

function settingsOf(names: readonly string[]): BmcSettings[] {
  return parseInventory(
    `[DEFAULT]\nlibvirt_uri = test:///x\npassword = x\n${names.map((name, index) => `[${name}]\nport = ${index + 1}\n`).join('')}`,
  ).entries.flatMap((entry) => (entry.valid ? [entry.settings] : []));
}
function nothing(): void {
  return undefined;
}
const refused: VirshAnswer = { ok: false, kind: 'failed', reason: 'refused' };

test('each connection is asked once for its domains, and few questions are open at a time', async () => {
  const names = Array.from({ length: 50 }, (_unused, index) => `node-${index}`);
  const virsh = virshOf(names);
  let [open, most, lists, answered] = [0, 0, 0, 0];
  const ask: AskVirsh = async (uri, argv) => {
    if (argv[0] === 'list') lists += 1;
    most = Math.max(most, (open += 1));
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return virsh(uri, argv);
  };
  const answers = await askDomains(settingsOf(names), ask, () => {
    answered += 1;
  });
  expect(answers.every((answer) => answer.ok && answer.diskGib === 40)).toBe(true);
  expect([lists, answered]).toEqual([1, 50]);
  expect(most).toBe(8);
});

test('an unreachable disk costs its size only', async () => {
  const virsh = virshOf(['a']);
  const ask: AskVirsh = async (uri, argv) =>
    argv.join(' ').includes('domblkinfo') ? refused : virshWithoutTable(await virsh(uri, argv));
  const [answer] = await askDomains(settingsOf(['a']), ask, nothing);
  expect(answer).toMatchObject({ ok: true, facts: { cpus: 2 } });
  expect(answer).not.toHaveProperty('diskGib');
});

function virshWithoutTable(answer: VirshAnswer): VirshAnswer {
  return answer.ok ? { ok: true, text: answer.text.replace(/<\/domain>[^]*/, '</domain>') } : answer;
}

test('a volume of a pool is asked about as such', async () => {
  const virsh = virshOf(['a']);
  const asked: (readonly string[])[] = [];
  const ask: AskVirsh = async (uri, argv) => {
    asked.push(argv);
    if (argv[0] === 'vol-info') return { ok: true, text: 'Capacity:       5368709120 bytes' };
    const answer = virshWithoutTable(await virsh(uri, argv));
    if (!answer.ok) return answer;
    return {
      ok: true,
      text: answer.text.replace("<target dev='vda'/>", "<source pool='p q' volume='v'/>$&"),
    };
  };
  const [answer] = await askDomains(settingsOf(['a']), ask, nothing);
  expect(answer).toMatchObject({ ok: true, diskGib: 5 });
  expect(asked.at(-1)).toEqual(['vol-info', '--bytes', '--pool', 'p q', '--vol', 'v']);
});

test('a definition that cannot be read, or makes no sense', async () => {
  const virsh = virshOf(['a']);
  const answering =
    (answer: VirshAnswer): AskVirsh =>
    async (uri, argv) =>
      argv[0] === 'list' ? virsh(uri, argv) : answer;
  const reasonFor = async (answer: VirshAnswer): Promise<unknown> =>
    (await askDomains(settingsOf(['a']), answering(answer), nothing))[0];
  expect(await reasonFor(refused)).toEqual({
    ok: false,
    reason: "its domain's definition cannot be read: refused",
  });
  expect(await reasonFor({ ok: true, text: 'garbage' })).toEqual({
    ok: false,
    reason: "its domain's definition makes no sense",
  });
});
