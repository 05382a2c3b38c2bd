import type { Attachment } from '../../src/contract/message.js';
import type { SignedIn } from '../../src/contract/session.js';
import type { OwnUser } from '../../src/contract/user.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { Credentials } from './credentials.js';
import { ParleyError } from './error.js';
import { LiveRoom } from './live-room.js';
import { Outbox, type Outgoing } from './outbox.js';
import { bodyOf, openRest, type Rest } from './rest.js';
import type { components } from './rest-types.js';
import { openStore, type Store } from './store.js';
import { Stragglers } from './stragglers.js';
import { upload, type UploadOptions } from './upload.js';

type Schemas = components['schemas'];

export interface ParleyOptions extends ConnectionOptions {
  /** Where the server is, such as `https://chat.example.com`. */
  url: string;
  /** Keeps several sign-ins apart that share a store, such as those at several businesses; a business is given by its slug. */
  scope?: string;
  /** Where tokens and unsent messages are kept; IndexedDB, or memory where there is none. */
  store?: Store;
}

/** Options of `openRoom`. */
export interface RoomOptions {
  subject?: string;
  context?: Record<string, unknown>;
  teamId?: string;
  /** Staff open a room for this customer. */
  customerId?: string;
}

/** A person at a Parley server: signs in, calls the REST interface, and follows rooms. */
export class Parley {
  /** Every operation of the REST interface; `bodyOf` gives the body of the answer, or throws. */
  readonly rest: Rest;
  readonly connection: Connection;
  readonly credentials: Credentials;
  private readonly rooms = new Set<LiveRoom>();
  private outbox: Outbox | undefined;
  private stragglers: Stragglers | undefined;
  private who: OwnUser | null = null;

  private constructor(
    readonly url: string,
    private readonly store: Store,
    /** Whether what is kept outlives the page. */
    readonly isLasting: boolean,
    { scope = '', ...options }: ParleyOptions,
  ) {
    this.credentials = new Credentials(url, store, scope);
    this.rest = openRest(url, this.credentials);
    this.connection = new Connection(url, this.credentials, options);
    this.connection.on('state', ({ status }) => {
      if (status === 'online') this.stragglers?.send();
    });
  }

  /** With whoever was signed in here before. Nothing is sent yet. */
  static async open(options: ParleyOptions): Promise<Parley> {
    const { store, isLasting } = options.store ? { store: options.store, isLasting: true } : await openStore();
    const parley = new Parley(options.url.replace(/\/+$/, ''), store, isLasting, options);
    const user = await parley.credentials.user();
    if (user) await parley.become(user);
    return parley;
  }

  /** Who is signed in. */
  get user(): OwnUser | null {
    return this.who;
  }

  /** A visitor without an account. @throws ParleyError */
  signInAsGuest(guest: Schemas['GuestRequest']): Promise<OwnUser> {
    return this.enter(bodyOf(this.rest.POST('/api/auth/guest', { body: guest })));
  }

  /** Somebody with an account. @throws ParleyError `auth.code_required` when the second factor is asked for. */
  signIn(login: Schemas['LoginRequest']): Promise<OwnUser> {
    return this.enter(bodyOf(this.rest.POST('/api/auth/login', { body: login })));
  }

  /** Takes over a sign-in that was made elsewhere. */
  async enter(signedIn: SignedIn | Promise<unknown>): Promise<OwnUser> {
    const answer = (await signedIn) as SignedIn;
    this.close();
    await this.credentials.keep(answer);
    await this.become(answer.user);
    return answer.user;
  }

  /** Ends the session here and on the server, and forgets what was not sent. */
  async signOut(): Promise<void> {
    // Where the server is out of reach the session ends by itself later.
    await this.rest.POST('/api/auth/logout').catch(() => undefined);
    await this.forget();
  }

  /** Forgets the sign-in and what was not sent, without a word to the server: when the session is over, or the person erased. */
  async forget(): Promise<void> {
    this.close();
    for (const message of this.outbox?.all() ?? []) await this.outbox?.discard(message.clientMessageId);
    await this.credentials.forget();
    this.who = null;
    this.outbox = this.stragglers = undefined;
  }

  /** Connects, and stays connected until `close`. */
  connect(): void {
    this.connection.open();
  }

  /** Ends the connection and leaves all rooms. */
  close(): void {
    for (const room of [...this.rooms]) this.leave(room);
    this.connection.close();
    this.stragglers?.end();
  }

  /** A room by its id, or, with null, one that its first message makes. */
  room(roomId: string | null): LiveRoom {
    const { outbox, who, connection } = this;
    if (!outbox || !who) throw new ParleyError({ code: 'auth.required', message: 'Nobody is signed in', retryable: false });
    const room = new LiveRoom({ connection, outbox, userId: who.id, sendLeft: () => this.stragglers?.send() }, roomId);
    this.rooms.add(room);
    return room;
  }

  /** Opens a room, or finds the one that is open. @throws ParleyError */
  async openRoom(options: RoomOptions = {}): Promise<LiveRoom> {
    const { id } = await bodyOf(this.rest.POST('/api/rooms', { body: options }));
    return this.room(id);
  }

  leave(room: LiveRoom): void {
    room.leave();
    this.rooms.delete(room);
    this.stragglers?.send();
  }

  /** Own messages in all rooms that are not confirmed. */
  get unsent(): readonly Outgoing[] {
    return this.outbox?.all() ?? [];
  }

  /** Own messages that wait for a room that is to be made, from an earlier page. */
  get hasUnsentFirst(): boolean {
    return (this.outbox?.of(null).length ?? 0) > 0;
  }

  /** Sends a file into a room, to be attached to a message. @throws ParleyError; `AbortError` when it was cancelled. */
  async upload(roomId: string, file: Blob, name: string, options: UploadOptions = {}): Promise<Attachment> {
    return upload(this.url, await this.credentials.accessToken(), roomId, file, name, options);
  }

  private async become(user: OwnUser): Promise<void> {
    this.who = user;
    const outbox = await Outbox.open(this.store, user.id, (roomId) => {
      for (const room of this.rooms) if (room.id === roomId) room.refresh();
    });
    this.outbox = outbox;
    this.stragglers = new Stragglers(this.connection, outbox, (roomId) => [...this.rooms].some(({ id }) => id === roomId));
  }
}
