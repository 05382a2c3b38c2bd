import { bodyOf, Parley, ParleyError, type Attachment, type LiveRoom, type PublicBusiness, type Room } from '@parley/client';
import { isSomebodyThere, type ChatState, type FileOnItsWay, type Visitor } from './chat-state.js';
import { kept } from './kept.js';
import type { Key } from './strings.js';

const RETRY_MS = 3_000;
const PAGE_LIMIT = 1;

/** What a failed call means for a visitor. @throws Whatever is no answer of the server. */
const faultOf = (error: unknown): Key => {
  if (!(error instanceof ParleyError)) throw error;
  return error.retryable ? 'unreachable' : 'refused';
};

/** The chat of one visitor with one business, as the widget and the guest page show it. */
export class Chat {
  private now: ChatState = {
    phase: 'loading',
    business: null,
    room: null,
    userId: null,
    connection: { status: 'closed' },
    files: [],
    fault: null,
  };
  private readonly listeners = new Set<() => void>();
  private parley: Parley | undefined;
  private live: LiveRoom | undefined;
  private visitor: Visitor = {};
  private files = 0;
  private readonly hearers = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly slug: string,
  ) {}

  get state(): ChatState {
    return this.now;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  /** Hears of each message of others. */
  hear(listener: () => void): () => void {
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

  /** Looks who is asked for and who is there. */
  async load(): Promise<void> {
    try {
      const parley = (this.parley ??= await this.open());
      const business = await bodyOf(parley.rest.GET('/api/businesses/{slug}', { params: { path: { slug: this.slug } } }));
      this.show({ business });
      if (parley.user) await this.resume(parley);
      else this.show({ phase: this.asksFirst(business) ? 'intro' : 'chat' });
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      if (error.code === 'business.not_found') this.show({ phase: 'unknown' });
      else if (error.retryable) {
        this.show({ phase: 'unreachable' });
        setTimeout(() => void this.load(), error.retryAfterMs ?? RETRY_MS);
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

  /** Whether the words were taken: they are in the outbox then, and need nothing more of the visitor. */
  async send(body: string): Promise<boolean> {
    const ready = this.now.files.flatMap(({ attachment }) => (attachment ? [attachment.id] : []));
    if (!(await this.enter())) return false;
    await this.live?.send({ ...(body !== '' && { body }), ...(ready.length > 0 && { attachmentIds: ready }) });
    this.show({ files: this.now.files.filter(({ attachment }) => attachment === null) });
    return true;
  }

  async attach(file: File): Promise<void> {
    const ending = new AbortController();
    const key = this.files++;
    const item: FileOnItsWay = { key, name: file.name, share: 0, attachment: null, fault: null, cancel: () => this.drop(key, ending) };
    this.show({ files: [...this.now.files, item] });
    try {
      if (!(await this.enter()) || !this.parley) throw new DOMException('', 'AbortError');
      if (this.live?.id == null) this.follow(this.parley, await this.parley.openRoom());
      const roomId = this.live?.id as string;
      const onProgress = (share: number): void => this.change(key, { share });
      const attachment = await this.parley.upload(roomId, file, file.name, { onProgress, signal: ending.signal });
      this.change(key, { attachment, share: 1 });
    } catch (error) {
      const code = error instanceof ParleyError ? error.code : null;
      this.change(key, {
        fault: code === 'upload.too_large' ? 'fileTooLarge' : code === 'upload.type_refused' ? 'fileRefused' : 'fileFailed',
      });
    }
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

  retry(clientMessageId: string): void {
    void this.live?.retry(clientMessageId);
  }

  discard(clientMessageId: string): void {
    void this.live?.discard(clientMessageId);
  }

  async end(): Promise<void> {
    await this.ask((parley, roomId) => bodyOf(parley.rest.POST('/api/rooms/{roomId}/end', { params: { path: { roomId } } })));
  }

  async rate(score: number, comment: string): Promise<void> {
    const body = { score, ...(comment.trim() !== '' && { comment }) };
    await this.ask(async (parley, roomId) => {
      const room = await bodyOf(parley.rest.POST('/api/rooms/{roomId}/rating', { params: { path: { roomId } }, body }));
      this.live?.show({ room: room as Room });
    });
  }

  /** What was said, as a page to keep. */
  async transcript(): Promise<Blob | undefined> {
    const parley = this.parley;
    const roomId = this.live?.id;
    if (!parley || roomId == null) return undefined;
    const response = await fetch(`${this.url}/api/rooms/${roomId}/export?format=html`, {
      headers: { Authorization: `Bearer ${await parley.credentials.accessToken()}` },
    });
    return response.ok ? response.blob() : undefined;
  }

  /** A fresh address of a file, good for five minutes. */
  async addressOf(uploadId: string): Promise<Pick<Attachment, 'url' | 'thumbnailUrl'> | undefined> {
    const { data } = (await this.parley?.rest.GET('/api/uploads/{id}/url', { params: { path: { id: uploadId } } })) ?? {};
    return data;
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
    await this.ask(async (parley) => {
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
      return error instanceof ParleyError && error.code === 'validation.failed' ? 'emailWrong' : faultOf(error);
    }
  }

  private async restart(): Promise<void> {
    this.parley = undefined;
    this.live = undefined;
    this.show({ room: null, userId: null, connection: { status: 'closed' }, files: [], fault: null, phase: 'loading' });
    await this.load();
  }

  private async open(): Promise<Parley> {
    const parley = await Parley.open({ url: this.url, scope: this.slug });
    parley.connection.on('state', (connection) => this.show({ connection }));
    return parley;
  }

  private asksFirst({ preChat }: PublicBusiness): boolean {
    if (!preChat) return false;
    return preChat.consentText !== null || preChat.required.some((field) => this.visitor[field] === undefined);
  }

  /** The visitor is known from before: its newest room goes on. */
  private async resume(parley: Parley): Promise<void> {
    const { items } = await bodyOf(parley.rest.GET('/api/rooms', { params: { query: { limit: PAGE_LIMIT } } }));
    this.show({ phase: 'chat', userId: parley.user?.id ?? null });
    parley.connect();
    this.follow(parley, parley.room(parley.hasUnsentFirst ? null : (items[0]?.id ?? null)));
  }

  private follow(parley: Parley, live: LiveRoom): void {
    if (this.live) parley.leave(this.live);
    this.live = live;
    live.on('change', (room) => this.show({ room }));
    live.on('message', ({ sender }) => {
      if (sender && sender.id !== this.now.userId) for (const listener of this.hearers) listener();
    });
    this.show({ room: live.snapshot });
  }

  /** Signs a new visitor in; true when it is. */
  private async enter(): Promise<boolean> {
    const parley = this.parley;
    if (!parley) return false;
    if (parley.user && this.live) return true;
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

  private async ask(work: (parley: Parley, roomId: string) => Promise<unknown>): Promise<void> {
    const roomId = this.live?.id;
    if (!this.parley || roomId == null) return;
    try {
      await work(this.parley, roomId);
      this.show({ fault: null });
    } catch (error) {
      this.show({ fault: faultOf(error) });
    }
  }

  private drop(key: number, ending: AbortController): void {
    ending.abort();
    this.show({ files: this.now.files.filter((file) => file.key !== key) });
  }

  private change(key: number, change: Partial<FileOnItsWay>): void {
    this.show({ files: this.now.files.map((file) => (file.key === key ? { ...file, ...change } : file)) });
  }

  private show(change: Partial<ChatState>): void {
    this.now = { ...this.now, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}
