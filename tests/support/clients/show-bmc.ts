import type { BmcDetail } from '#supervisor/status/bmc-detail.ts';
import type { Lab } from '#lab/lab.ts';

/** `vbmc show NAME --json` */
export async function showBmc({ libvirt, vbmcd }: Lab, name: string): Promise<BmcDetail> {
  const args = [vbmcd.app.vbmc, '--run-dir', vbmcd.runDirectory, 'show', name, '--json'];
  const { exitCode, stdout, stderr } = await libvirt.run(process.execPath, args);
  if (exitCode !== 0) throw new Error(`vbmc show: ${stderr}`);
  return JSON.parse(stdout) as BmcDetail;
}
