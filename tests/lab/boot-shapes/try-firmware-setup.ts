/** `bootdev bios` on a domain of one shape: firmware waits for a key, and the next power cycle boots as usual. */
import { waitFor } from '#support/wait-for.ts';
import { bootAfter, bootsIn } from './boots-said.ts';
import { secondBoot, usualBoot } from './shape.ts';
import type { ShapeDomain } from './shape-lab.ts';

/** Firmware waits for 65 s of its own time, which passes slowly on a busy machine. */
const SETUP_TIMEOUT_MS = 180_000;
const ESCAPE = '\u001b';

/** Returns what is not as it must be. The domain is off. */
export async function tryFirmwareSetup(domain: ShapeDomain): Promise<readonly string[]> {
  const wrong: string[] = [];
  const original = await domain.definition();
  const chassis = async (...args: string[]): Promise<void> => {
    const { exitCode, stderr } = await domain.ipmitool('chassis', ...args);
    if (exitCode !== 0 || stderr !== '') throw new Error(`${args.join(' ')} is refused: ${stderr.trim()}`);
  };
  await chassis('bootdev', 'bios');
  const said = domain.lines().length;
  const written = domain.text().length;
  await chassis('power', 'on');
  const found =
    domain.shape.firmware === 'seabios'
      ? await chooseSecond(domain, said)
      : await enterSetup(domain, said, written);
  const wanted = domain.shape.firmware === 'seabios' ? secondBoot(domain.shape) : 'setup';
  if (found !== wanted) wrong.push(`with keys: wanted ${wanted ?? 'nothing'}, found ${found}`);
  if ((await domain.definition()) !== original)
    wrong.push('after the boot: the definition is not what it was');

  const mark = domain.lines().length;
  await chassis('power', 'cycle');
  const usual = usualBoot(domain.shape);
  const booted = await bootAfter(domain, mark, usual);
  if (booted !== usual) wrong.push(`power cycle: wanted ${usual ?? 'nothing'}, booted ${booted}`);
  await chassis('power', 'off');
  return wrong;
}

/**
 * SeaBIOS: Escape opens the boot menu, and a digit boots that entry of it. From which moment on it takes keys cannot be seen
 * from here, so they are typed until it does.
 */
async function chooseSecond(domain: ShapeDomain, said: number): Promise<string> {
  const choose = async (): Promise<string | undefined> => {
    const [boot] = bootsIn(domain, said);
    if (boot !== undefined) return boot;
    await domain.virsh('send-key', 'KEY_ESC');
    await domain.virsh('send-key', 'KEY_2');
    return undefined;
  };
  const found = await waitFor('a boot', choose, { timeoutMs: SETUP_TIMEOUT_MS }).catch(() => 'nothing');
  return found;
}

/** UEFI: Escape enters the setup, which draws its menu on the serial port. */
async function enterSetup(domain: ShapeDomain, said: number, written: number): Promise<string> {
  const enter = async (): Promise<string | undefined> => {
    const [boot] = bootsIn(domain, said);
    if (boot !== undefined) return boot;
    if (domain.text().slice(written).includes('Boot Manager')) return 'setup';
    await domain.type(ESCAPE);
    return undefined;
  };
  const found = await waitFor('the setup', enter, { timeoutMs: SETUP_TIMEOUT_MS, intervalMs: 500 }).catch(
    () => 'nothing',
  );
  return found;
}
