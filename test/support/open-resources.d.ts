export function openResources(): ReadonlyMap<string, number>;
export function stillOpen(before: ReadonlyMap<string, number>, mostMs?: number): Promise<string | undefined>;
