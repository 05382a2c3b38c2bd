const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a duration such as `15m`: a whole number and s, m, h or d. */
export const durationSeconds = (text: string): number => Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as keyof typeof SECONDS];
