import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newId } from '../../src/database/new-id.js';
import { startDatabase } from './cluster.js';
import { serve } from './serve.js';

/** One INSERT for each message with the plain driver, then the room and the ack. */
const pool = new pg.Pool({ connectionString: await startDatabase(), max: 10 });
pool.on('error', () => undefined);
await pool.query(`
  CREATE TABLE messages (
    id uuid PRIMARY KEY,
    room_id uuid NOT NULL,
    client_message_id uuid NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL
  )`);
await pool.query('CREATE INDEX ON messages (room_id, created_at)');

const INSERT = {
  name: 'insert-message',
  text: 'INSERT INTO messages (id, room_id, client_message_id, body, created_at) VALUES ($1, $2, $3, $4, $5)',
};

serve({
  open: () => randomUUID(),
  send: async (socket, draft) => {
    const message = { id: newId(), ...draft, createdAt: new Date() };
    const { id, roomId, clientMessageId, body, createdAt } = message;
    await pool.query({ ...INSERT, values: [id, roomId, clientMessageId, body, createdAt] });
    socket.to(roomId).emit('message.created', message);
    return message;
  },
});
