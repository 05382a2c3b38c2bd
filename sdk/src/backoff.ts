const LONGEST_MS = 30_000;

/**
 * How long to wait before the next attempt after so many failed ones, in milliseconds: at most `firstMs`, then twice as long each
 * time, never the same for two clients.
 */
export const backoff = (failed: number, firstMs: number): number => {
  const longest = Math.min(firstMs * 2 ** Math.min(failed, 10), LONGEST_MS);
  return longest / 2 + (Math.random() * longest) / 2;
};
