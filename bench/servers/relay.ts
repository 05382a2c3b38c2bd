import { randomUUID } from 'node:crypto';
import { serve } from './serve.js';

/** The least that a chat server can do: no credential, no database, the message goes to the room and is acked. */
serve({
  open: () => randomUUID(),
  send: (socket, draft) => {
    socket.to(draft.roomId).emit('message.created', draft);
    return undefined;
  },
});
process.on('SIGTERM', () => process.exit(0));
