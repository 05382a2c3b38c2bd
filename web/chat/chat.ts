import { bodyOf, Parley, ParleyError, type LiveRoom, type Message, type Outgoing, type Room } from '@parley/client';
import { asksFirst, faultOf, isSomebodyThere, NOTHING_YET, retryMsOf, type ChatState, type Visitor } from './chat-state.js';
import { Files, type Place } from './files.js';
import { kept } from './kept.js';
import { Questions } from './questions.js';
import type { Key } from './strings.js';

/** The chat of one visitor with one business, as the widget and the guest page show it. */
export class Chat {
  private now: ChatState = NOTHING_YET;
  /** What can be asked for at any time, and changes nothing here. */
  readonly ask: Questions;
  private readonly listeners = new Set<() => void>();
  private parley: Parley | undefined;
  private live: LiveRoom | undefined;
  private entering: Promise<boolean> | undefined;
  private opening: Promise<LiveRoom> | undefined;
  private visitor: Visitor = {};
  private readonly hearers = new Set<(message: Message) => void>();
  private readonly files = new Files(
    () => this.place(),
    (files) => this.show({ files }),
  );

  constructor(
    private readonly url: string,
    private readonly slug: string,
  ) {
    this.ask = new Questions(url, slug, () => this.parley && { parley: this.parley, roomId: this.live?.id ?? null });
  }

  get state(): ChatState {
    return this.now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Hears of each message of others. */
  hear(listener: (message: Message) => void): () => void {
    this.hearers.add(listener);
    return () => void this.hearers.delete(listener);
  }

  /** Whether the business knows how to reach the visitor later. */
  get hasAddress(): boolean {
    return this.visitor.email !== undefined || this.visitor.identity !== undefined;
  }

  know({ name, email, attributes, context, identity }: Visitor): void {
    const given = Object.entries({ name, email, attributes, context, identity }).filter(([, value]) => value !== undefined);
    this.visitor = { ...this.visitor, ...Object.fromEntries(given) };
  }

  /** Looks who is asked for and who is there; with the token of a link, goes on with the chat of another device. */
  async load(token?: string): Promise<void> {
    // What was the matter before is tried again.
    this.show({ fault: null });
    try {
      const parley = (this.parley ??= await this.open());
      if (token !== undefined) await this.enterBy(token, parley);
      const business = await bodyOf(parley.rest.GET('/api/businesses/{slug}', { params: { path: { slug: this.slug } } }));
      this.show({ business });
      if (parley.user) await this.resume(parley);
      else this.show({ phase: asksFirst(business, this.visitor) ? 'intro' : 'chat' });
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'business.not_found') this.show({ phase: 'unknown' });
      else if (error.retryable) {
        this.show({ phase: 'unreachable', fault: faultOf(error) });
        setTimeout(() => void this.load(token), retryMsOf(error));
      } else if (error.code.startsWith('auth.')) this.show({ phase: 'chat' });
      else this.show({ phase: 'refused' });
    }
  }

  /** Who the visitor is was asked and answered. */
  async begin(visitor: Visitor): Promise<boolean> {
    this.know(visitor);
    const isIn = await this.enter();
    if (isIn) this.show({ phase: 'chat' });
    return isIn;
  }

  /** Puts the words into the outbox, where they need nothing more of the visitor, or gives them back. */
  async send(body: string, replyTo?: string, giveBack?: () => void): Promise<void> {
    const { ready } = this.files;
    const held = { words: body };
    this.show({ held: [...this.now.held, held] });
    this.files.sent(ready);
    try {
      if (!(await this.enter())) {
        this.files.restore(ready);
        giveBack?.();
        return;
      }
      await this.live?.send({
        ...(body !== '' && { body }),
        ...(ready.length > 0 && { attachmentIds: ready.map(({ id }) => id) }),
        ...(replyTo !== undefined && { replyTo }),
      });
    } finally {
      this.show({ held: this.now.held.filter((one) => one !== held) });
    }
  }

  attach(files: Iterable<File> | null | undefined): void {
    this.files.addAll(files);
  }

  type(): void {
    this.live?.type();
  }

  read(): void {
    this.live?.markRead();
  }

  older(): Promise<void> | undefined {
    return this.live?.older();
  }

  /** The words of what came too late for its chat begin the next one. Its files belong to the old one, which is said. */
  async retry({ clientMessageId, error, body, attachmentIds }: Outgoing): Promise<void> {
    if (error?.code !== 'room.closed' || body === undefined) return this.live?.retry(clientMessageId);
    await this.live?.discard(clientMessageId);
    await this.anew();
    await this.send(body);
    if (attachmentIds) this.show({ fault: { key: 'fileFailed' } });
  }

  discard(clientMessageId: string): void {
    void this.live?.discard(clientMessageId);
  }

  async end(): Promise<void> {
    await this.change((parley, roomId) => bodyOf(parley.rest.POST('/api/rooms/{roomId}/end', { params: { path: { roomId } } })));
  }

  async rate(score: number, comment: string): Promise<void> {
    const body = { score, ...(comment.trim() !== '' && { comment }) };
    const { live } = this;
    await this.change(async (parley, roomId) => {
      const room = await bodyOf(parley.rest.POST('/api/rooms/{roomId}/rating', { params: { path: { roomId } }, body }));
      live?.show({ room: room as Room });
    });
  }

  /** Shows another of the visitor's rooms. */
  goTo(roomId: string): void {
    if (this.parley && this.live?.id !== roomId) this.follow(this.parley, this.parley.room(roomId));
  }

  /** A new room after the one that is closed, made by its first message. */
  async anew(): Promise<void> {
    const parley = this.parley;
    if (!parley) return;
    if (this.now.connection.status === 'ended') {
      await parley.forget();
      return this.restart();
    }
    this.follow(parley, parley.room(null));
  }

  /** Ends the sign-in here, and forgets what was not sent. */
  async forget(): Promise<void> {
    await this.parley?.signOut();
    kept.forget(this.slug);
  }

  /** Has the server forget the visitor with all that it wrote, and begins anew. */
  async erase(): Promise<void> {
    await this.change(async (parley) => {
      await bodyOf(parley.rest.DELETE('/api/auth/me'));
      await parley.forget();
      kept.forget(this.slug);
      await this.restart();
    });
  }

  /** Tells the business how to reach the visitor later; what is wrong with that, if anything. */
  async leaveAddress(email: string): Promise<Key | null> {
    const parley = this.parley as Parley;
    try {
      await bodyOf(parley.rest.PATCH('/api/auth/me', { body: { email } }));
      return null;
    } catch (error) {
      return error instanceof ParleyError && error.code === 'validation.failed' ? 'emailWrong' : faultOf(error).key;
    }
  }

  private async restart(): Promise<void> {
    this.parley = undefined;
    this.live = undefined;
    this.files.clear();
    this.show({ room: null, userId: null, connection: { status: 'closed' }, fault: null, phase: 'loading' });
    await this.load();
  }

  private async open(): Promise<Parley> {
    const parley = await Parley.open({ url: this.url, scope: this.slug });
    parley.connection.on('state', (connection) => {
      const isBack = connection.status === 'online' && this.now.fault?.key === 'unreachable';
      this.show({ connection, ...(isBack && { fault: null }) });
    });
    return parley;
  }

  /** Whoever was here before has left this device. */
  private async enterBy(token: string, parley: Parley): Promise<void> {
    try {
      await parley.enter(bodyOf(parley.rest.POST('/api/auth/resume', { body: { token } })));
      kept.forget(this.slug);
    } catch (error) {
      if (error instanceof ParleyError && error.retryable) throw error;
      this.show({ fault: faultOf(error) });
    }
  }

  /** The visitor is known from before: its newest room goes on. */
  private async resume(parley: Parley): Promise<void> {
    const { items } = await bodyOf(parley.rest.GET('/api/rooms', { params: { query: { limit: 1 } } }));
    this.show({ phase: 'chat', userId: parley.user?.id ?? null });
    parley.connect();
    this.follow(parley, parley.room(parley.hasUnsentFirst ? null : (items[0]?.id ?? null)));
  }

  private follow(parley: Parley, live: LiveRoom): void {
    if (this.live) parley.leave(this.live);
    this.live = live;
    live.on('change', (room) => {
      if (this.live === live) this.show({ room });
    });
    live.on('message', (message) => {
      const isWritten = ['text', 'image', 'file'].includes(message.kind);
      if (isWritten && message.sender?.id !== this.now.userId) for (const listener of this.hearers) listener(message);
    });
    this.show({ room: live.snapshot });
  }

  /** Signs a new visitor in, once for all that is sent meanwhile; true when it is. */
  private async enter(): Promise<boolean> {
    const parley = this.parley;
    if (!parley) return false;
    if (parley.user && this.live) return true;
    this.entering ??= this.signIn(parley).finally(() => (this.entering = undefined));
    return this.entering;
  }

  private async signIn(parley: Parley): Promise<boolean> {
    try {
      const { business } = this.now;
      // Rules of the business may look at it.
      const context = { ...this.visitor.context, ...(business && !isSomebodyThere(business) && { offline: true }) };
      await parley.signInAsGuest({ business: this.slug, ...this.visitor, context });
    } catch (error) {
      this.show({ fault: faultOf(error) });
      return false;
    }
    this.show({ userId: parley.user?.id ?? null, fault: null });
    parley.connect();
    this.follow(parley, parley.room(null));
    return true;
  }

  private async change(work: (parley: Parley, roomId: string) => Promise<unknown>): Promise<void> {
    const roomId = this.live?.id;
    if (!this.parley || roomId == null) return;
    try {
      await work(this.parley, roomId);
      this.show({ fault: null });
    } catch (error) {
      this.show({ fault: faultOf(error) });
    }
  }

  /** The room that files go to: one that is about to be made by its first message, or else a new one. */
  private async place(): Promise<Place | undefined> {
    if (!(await this.enter()) || !this.parley || !this.live) return undefined;
    const { parley, live } = this;
    if (live.id !== null) return { parley, roomId: live.id };
    if (live.snapshot.outgoing.length > 0) return { parley, roomId: await new Promise<string>((done) => live.on('made', done)) };
    // Files that are chosen together go to the same one.
    this.opening ??= parley.openRoom().finally(() => (this.opening = undefined));
    const opened = await this.opening;
    if (this.live !== opened) this.follow(parley, opened);
    return { parley, roomId: opened.id as string };
  }

  private show(change: Partial<ChatState>): void {
    this.now = { ...this.now, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
