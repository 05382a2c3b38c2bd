type Listeners<Events> = { [Name in keyof Events]?: Set<(payload: Events[Name]) => void> };

/** Events with their payloads. Whoever listens gets a function that ends it. What a listener throws is nobody's but its page's. */
export class Emitter<Events> {
  private readonly listeners: Listeners<Events> = {};

  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    const all = (this.listeners[name] ??= new Set());
    all.add(listener);
    return () => void all.delete(listener);
  }

  protected emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const listener of [...(this.listeners[name] ?? [])]) {
      try {
        listener(payload);
      } catch (error) {
        // Uncaught as ever, but only after the others, and what is told of here, have gone on.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
