import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { newId } from '../database/new-id.js';

const NAME = 'Assistant';

const MAKE = `
INSERT INTO "user" (id, business_id, role, name, attributes, reach) VALUES ($1, $2, 'bot', $3, '{}', 'all')
  ON CONFLICT (business_id) WHERE role = 'bot' DO NOTHING`;

/** The machine of each business, as somebody who acts. */
@Injectable()
export class BotService {
  private readonly known = new Map<string, Actor>();

  constructor(private readonly dataSource: DataSource) {}

  /** It may do what an agent may who reaches all rooms; what it writes is signed by a user of the role `bot`. */
  async of(businessId: string): Promise<Actor> {
    const known = this.known.get(businessId);
    if (known) return known;
    await this.dataSource.query(MAKE, [newId(), businessId, NAME]);
    const [row] = await this.dataSource.query<{ id: string; name: string }[]>(
      `SELECT id, name FROM "user" WHERE business_id = $1 AND role = 'bot'`,
      [businessId],
    );
    const { id, name } = row as { id: string; name: string };
    const actor: Actor = {
      ...{ id, name, businessId, role: 'agent', avatarUrl: null },
      ...{ sessionId: '', reach: 'all', teamIds: [], expiresAt: Infinity },
    };
    this.known.set(businessId, actor);
    return actor;
  }

  /** Its id, where the business has had one. */
  async idIn(tx: EntityManager, businessId: string): Promise<string | undefined> {
    const [row] = await tx.query<{ id: string }[]>(`SELECT id FROM "user" WHERE business_id = $1 AND role = 'bot'`, [businessId]);
    return row?.id;
  }
}
