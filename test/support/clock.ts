const RealDate = Date;

/** Sets the clock of this process, and of the servers in it, so many milliseconds ahead of the true one; 0 puts it right. PostgreSQL has its own. */
export const setClock = (aheadMs: number): void => {
  globalThis.Date =
    aheadMs === 0
      ? RealDate
      : (class extends RealDate {
          constructor(...given: [] | [number]) {
            if (given.length === 0) super(RealDate.now() + aheadMs);
            else super(...given);
          }

          static override now(): number {
            return RealDate.now() + aheadMs;
          }
        } as DateConstructor);
};
