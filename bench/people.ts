import { randomUUID } from 'node:crypto';
import type { SignedIn } from '../src/contract/session.js';
import { inParallel } from './client.js';
import type { Seat } from './target.js';

const PASSWORD = 'correct horse battery';
const WIDTH = 8;

/** The people and rooms of one business on a Parley server, made over REST as clients make them. */
export class People {
  private business: Promise<{ slug: string; token: string }> | undefined;
  private readonly agents: string[] = [];

  constructor(private readonly url: string) {}

  /** New guests with a room each, and fresh tokens of the agents. */
  async seats(rooms: number, agents: number): Promise<Seat[]> {
    const { slug } = await this.found();
    const staff = await this.staff(agents);
    return inParallel(Array.from({ length: rooms }), WIDTH, async (_, index) => {
      const guest = await this.post<SignedIn>('/api/auth/guest', { business: slug, name: 'Gwen' });
      const room = await this.post<{ id: string }>('/api/rooms', {}, guest.accessToken);
      return { roomId: room.id, guest: { token: guest.accessToken }, agent: { token: staff[index % staff.length] } };
    });
  }

  /** Access tokens of this many agents. */
  async staff(count: number): Promise<string[]> {
    const { slug, token } = await this.found();
    const missing = Array.from({ length: Math.max(0, count - this.agents.length) }, () => `agent-${randomUUID()}@shop.example`);
    await inParallel(missing, WIDTH, async (email) => {
      await this.post('/api/agents', { email, name: 'Alex', role: 'agent', password: PASSWORD }, token);
      this.agents.push(email);
    });
    return inParallel(this.agents.slice(0, count), WIDTH, async (email) => {
      const { accessToken } = await this.post<SignedIn>('/api/auth/login', { email, password: PASSWORD, business: slug });
      return accessToken;
    });
  }

  private found(): Promise<{ slug: string; token: string }> {
    this.business ??= this.post<SignedIn & { business: { slug: string } }>('/api/businesses', {
      name: `Shop ${randomUUID().slice(0, 8)}`,
      admin: { name: 'Ada', email: `admin-${randomUUID()}@shop.example`, password: PASSWORD },
    }).then(({ business, accessToken }) => ({ slug: business.slug, token: accessToken }));
    return this.business;
  }

  private async post<Body>(path: string, body: object, token?: string): Promise<Body> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }
}
