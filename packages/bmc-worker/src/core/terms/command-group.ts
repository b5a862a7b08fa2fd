/** Commands that a worker reads when the first of them is asked for: hundreds of workers are never asked for any. */
export const commandGroups = ['settings', 'records'] as const;
export type CommandGroup = (typeof commandGroups)[number];
