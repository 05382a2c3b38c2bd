import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { BusinessService } from '../business/business.service.js';
import type { Label } from '../business/label.entity.js';
import { LabelService, namesOf } from '../business/label.service.js';
import { UserService } from '../business/user.service.js';
import { MAX_LABELS_WORN } from '../contract/label.js';
import type { ActivityType } from '../contract/message.js';
import type { Room as RoomView, RoomOverrides, RoomOverridesPatch } from '../contract/room.js';
import { isStaffRole } from '../contract/user.js';
import { AppError, invalid } from '../error/app-error.js';
import type { UpdateRoomDto } from './room.dto.js';
import type { Room } from './room.entity.js';
import { isPublic, RoomChanges, type Line } from './room-changes.js';
import { requireSleep, sleepAfter } from './sleep.js';

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
    private readonly labels: LabelService,
  ) {}

  /** @throws AppError `validation.failed` for what contradicts itself, `room.closed` for its status, `user.not_found` for a pinned agent, `label.not_found`. */
  async update(
    actor: Actor,
    roomId: string,
    { subject, priority, labels, overrides, aiEnabled, ...patch }: UpdateRoomDto,
  ): Promise<RoomView> {
    requireSleep(patch, Date.now());
    const said = overrides?.aiEnabled;
    if (aiEnabled !== undefined && said !== undefined && said !== aiEnabled)
      throw invalid('aiEnabled', 'must not contradict overrides.aiEnabled');
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
      if (labels) await this.setLabels(changed, room, await this.labels.require(change.tx, room.businessId, labels));
      await this.override(changed, actor, room, wanted, byDefault);
      const { fields, lines } = changed;
      if (Object.keys(fields).length === 0) return;
      await this.changes.save(change, fields);
      const isCustomerVisible = CUSTOMER_FIELDS.some((field) => field in fields) || lines.some(({ activity }) => isPublic(activity));
      await this.changes.tell(change, lines, isCustomerVisible);
    });
  }

  /** Puts labels on a room, or takes them off, and leaves the others. @throws AppError `label.not_found`, `validation.failed` for too many. */
  label(actor: Actor, roomId: string, names: string[], isOn: boolean): Promise<RoomView> {
    return this.changes.byActor(actor, roomId, {}, async (change) => {
      const { tx, room } = change;
      const named = await this.labels.require(tx, room.businessId, names);
      const others = (await this.labels.present(room.labelIds)).filter(({ id }) => !named.some((label) => label.id === id));
      const labels = isOn ? [...others, ...named] : others;
      if (labels.length > MAX_LABELS_WORN) throw invalid('labels', `must come to at most ${MAX_LABELS_WORN} with those that are there`);
      const changed: Changed = { fields: {}, lines: [] };
      await this.setLabels(changed, room, labels);
      if (changed.lines.length === 0) return;
      await this.changes.save(change, changed.fields);
      await this.changes.tell(change, changed.lines, false);
    });
  }

  private async setLabels({ fields, lines }: Changed, room: Room, labels: Label[]): Promise<void> {
    const listed = (all: Label[]): string | null => (all.length === 0 ? null : namesOf(all).join(', '));
    const [from, to] = [listed(await this.labels.present(room.labelIds)), listed(labels)];
    if (from === to) return;
    fields.labelIds = labels.map(({ id }) => id);
    lines.push({ activity: 'labels_changed', change: { from, to } });
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

  private setStatus(changed: Changed, room: Room, patch: Pick<UpdateRoomDto, 'status' | 'snoozedUntil'>): void {
    const isNamed = patch.status !== undefined || patch.snoozedUntil;
    if (isNamed && room.status === 'closed') throw new AppError('room.closed');
    const after = sleepAfter(room, patch);
    if (!after) return;
    this.set(changed, room, 'status', after.status, 'status_changed');
    const [from, to] = [room.snoozedUntil, after.snoozedUntil].map((time) => time?.toISOString() ?? null) as [string | null, string | null];
    if (to === null || to === from) return;
    changed.fields.snoozedUntil = after.snoozedUntil;
    if (from !== null) changed.lines.push({ activity: 'snooze_changed', change: { from, to } });
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
