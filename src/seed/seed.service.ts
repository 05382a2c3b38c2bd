import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { OperatorService } from '../auth/operator.service.js';
import { AgentService } from '../business/agent.service.js';
import { DEFAULT_SETTINGS } from '../business/business-settings.js';
import { BusinessService } from '../business/business.service.js';
import { LabelService } from '../business/label.service.js';
import { TeamService } from '../business/team.service.js';
import type { User } from '../business/user.entity.js';
import { UserService } from '../business/user.service.js';
import { toPublicUser } from '../business/user.view.js';
import { CannedReplyService } from '../canned-reply/canned-reply.service.js';
import { newId } from '../database/new-id.js';
import { AppError } from '../error/app-error.js';
import { SavedViewService } from '../inbox/saved-view.service.js';
import { MessageChangeService } from '../message/message-change.service.js';
import { MessageService } from '../message/message.service.js';
import { CountService } from '../report/count.service.js';
import { AssignmentService } from '../room/assignment.service.js';
import { MarkService } from '../room/mark.service.js';
import { RatingService } from '../room/rating.service.js';
import { RoomChangeService } from '../room/room-change.service.js';
import { RoomUpdateService } from '../room/room-update.service.js';
import { RoomService } from '../room/room.service.js';
import { TemporaryFiles } from '../upload/temporary-files.js';
import { UploadService } from '../upload/upload.service.js';
import { doneAt, settle } from './back-date.js';
import type { Conversation } from './conversations.js';
import { AGENTS, customersOfStory, storyUntil, TIME_ZONE, type Act, type Deed } from './story.js';

const NAME = 'Meadow Bikes';
const ADMIN = 'Ada Meadow';
const HOUR_MS = 3_600_000;
/** The story ends half an hour ago: what is younger than this was just done, also where two clocks differ. */
const FRESH_MS = 600_000;
const HISTORY_MS = 30 * 24 * HOUR_MS;
const A_YEAR_OF_SECONDS = 31_536_000;
const LABELS = [
  ['Delivery', '#2f6fed'],
  ['Repair', '#c2410c'],
  ['Advice', '#0f766e'],
  ['Refund', '#b91c1c'],
  ['Warranty', '#7c3aed'],
  ['Billing', '#a16207'],
  ['VIP', '#be185d'],
] as const;
const REPLIES = [
  ['hello', 'Hello {{customer.name|there}}, this is {{agent.name}} of {{business.name}}. How can I help?'],
  ['number', 'Could you tell me the number of your order? It stands in the mail that we sent you.'],
  ['bye', 'You are welcome, {{customer.name|and}} ride safely!'],
] as const;
/** From Monday to Friday; short on Saturday. */
const WEEKLY = [1, 2, 3, 4, 5, 6].map((day) => ({ day, from: '09:00', to: day === 6 ? '13:00' : '18:00' }));

interface Seeded {
  slug: string;
  people: { role: string; email: string; password: string }[];
  rooms: number;
}

interface Cast {
  admin: Actor;
  agents: Actor[];
  customers: Actor[];
  teams: Record<Conversation['team'], string>;
}

/** Whoever runs the server acts for everybody. */
const actorOf = (user: User): Actor => ({
  ...toPublicUser(user),
  businessId: user.businessId,
  sessionId: newId(),
  reach: user.reach,
  teamIds: user.teamIds,
  expiresAt: Infinity,
});

/** Fills a business of its own with what a month at a shop leaves behind: by the services, as if people had done it, and back-dated. */
@Injectable()
export class SeedService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly operator: OperatorService,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
    private readonly agents: AgentService,
    private readonly teams: TeamService,
    private readonly labels: LabelService,
    private readonly replies: CannedReplyService,
    private readonly views: SavedViewService,
    private readonly rooms: RoomService,
    private readonly assignments: AssignmentService,
    private readonly updates: RoomUpdateService,
    private readonly changes: RoomChangeService,
    private readonly ratings: RatingService,
    private readonly marks: MarkService,
    private readonly messages: MessageService,
    private readonly messageChanges: MessageChangeService,
    private readonly uploads: UploadService,
    private readonly files: TemporaryFiles,
    private readonly counts: CountService,
  ) {}

  /**
   * It has its slug when it is whole: one that was broken off is in nobody's way.
   * @throws AppError `business.slug_taken`: nothing was changed.
   */
  async fill(slug: string, now: Date): Promise<Seeded> {
    if (await this.businesses.seek(slug)) throw new AppError('business.slug_taken');
    const unfinished = `unfinished-${newId().slice(-12)}`;
    const adminEmail = `ada@${slug}.example`;
    const { business, password } = await this.operator.createBusiness(NAME, unfinished, { name: ADMIN, email: adminEmail });
    const people: Seeded['people'] = [{ role: 'admin', email: adminEmail, password }];
    for (const name of AGENTS) {
      const email = `${name.split(' ')[0]?.toLowerCase()}@${slug}.example`;
      const person = { business: business.id, role: 'agent', email, name } as const;
      people.push({ role: 'agent', email, password: await this.operator.createStaff(person) });
    }
    const cast = await this.prepare(business.id);
    const rooms = await this.play(storyUntil(now), cast, new Date(now.getTime() - FRESH_MS));
    await this.businesses.update(cast.admin, { settings: { editWindowSeconds: DEFAULT_SETTINGS.editWindowSeconds } });
    await this.counts.recountOf(business.id);
    await this.dataSource.transaction((tx) => settle(tx, business.id, slug, new Date(now.getTime() - HISTORY_MS)));
    return { slug, people, rooms };
  }

  /** The settings, and all that is there before the first customer comes. */
  private async prepare(businessId: string): Promise<Cast> {
    const [admin, ben, cleo, dan] = (await this.actorsOf(businessId, [ADMIN, ...AGENTS])) as [Actor, Actor, Actor, Actor];
    await this.businesses.update(admin, {
      theme: { color: '#2f855a' },
      welcomeText: 'Hello! Ask us anything about bicycles.',
      settings: {
        // Whoever has a look at it is not all three agents at once.
        routing: { giveBackAfterSeconds: null },
        editWindowSeconds: A_YEAR_OF_SECONDS,
        hours: { timeZone: TIME_ZONE, weekly: WEEKLY, holidays: [] },
      },
    });
    const sales = await this.teams.create(admin, { name: 'Sales', agentIds: [ben.id, cleo.id] });
    const workshop = await this.teams.create(admin, { name: 'Workshop', agentIds: [cleo.id, dan.id] });
    for (const [name, color] of LABELS) await this.labels.create(admin, { name, color });
    for (const [shortcut, body] of REPLIES) await this.replies.create(admin, { shortcut, body });
    await this.views.create(admin, { name: 'Nobody has it', filter: { status: 'open', assignee: 'none' }, sort: 'waiting', shared: true });
    await this.views.create(admin, { name: 'VIP', filter: { label: 'VIP' }, sort: 'priority', shared: true });
    const agents = await this.actorsOf(businessId, AGENTS);
    const customers: Actor[] = [];
    for (const customer of customersOfStory) {
      customers.push(actorOf(await this.users.create({ businessId, role: 'guest', context: {}, ...customer })));
    }
    return { admin, agents, customers, teams: { Sales: sales.id, Workshop: workshop.id } };
  }

  /** Staff as the server knows it now, in the order of the names. */
  private async actorsOf(businessId: string, names: string[]): Promise<Actor[]> {
    const staff = await this.agents.all(businessId);
    return names.map((name) => actorOf(staff.find((one) => one.name === name) as User));
  }

  /** How many rooms there are in the end. */
  private async play(acts: Act[], cast: Cast, fresh: Date): Promise<number> {
    const rooms = new Map<number, string>();
    /** What each person said last in each room. */
    const last = new Map<string, string>();
    for (const act of acts) {
      const actor = (act.by === 'customer' ? cast.customers[act.customer] : cast.agents[act.by]) as Actor;
      await doneAt(this.dataSource, new Date(act.at), fresh, async () => {
        if (act.deed.verb === 'open') {
          const { subject, page, team } = act.deed.conversation;
          const { room } = await this.rooms.open(actor, { subject, context: { page }, teamId: cast.teams[team] });
          rooms.set(act.room, room.id);
          return room.id;
        }
        const roomId = rooms.get(act.room) as string;
        await this.act(actor, roomId, act.deed, cast, last);
        return roomId;
      });
    }
    return rooms.size;
  }

  private async act(
    actor: Actor,
    roomId: string,
    deed: Exclude<Deed, { verb: 'open' }>,
    cast: Cast,
    last: Map<string, string>,
  ): Promise<unknown> {
    const own = `${roomId} ${actor.id}`;
    switch (deed.verb) {
      case 'write': {
        const { body, isNote, mentions, picture } = deed;
        const { message } = await this.messages.send(actor, roomId, {
          clientMessageId: randomUUID(),
          body,
          stream: isNote ? 'internal' : 'public',
          ...(mentions !== undefined && { mentions: [(cast.agents[mentions] as Actor).id] }),
          ...(picture && { attachmentIds: [await this.picture(actor, roomId)] }),
        });
        return last.set(own, message.id);
      }
      case 'edit':
        return this.messageChanges.edit(actor, roomId, last.get(own) as string, deed.body);
      case 'delete':
        return this.messageChanges.delete(actor, roomId, last.get(own) as string);
      case 'claim':
        return this.assignments.claim(actor, roomId);
      case 'transfer':
        return this.assignments.transfer(actor, roomId, { agentId: (cast.agents[deed.to] as Actor).id, note: deed.note });
      case 'update': {
        const { verb: _, snoozeHours, ...changes } = deed;
        const sleep = snoozeHours !== undefined && {
          status: 'snoozed' as const,
          snoozedUntil: new Date(Date.now() + snoozeHours * HOUR_MS).toISOString(),
        };
        return this.updates.update(actor, roomId, { ...changes, ...sleep });
      }
      case 'rate':
        return this.ratings.rate(actor, roomId, deed);
      case 'close':
        return this.changes.close(actor, roomId);
      case 'end':
        return this.changes.end(actor, roomId);
      case 'reopen':
        return this.changes.reopen(actor, roomId);
      case 'read': {
        const { public: read } = await this.messages.lastSeq(roomId);
        return this.marks.mark(actor, roomId, { read });
      }
    }
  }

  /** A picture that the customer took, the same every time. */
  private picture(actor: Actor, roomId: string): Promise<string> {
    return this.files.use(async (path) => {
      // As the server loads it: when there is a picture. Other commands go without.
      const { default: sharp } = await import('sharp');
      const [width, height] = [480, 320];
      const pixels = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
        const [x, y] = [Math.floor(index / 3) % width, Math.floor(index / 3 / width)];
        return [(255 * x) / width, (255 * y) / height, 160][index % 3] as number;
      });
      const { size } = await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(path);
      const { id } = await this.uploads.create(actor, roomId, { path, name: 'my-bike.png', declaredType: 'image/png', size });
      return id;
    });
  }
}
