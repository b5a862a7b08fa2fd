import { join } from 'node:path';
import type { DemoLine } from './demo-lines.ts';
import { runCommand } from './run-command.ts';
import { waitFor } from '#support/wait-for.ts';

const CHECKOUT = join(import.meta.dirname, '../..');

/** Runs the lines as if they were pasted into a shell, and shows each answer next to virsh's. */
export async function runDemoLines(
  lines: readonly DemoLine[],
  print: (text: string) => void,
): Promise<boolean> {
  let allAgree = true;
  for (const line of lines) {
    const answer = await shell(line.command);
    let evidence = '';
    // A guest takes a moment to boot or to shut down.
    const agrees = await waitFor('evidence', async () => {
      evidence = await shell(line.evidence);
      return line.agrees(answer, evidence);
    }).catch(() => false);
    print(`$ ${line.command}\n${indented(answer)}`);
    print(`  ${agrees ? 'agrees with' : 'DISAGREES with'}  ${line.evidence}\n${indented(evidence)}\n`);
    allAgree &&= agrees;
  }
  return allAgree;
}

async function shell(line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCommand('sh', ['-c', line], { cwd: CHECKOUT });
  return exitCode === 0 ? stdout.trim() : `failed: ${stderr.trim()} ${stdout.trim()}`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
