import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { DomainEventMap, TransactionHookMap } from '../contract/domain-events.js';
import { retried } from '../database/clash.js';

export type EventName = keyof DomainEventMap;
type HookName = keyof TransactionHookMap;

/** Notes an event that is told to the listeners once the transaction has committed, and never if it has not. */
export type Publish = <Name extends EventName>(name: Name, event: DomainEventMap[Name]) => void;

/** `from` is the server that an event came from, null when it happened on this one. */
type Listener<Name extends EventName> = (event: DomainEventMap[Name], from: string | null) => void;
type Hook<Name extends HookName> = (tx: EntityManager, event: TransactionHookMap[Name], publish: Publish) => Promise<void>;

/** Ends the transaction at once and starts it anew: what was read before the locks has changed since. */
export class StaleRead extends Error {
  readonly code = '40001';
}

/** Tells what was committed to whoever listens, in this process and, by way of the relay, in the other servers. */
@Injectable()
export class EventBus {
  private readonly logger = new Logger(EventBus.name);
  private readonly listeners = new Map<EventName, ((event: never, from: string | null) => void)[]>();
  private readonly hooks = new Map<HookName, ((tx: EntityManager, event: never, publish: Publish) => Promise<void>)[]>();

  private tellOthers: (<Name extends EventName>(name: Name, event: DomainEventMap[Name]) => void) | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Calls `listener` after every commit that published `name`, whichever server it took place on: for what sockets hear and for
   * what is kept in memory. What it throws is logged and harms nobody else.
   */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): void {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }

  /** The same for what happened on this server only: for what is to be done once, and not by every server. */
  onOwn<Name extends EventName>(name: Name, listener: (event: DomainEventMap[Name]) => void): void {
    this.on(name, (event, from) => from === null && listener(event));
  }

  /** Takes on who tells the other servers of what happens on this one. */
  relayBy(tellOthers: <Name extends EventName>(name: Name, event: DomainEventMap[Name]) => void): void {
    this.tellOthers = tellOthers;
  }

  /** Calls `hook` inside the transaction that announces `name`; what it throws rolls all of it back. */
  within<Name extends HookName>(name: Name, hook: Hook<Name>): void {
    this.hooks.set(name, [...(this.hooks.get(name) ?? []), hook]);
  }

  /** Runs the hooks of `name` in the caller's transaction. */
  async runHooks<Name extends HookName>(name: Name, tx: EntityManager, event: TransactionHookMap[Name], publish: Publish): Promise<void> {
    for (const hook of this.hooks.get(name) ?? []) await (hook as Hook<Name>)(tx, event, publish);
  }

  /**
   * Runs `work` in one transaction and tells its events after the commit. A deadlock, a serialization failure or a
   * StaleRead runs it again, up to three times, so `work` changes nothing but the database.
   */
  transaction<T>(work: (tx: EntityManager, publish: Publish) => Promise<T>): Promise<T> {
    return retried(async () => {
      const published: (() => void)[] = [];
      const publish: Publish = (name, event) => published.push(() => this.announce(name, event));
      const result = await this.dataSource.transaction((tx) => work(tx, publish));
      for (const tell of published) tell();
      return result;
    });
  }

  /** Tells an event that is committed already, or that is a signal and never stored. */
  announce<Name extends EventName>(name: Name, event: DomainEventMap[Name]): void {
    this.tell(name, event, null);
    this.tellOthers?.(name, event);
  }

  /** Tells an event that another server announced, or that is for this server's own listeners alone. Nobody else is told of it. */
  tell<Name extends EventName>(name: Name, event: DomainEventMap[Name], from: string | null): void {
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        (listener as Listener<Name>)(event, from);
      } catch (error) {
        this.logger.error({ err: error, event: name }, 'a listener failed');
      }
    }
  }
}
