import type { TestApp } from './app.js';

interface Module {
  providers: Map<unknown, { instance?: unknown }>;
}

const isOf = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const sizeOf = (value: unknown): number | undefined =>
  value instanceof Map || value instanceof Set ? value.size : Array.isArray(value) ? value.length : undefined;

/** Of an object that is no provider itself, so much deep; what libraries keep is theirs. */
const DEPTH = 3;

const count = (value: Record<string, unknown>, path: string, depth: number, seen: Set<unknown>, kept: Record<string, number>): void => {
  for (const [name, one] of Object.entries(value)) {
    if (!isOf(one) || seen.has(one)) continue;
    const size = sizeOf(one);
    if (size !== undefined) kept[`${path}.${name}`] = size;
    else if (depth > 0) {
      seen.add(one);
      count(one, `${path}.${name}`, depth - 1, seen, kept);
    }
  }
};

/** How much each part of a server holds in memory: the sizes of its maps, sets and lists, by where they are. */
export const keptBy = ({ app }: TestApp): Record<string, number> => {
  const { container } = app as unknown as { container: { getModules(): Map<unknown, Module> } };
  const providers = [...container.getModules().values()].flatMap(({ providers: all }) => [...all.values()].map(({ instance }) => instance));
  const seen = new Set<unknown>(providers);
  const kept: Record<string, number> = {};
  for (const provider of new Set(providers)) {
    if (isOf(provider) && sizeOf(provider) === undefined) count(provider, provider.constructor.name, DEPTH, seen, kept);
  }
  return kept;
};
