import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import proxyAddr from 'proxy-addr';
import { newId } from '../database/new-id.js';
import { isStaff, type Actor } from '../access/actor.js';
import { networkOf } from '../access/network.js';
import { HANDSHAKES_PER_SECOND, SOCKETS_PER_ADDRESS, SOCKETS_PER_CUSTOMER, SOCKETS_PER_STAFF } from '../access/limits.js';
import { RateLimiter } from '../access/rate-limiter.js';
import { Authenticator } from '../auth/authenticator.js';
import { EXPIRY_GRACE_MS } from '../auth/jwt-auth.guard.js';
import { OriginService } from '../auth/origin.service.js';
import { SessionService } from '../auth/session.service.js';
import { Env } from '../config/env.js';
import type { SessionEndReason } from '../contract/session.js';
import { AppError, toSocketError } from '../error/app-error.js';
import { logFault } from '../error/log-fault.js';
import { normaliseError } from '../error/normalise-error.js';
import { EventBus } from '../event/event-bus.js';
import { Due } from '../time/due.js';
import { ChatServer, type ChatSocket } from './chat-server.js';
import { userOf } from './socket-room.js';
import { forgetRequest } from './web-socket-server.js';

const MAX_TOKEN = 4096;
const EXPIRY_NOTICE_MS = 60_000;
const WATCH_MS = 1_000;

type Next = (error?: Error) => void;
type Trust = (address: string, hop: number) => boolean;

const trustOf = (trustProxy: boolean | number | string[]): Trust => {
  if (typeof trustProxy === 'number') return (_, hop) => hop < trustProxy;
  return Array.isArray(trustProxy) ? proxyAddr.compile(trustProxy) : () => false;
};

/** Lets sockets in by the same strategy as REST, and cuts those whose session or token ended. */
@Injectable()
export class SocketAuth implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SocketAuth.name);
  private readonly trust: Trust;
  private readonly bySession = new Map<string, ChatSocket[]>();
  private readonly byNetwork = new Map<string, number>();
  /** Sockets, by when their person must be told that the token ends, and by when they are cut. */
  private readonly expiries = new Due();
  private handshakes = { second: 0, count: 0 };
  private watcher: NodeJS.Timeout | undefined;
  /** When ended sessions were last read, by the clock that nobody puts. */
  private checkedAt = performance.now();
  private isChecking = false;
  /** Set while the server drains: nobody is let in any more. */
  isDraining = false;

  constructor(
    private readonly env: Env,
    private readonly server: ChatServer,
    private readonly sessions: SessionService,
    private readonly origins: OriginService,
    private readonly authenticator: Authenticator,
    private readonly limiter: RateLimiter,
    events: EventBus,
  ) {
    this.trust = trustOf(env.trustProxy);
    events.on('session.ended', ({ sessionId, reason }) => this.cutSession(sessionId, reason));
    events.on('user.updated', ({ user }) => {
      for (const { data } of this.server.socketsIn(userOf(user.id))) if (data.actor) Object.assign(data.actor, user);
    });
  }

  onApplicationBootstrap(): void {
    this.watcher = setInterval(() => {
      this.watchExpiries();
      void this.watchSessions();
    }, WATCH_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.watcher);
  }

  /** The Socket.IO middleware of the handshake. A refusal is a `connect_error` whose `data` is the error object. */
  readonly middleware = (socket: ChatSocket, next: Next): void => {
    this.admit(socket).then(
      () => next(),
      (thrown: unknown) => {
        const error = normaliseError(thrown);
        const requestId = newId();
        logFault(this.logger, error, requestId);
        next(Object.assign(new Error(error.message), { data: toSocketError(error, requestId) }));
      },
    );
  };

  /** Watches over a socket that was let in, until it is gone. */
  admitted(socket: ChatSocket, actor: Actor): void {
    const network = networkOf(socket.data.ip);
    forgetRequest(socket);
    this.byNetwork.set(network, (this.byNetwork.get(network) ?? 0) + 1);
    this.bySession.set(actor.sessionId, [...(this.bySession.get(actor.sessionId) ?? []), socket]);
    this.expectExpiry(socket, actor);
    this.cutOldest(socket, actor);
  }

  gone(socket: ChatSocket, actor: Actor): void {
    const network = networkOf(socket.data.ip);
    const left = (this.byNetwork.get(network) ?? 1) - 1;
    if (left > 0) this.byNetwork.set(network, left);
    else this.byNetwork.delete(network);
    const ofSession = (this.bySession.get(actor.sessionId) ?? []).filter((one) => one !== socket);
    if (ofSession.length > 0) this.bySession.set(actor.sessionId, ofSession);
    else this.bySession.delete(actor.sessionId);
  }

  /** Puts a fresh access token of the same person and session in the place of the old one. @throws AppError `access.denied`, `auth.…`. */
  async refresh(socket: ChatSocket, actor: Actor, token: string): Promise<{ expiresAt: string }> {
    const fresh = await this.authenticator.authenticate(`Bearer ${token}`);
    if (fresh.id !== actor.id || fresh.sessionId !== actor.sessionId) throw new AppError('access.denied');
    // How far the person reaches is the watch's to change, who moves the socket along.
    const { reach: _, teamIds: __, ...renewed } = fresh;
    Object.assign(actor, renewed);
    this.expectExpiry(socket, actor);
    return { expiresAt: new Date(actor.expiresAt).toISOString() };
  }

  private async admit(socket: ChatSocket): Promise<void> {
    const ip = proxyAddr(socket.request, this.trust);
    if (this.isDraining) throw new AppError('unavailable', { message: 'The server is about to stop' });
    this.limitHandshakes(ip);
    const { origin } = socket.handshake.headers;
    await this.origins.require(origin);
    const token: unknown = (socket.handshake.auth as Record<string, unknown>).token;
    if (token === undefined || token === null) throw new AppError('auth.required');
    // Addresses are logged and kept by proxies: a token in one is not taken, nor is what stands beside it.
    if (socket.handshake.query.token !== undefined) throw new AppError('auth.invalid_credentials');
    if (typeof token !== 'string' || token.length > MAX_TOKEN) throw new AppError('auth.invalid_credentials');
    const actor = await this.authenticator.authenticate(`Bearer ${token}`);
    await this.origins.require(origin, actor.businessId);
    // Nothing of what it may do goes over a socket.
    if (actor.isRestricted) throw new AppError('auth.second_factor_required');
    // A session that ends while this handshake is on its way is found by the watch, which looks further back than a handshake takes.
    // Not as a copy: V8 gives each object that is made by spreading one a shape of its own.
    socket.data = { actor: Object.assign(actor, { ip, connectionId: socket.id }), ip };
  }

  /** One network's share is taken first: what it has too much of must not keep the others out. */
  private limitHandshakes(ip: string): void {
    const network = networkOf(ip);
    this.limiter.take('handshake', network, ip);
    const factor = this.env.rateLimitFactor(ip);
    if ((this.byNetwork.get(network) ?? 0) >= SOCKETS_PER_ADDRESS * factor) {
      throw new AppError('rate.limited', { message: 'Too many connections from this address', details: { retryAfterMs: 60_000 } });
    }
    const second = Math.floor(Date.now() / 1000);
    this.handshakes = this.handshakes.second === second ? { second, count: this.handshakes.count + 1 } : { second, count: 1 };
    if (this.handshakes.count > HANDSHAKES_PER_SECOND * factor)
      throw new AppError('unavailable', { message: 'Too many connections at once' });
  }

  /** A person has a few sockets at a time; the newest stays. */
  private cutOldest(socket: ChatSocket, actor: Actor): void {
    const allowed = (isStaff(actor) ? SOCKETS_PER_STAFF : SOCKETS_PER_CUSTOMER) * this.env.rateLimitFactor(socket.data.ip);
    const own = this.server.socketsIn(userOf(actor.id));
    for (const oldest of own.slice(0, Math.max(0, own.length - Math.max(1, Math.floor(allowed))))) this.cut(oldest, 'too_many_sockets');
  }

  private expectExpiry({ id }: ChatSocket, { expiresAt }: Actor): void {
    this.expiries.add(id, expiresAt - EXPIRY_NOTICE_MS);
  }

  private watchExpiries(): void {
    const now = Date.now();
    for (const id of this.expiries.take(now)) {
      const socket = this.server.socket(id);
      const { actor, toldExpiry } = socket?.data ?? {};
      // Gone, or a fresh token has come in the meantime, whose end is noted for itself.
      if (!socket || !actor || now < actor.expiresAt - EXPIRY_NOTICE_MS) continue;
      const { expiresAt } = actor;
      if (now >= expiresAt + EXPIRY_GRACE_MS) this.cut(socket, 'expired');
      else if (toldExpiry !== expiresAt) {
        socket.data.toldExpiry = expiresAt;
        socket.emit('auth.expiring', { expiresAt: new Date(expiresAt).toISOString() });
        this.expiries.add(id, expiresAt + EXPIRY_GRACE_MS);
      }
    }
  }

  private cutSession(sessionId: string, reason: SessionEndReason): void {
    for (const socket of this.bySession.get(sessionId) ?? []) this.cut(socket, reason);
  }

  private cut(socket: ChatSocket, reason: SessionEndReason): void {
    socket.emit('session.ended', { reason });
    socket.disconnect(true);
  }

  /** Finds the sessions that ended without a word to this node: on another one, or by hand. */
  private async watchSessions(): Promise<void> {
    if (this.isChecking || this.bySession.size === 0) {
      if (this.bySession.size === 0) this.checkedAt = performance.now();
      return;
    }
    this.isChecking = true;
    const startedAt = performance.now();
    try {
      for (const { sessionId, reason } of await this.sessions.endedWithin(startedAt - this.checkedAt)) this.cutSession(sessionId, reason);
      this.checkedAt = startedAt;
    } catch (error) {
      this.logger.warn({ err: error }, 'ended sessions could not be read');
    } finally {
      this.isChecking = false;
    }
  }
}
