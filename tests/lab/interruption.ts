/** Resolves when somebody wants an end: Ctrl-C, a closed terminal, kill. From this call on the signals do nothing else. */
export function interruption(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve('interrupted');
      });
    }
  });
}
