import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { firstIdAt } from '../database/new-id.js';
import { Room } from './room.entity.js';

/** What is known of a room of which something may not have been told. */
interface RecentRoom {
  id: string;
  businessId: string;
  isNew: boolean;
  /** Something was said that its customer reads. */
  isPublic: boolean;
}

/** The ids of messages begin with the time at which they were made. */
const RECENT = `
WITH said AS (SELECT room_id, bool_or(stream = 'public') AS is_public FROM message WHERE id >= $3::uuid GROUP BY room_id),
  touched AS (SELECT id FROM room WHERE updated_at >= $2 UNION SELECT room_id FROM said)
SELECT r.id, r.business_id AS "businessId", r.created_at >= $2 AS "isNew", coalesce(s.is_public, false) AS "isPublic"
  FROM touched t JOIN room r ON r.id = t.id LEFT JOIN said s ON s.room_id = t.id
  WHERE r.business_id = ANY ($1::uuid[]) ORDER BY r.updated_at DESC LIMIT $4`;

/** For servers that have missed what another one told of. */
@Injectable()
export class RecentRooms {
  constructor(@InjectRepository(Room) private readonly rooms: Repository<Room>) {}

  /** Rooms of these businesses that changed, or in which something was said, since a time in milliseconds: the latest ones. */
  since(businessIds: string[], ms: number, most: number): Promise<RecentRoom[]> {
    return this.rooms.query<RecentRoom[]>(RECENT, [businessIds, new Date(ms), firstIdAt(ms), most]);
  }
}
