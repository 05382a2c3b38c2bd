/**
 * Keeps what one connection sends in the order sent, although some of it needs a look at the database first. What needs
 * none and has nobody before it goes at once.
 */
export class Lanes {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** Runs `prepare`, then calls `enqueue` when it is this call's turn in the lane; without a lane there is no turn to wait for. */
  run<T>(lane: string | undefined, prepare: (() => Promise<void>) | undefined, enqueue: () => Promise<T>): Promise<T> {
    const before = lane === undefined ? undefined : this.tails.get(lane);
    return prepare || before ? this.wait(lane, before, prepare, enqueue) : enqueue();
  }

  private async wait<T>(
    lane: string | undefined,
    before: Promise<unknown> | undefined,
    prepare: (() => Promise<void>) | undefined,
    enqueue: () => Promise<T>,
  ): Promise<T> {
    const ready = Promise.resolve(before).then(prepare);
    if (lane === undefined) {
      await ready;
      return enqueue();
    }
    // The turn ends when the message is enqueued, not when it is stored: the next ones may share its commit.
    let stored: Promise<T> | undefined;
    const turn = ready.then(() => {
      stored = enqueue();
      stored.catch(() => undefined);
    });
    const tail = turn.catch(() => undefined);
    this.tails.set(lane, tail);
    void tail.then(() => this.tails.get(lane) === tail && this.tails.delete(lane));
    await turn;
    return stored as Promise<T>;
  }
}
