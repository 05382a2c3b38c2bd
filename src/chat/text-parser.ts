import * as parser from 'socket.io-parser';
import type { Message, Sender } from '../contract/message.js';

const { Encoder, PacketType } = parser;

type Packet = Omit<parser.Packet, 'data'> & { data?: unknown[] };

/** Where an entry carries the JSON it was sent as; a weak map would cost the garbage collector more than it saves. */
const TEXT = Symbol('text');
type Entry = object & { [TEXT]?: string };

const textOrNull = (plain: string | null): string => (plain === null ? 'null' : `"${plain}"`);

const isBare = ({ kind, sender, attachments, mentions, editedAt, deletedAt }: Partial<Message>): boolean =>
  kind === 'text' && Boolean(sender) && attachments?.length === 0 && mentions?.length === 0 && editedAt === null && deletedAt === null;

/** What nearly every entry is, a text and nothing else, takes `JSON.stringify` three times as long. Only people's words need escaping. */
const bareText = ({ id, roomId, stream, seq, clientMessageId, sender, body, replyTo, ai, createdAt }: Message): string => {
  const from = sender as Sender;
  const author = `{"id":"${from.id}","role":"${from.role}","name":${JSON.stringify(from.name)},"avatarUrl":${JSON.stringify(from.avatarUrl)}}`;
  return (
    `{"id":"${id}","roomId":"${roomId}","stream":"${stream}","seq":${seq},"kind":"text","clientMessageId":${textOrNull(clientMessageId)},` +
    `"sender":${author},"body":${JSON.stringify(body)},"attachments":[],"replyTo":${textOrNull(replyTo)},"mentions":[],"activity":null,` +
    `"targetSeq":null,"ai":${ai},"createdAt":"${createdAt}","editedAt":null,"deletedAt":null}`
  );
};

const eventText = (data: unknown[]): string => {
  const [name, entry] = data as [string, Entry];
  if (name !== 'message.created') return JSON.stringify(data);
  entry[TEXT] = isBare(entry as Partial<Message>) ? bareText(entry as Message) : JSON.stringify(entry);
  return `["message.created",${entry[TEXT]}]`;
};

const ackText = (data: unknown[]): string => {
  const [answer] = data as [{ ok: boolean; data?: Entry }];
  const text = answer.data?.[TEXT];
  return text === undefined ? JSON.stringify(data) : `[{"ok":true,"data":${text}}]`;
};

/**
 * Socket.IO's own text format, written faster. Nothing that this server sends is binary, so no packet is searched for
 * buffers; and an entry, which goes out as an event and as the answer to its sender, is turned into JSON once.
 */
class TextEncoder extends Encoder {
  override encode(packet: Packet): string[] {
    const { type, nsp, id, data } = packet;
    if (nsp !== '/' || data === undefined || (type !== PacketType.EVENT && type !== PacketType.ACK))
      return super.encode(packet) as string[];
    return [`${type}${id ?? ''}${type === PacketType.EVENT ? eventText(data) : ackText(data)}`];
  }
}

export const textParser = { ...parser, Encoder: TextEncoder };
