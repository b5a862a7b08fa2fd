/** From VirtualBMC's file for one BMC to a section that is checked like those of the inventory. Pure. */
import { defined } from '../text/records.ts';
import { readBmcConfig, type BmcConfig, type BmcKey } from '../virtualbmc/bmc-config.ts';
import type { ConfigFinding } from '../virtualbmc/program-config.ts';
import type { VirtualBmcFile } from '../virtualbmc/virtualbmc-directory.ts';
import type { Diagnostic } from './diagnostic.ts';
import { foreignUriProblem } from './foreign-uri.ts';
import { quoteValue } from './raw-value.ts';
import type { ScannedSection } from './scan.ts';
import { virtualBmcNameProblem } from './section-name.ts';

export function virtualBmcSection({ name, path, content }: VirtualBmcFile): ScannedSection {
  const config = content.ok ? readBmcConfig(content.text) : unreadable(content.problem);
  const findings: ConfigFinding[] = [...config.errors];
  const nameProblem = virtualBmcNameProblem(name);
  if (nameProblem !== undefined) findings.push(nameProblem);
  const isForeign = content.ok && !content.isOwn;
  const connection = isForeign ? foreignConnection(config.keys) : undefined;
  if (connection !== undefined) findings.push(connection);
  return {
    file: path,
    name,
    line: config.line,
    isForeign,
    entries: config.keys.map(({ key, line, value }) => ({ key, line, raw: quoteValue(value) })),
    errors: findings.map(({ line = config.line, key, message, remedy }): Diagnostic => {
      return { severity: 'error', file: path, section: name, line, message, ...defined({ key, remedy }) };
    }),
  };
}

function unreadable(problem: ConfigFinding): BmcConfig {
  return { line: 1, keys: [], errors: [problem] };
}

/** What a user other than root and vbmcd's must not decide: which program libvirt starts with the rights of vbmcd, for instance. */
function foreignConnection(keys: readonly BmcKey[]): ConfigFinding | undefined {
  const uri = keys.find(({ key }) => key === 'libvirt_uri');
  const problem = uri && foreignUriProblem(uri.value);
  if (uri === undefined || problem === undefined) return undefined;
  const remedy = 'write another one, or if you mean it, give the file to root, and let no group change it';
  return { key: uri.key, line: uri.line, message: problem.message, remedy };
}
