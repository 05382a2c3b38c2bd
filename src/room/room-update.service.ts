import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import { UserService } from '../business/user.service.js';
import type { ActivityType } from '../contract/message.js';
import type { Room as RoomView, RoomOverrides, RoomOverridesPatch, RoomStatus } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { AppError, invalid } from '../error/app-error.js';
import type { UpdateRoomDto } from './room.dto.js';
import type { Room } from './room.entity.js';
import { RoomChanges, type Line } from './room-changes.js';

const LONGEST_SNOOZE_MS = 366 * 86_400_000;

/** What a patch makes of a room, and which lines tell of it. */
interface Changed {
  fields: Partial<Room>;
  lines: Line[];
}

/** The fields of a room that its customer sees. */
const CUSTOMER_FIELDS: (keyof Room)[] = ['subject', 'status'];

/** Changes what staff may change of a room. */
@Injectable()
export class RoomUpdateService {
  constructor(
    private readonly changes: RoomChanges,
    private readonly businesses: BusinessService,
    private readonly users: UserService,
  ) {}

  /** @throws AppError `room.closed` for its status, `user.not_found` for a pinned agent. */
  async update(actor: Actor, roomId: string, { subject, priority, overrides, aiEnabled, ...patch }: UpdateRoomDto): Promise<RoomView> {
    const wanted: RoomOverridesPatch = { ...overrides, ...(aiEnabled !== undefined && { aiEnabled }) };
    const pinned = wanted.pinnedAgentId;
    // Read before anything is locked, and only where it matters.
    const byDefault = wanted.aiEnabled !== undefined && (await this.businesses.settings(actor.businessId)).ai.enabled;
    return this.changes.byActor(actor, roomId, { agentIds: pinned == null ? [] : [pinned] }, async (change) => {
      const { room } = change;
      const changed: Changed = { fields: {}, lines: [] };
      if (subject !== undefined) this.set(changed, room, 'subject', subject, 'subject_changed');
      if (priority !== undefined) this.set(changed, room, 'priority', priority, 'priority_changed');
      this.setStatus(changed, room, patch);
      await this.override(changed, actor, room, wanted, byDefault);
      const { fields, lines } = changed;
      if (Object.keys(fields).length === 0) return;
      await this.changes.save(change, fields);
      const isCustomerVisible = CUSTOMER_FIELDS.some((field) => field in fields) || wanted.aiEnabled !== undefined;
      await this.changes.tell(change, lines, isCustomerVisible);
    });
  }

  private set<Name extends 'subject' | 'priority' | 'status'>(
    { fields, lines }: Changed,
    room: Room,
    field: Name,
    value: Room[Name],
    activity: ActivityType,
  ): void {
    if (value === room[field]) return;
    Object.assign(fields, { [field]: value });
    lines.push({ activity, change: { from: room[field], to: value } });
  }

  /** A time to sleep until is a wish to sleep, and null one to wake. */
  private setStatus(changed: Changed, room: Room, { status, snoozedUntil }: Pick<UpdateRoomDto, 'status' | 'snoozedUntil'>): void {
    const isSleeping = room.status === 'snoozed';
    const wanted: RoomStatus | undefined = status ?? (snoozedUntil ? 'snoozed' : snoozedUntil === null && isSleeping ? 'open' : undefined);
    if (wanted === undefined) return;
    if (room.status === 'closed') throw new AppError('room.closed');
    const { fields, lines } = changed;
    if (wanted === 'snoozed') {
      const until = this.snoozedUntil(snoozedUntil ?? room.snoozedUntil?.toISOString());
      if (until.getTime() !== room.snoozedUntil?.getTime()) {
        fields.snoozedUntil = until;
        const from = room.snoozedUntil?.toISOString() ?? null;
        if (isSleeping) lines.push({ activity: 'snooze_changed', change: { from, to: until.toISOString() } });
      }
    } else {
      if (snoozedUntil) throw invalid('snoozedUntil', 'must be left out unless the room is to sleep');
      if (isSleeping) Object.assign(fields, { snoozedUntil: null, waitingSince: new Date() });
    }
    this.set(changed, room, 'status', wanted, 'status_changed');
  }

  private snoozedUntil(time: string | undefined): Date {
    const wait = time === undefined ? NaN : Date.parse(time) - Date.now();
    if (!(wait > 0 && wait <= LONGEST_SNOOZE_MS)) throw invalid('snoozedUntil', 'must be a time within the next 366 days');
    return new Date(time as string);
  }

  private async override(changed: Changed, actor: Actor, room: Room, patch: RoomOverridesPatch, byDefault: boolean): Promise<void> {
    let { overrides } = room;
    const valueOf = <Name extends keyof RoomOverrides>(name: Name, of: RoomOverrides): NonNullable<RoomOverrides[Name]>['value'] | null =>
      of[name]?.value ?? null;
    const isOther = (name: keyof RoomOverrides): boolean => {
      const value = patch[name];
      if (value === undefined || value === valueOf(name, room.overrides)) return false;
      const others = Object.fromEntries(Object.entries(overrides).filter(([key]) => key !== name));
      overrides = value === null ? others : { ...others, [name]: { value, by: actor.id, at: new Date().toISOString() } };
      return true;
    };
    const { lines } = changed;
    const change = (name: 'routingMode' | 'language' | 'pinnedAgentId'): { from: string | null; to: string | null } => ({
      from: valueOf(name, room.overrides),
      to: valueOf(name, overrides),
    });
    if (isOther('routingMode')) lines.push({ activity: 'routing_mode_changed', change: change('routingMode') });
    if (isOther('language')) lines.push({ activity: 'language_changed', change: change('language') });
    if (isOther('pinnedAgentId')) {
      lines.push({ activity: 'pinned_agent_changed', change: await this.namesOf(room.businessId, change('pinnedAgentId')) });
    }
    if (isOther('aiEnabled')) {
      // The customer hears of what the AI does, not of where that is said.
      const is = overrides.aiEnabled?.value ?? byDefault;
      if (is !== (room.overrides.aiEnabled?.value ?? byDefault)) lines.push({ activity: is ? 'ai_enabled' : 'ai_disabled' });
    }
    if (overrides !== room.overrides) changed.fields.overrides = overrides;
  }

  private async namesOf(
    businessId: string,
    { from, to }: { from: string | null; to: string | null },
  ): Promise<NonNullable<Line['change']>> {
    const people = await this.users.findMany([from, to].filter((id) => id !== null));
    const nameOf = (id: string | null): string | null => people.find((user) => user.id === id)?.name ?? null;
    const agent = people.find(({ id }) => id === to);
    const isAgent = agent?.businessId === businessId && isStaffRole(agent.role);
    if (to !== null && !isAgent) throw new AppError('user.not_found');
    return { from: nameOf(from), to: nameOf(to) };
  }
}
