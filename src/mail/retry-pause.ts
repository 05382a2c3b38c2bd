const FIRST_MS = 5_000;
const LONGEST_MS = 600_000;

/** How long to wait after so many tries: three times as long each time, half of it more or less, so that a crowd spreads. */
export const retryPauseMs = (tries: number, random = Math.random()): number =>
  Math.min(FIRST_MS * 3 ** (tries - 1), LONGEST_MS) * (0.5 + random);
