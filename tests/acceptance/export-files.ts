/** `vbmc export`, run as an operator runs it. */
import type { Lab } from '#lab/lab.ts';

/** Exports all BMCs of the lab into a file of the lab's; returns its path. */
export async function exportTo(lab: Lab, format: string, fileName: string): Promise<string> {
  const file = `${lab.libvirt.directory.path}/${fileName}`;
  const { app, runDirectory } = lab.vbmcd;
  const args = [app.vbmc, '--run-dir', runDirectory, 'export', format, '--output', file];
  const { exitCode, stderr } = await lab.libvirt.run(process.execPath, args);
  if (exitCode !== 0) throw new Error(`vbmc export ${format}: ${stderr}`);
  return file;
}
