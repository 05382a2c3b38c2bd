import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';

interface Draft {
  roomId: string;
  clientMessageId: string;
  body: string;
}

type Ack = (answer: { ok: true; data?: unknown } | { ok: false; error: { code: string; message: string } }) => void;

interface Handlers {
  /** Makes a room; its id. */
  open(): Promise<string> | string;
  /** Called with each message. The answer comes when it returns, or resolves. */
  send(socket: Socket, draft: Draft): Promise<unknown> | undefined;
}

/** Socket.IO with the same transport as Parley's, and nothing else. */
export const serve = ({ open, send }: Handlers): void => {
  const http = createServer((_, response) => response.end('ok'));
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, httpCompression: false, serveClient: false });
  io.on('connection', (socket) => {
    socket.on('room.open', (_: object, ack: Ack) => void Promise.resolve(open()).then((id) => ack({ ok: true, data: { id } })));
    socket.on('room.join', ({ roomId }: { roomId: string }, ack: Ack) => {
      void socket.join(roomId);
      ack({ ok: true });
    });
    socket.on('message.send', (draft: Draft, ack: Ack) => {
      const stored = send(socket, draft);
      if (!stored) {
        ack({ ok: true });
        return;
      }
      stored.then(
        (data) => ack({ ok: true, data }),
        (error: unknown) => ack({ ok: false, error: { code: 'internal', message: String(error) } }),
      );
    });
  });
  http.listen(Number(process.env.PORT), '127.0.0.1');
};
