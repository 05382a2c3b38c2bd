const SLOT_MS = 1_000;

/**
 * Keys by the second in which they fall due. Where each of ten thousands would wait for its own time, one look a second costs
 * less than their timers; what is no longer of interest is passed over by the one who looks.
 */
export class Due {
  private readonly slots = new Map<number, string[]>();

  /** @param at milliseconds since 1970 */
  add(key: string, at: number): void {
    const slot = Math.ceil(at / SLOT_MS);
    const keys = this.slots.get(slot);
    if (keys) keys.push(key);
    else this.slots.set(slot, [key]);
  }

  /** What has fallen due by `now`, each once for every time that it was added. */
  take(now: number): string[] {
    const due = [...this.slots.keys()].filter((slot) => slot * SLOT_MS <= now).sort((a, b) => a - b);
    return due.flatMap((slot) => {
      const keys = this.slots.get(slot) ?? [];
      this.slots.delete(slot);
      return keys;
    });
  }
}
