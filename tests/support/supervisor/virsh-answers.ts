import type { AskVirsh } from '#supervisor/virsh/virsh-query.ts';

function uuidOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** A libvirt with these domains, each with a disk of 40 GiB. It fails for URIs that contain `unreachable`. */
export function virshOf(domains: readonly string[]): AskVirsh {
  return (connectionUri, [command = '', ...further]) => {
    if (connectionUri.includes('unreachable')) {
      return Promise.resolve({ ok: false, kind: 'failed', reason: 'failed to connect' });
    }
    return Promise.resolve({ ok: true, text: answer(domains, [command, ...further].join(' ')) });
  };
}

function answer(domains: readonly string[], question: string): string {
  if (question === 'list --all --uuid --name') {
    return domains.map((name, index) => `${uuidOf(index)} ${name}  `).join('\n');
  }
  const index = domains.findIndex((_name, at) => question.includes(uuidOf(at)));
  return `<domain type='test'><name>${domains[index] ?? ''}</name><uuid>${uuidOf(index)}</uuid>
<memory unit='KiB'>2097152</memory><vcpu>2</vcpu><os><type arch='x86_64'>hvm</type></os>
<devices><disk device='disk'><target dev='vda'/></disk>
<interface type='user'><mac address='52:54:00:00:00:0${index}'/></interface></devices></domain>

 Target   Capacity      Allocation   Physical
-----------------------------------------------
 vda      42949672960   0            0
`;
}
