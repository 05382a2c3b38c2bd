/** Nobody is told of a room that another server changed while the two did not hear of each other: it is looked at again soon. */
const MEMORY_MS = 5_000;
const MOST = 20_000;

/** Rooms in which the machine answers nobody, as was seen a moment ago: a busy one is not looked at with each of its messages. */
export class DeafRooms {
  private readonly since = new Map<string, number>();

  has(roomId: string, now = performance.now()): boolean {
    const since = this.since.get(roomId);
    return since !== undefined && now - since < MEMORY_MS;
  }

  add(roomIds: string[], now = performance.now()): void {
    if (this.since.size > MOST) this.since.clear();
    for (const id of roomIds) this.since.set(id, now);
  }

  forget(roomId: string): void {
    this.since.delete(roomId);
  }

  forgetAll(): void {
    this.since.clear();
  }
}
