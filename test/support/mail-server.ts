import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { until } from './factories.js';

/** A mail as it came over the wire. */
export interface Arrived {
  /** The addresses of the SMTP commands, which are what counts. */
  sender: string;
  recipients: string[];
  headers: Map<string, string>;
  text: string;
  html: string;
}

export interface MailServer {
  url: string;
  port: number;
  mails: Arrived[];
  to(address: string): Arrived[];
  /** Resolves when so many have come for this address. */
  waitFor(address: string, count?: number): Promise<Arrived[]>;
  close(): Promise<void>;
}

const decodeQuotedPrintable = (text: string): string =>
  Buffer.from(
    text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();

const split = (part: string): { headers: Map<string, string>; body: string } => {
  const at = part.indexOf('\r\n\r\n');
  const lines = part
    .slice(0, at)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter(Boolean);
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return { headers, body: part.slice(at + 4) };
};

/** The parts of a mail by their types, read by the rules of MIME as far as a mail of text and HTML needs them. */
export const parseMail = (raw: string): Pick<Arrived, 'headers' | 'text' | 'html'> => {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1] ?? '';
  const parts = new Map<string, string>();
  for (const part of body.split(`--${boundary}`).slice(1, -1)) {
    const inner = split(part.replace(/^\r\n/, ''));
    const encoding = inner.headers.get('content-transfer-encoding');
    const decoded =
      encoding === 'quoted-printable'
        ? decodeQuotedPrintable(inner.body)
        : encoding === 'base64'
          ? Buffer.from(inner.body, 'base64').toString()
          : inner.body;
    parts.set((inner.headers.get('content-type') ?? '').split(';')[0] as string, decoded.replace(/\r\n/g, '\n').trimEnd());
  }
  return { headers, text: parts.get('text/plain') ?? '', html: parts.get('text/html') ?? '' };
};

/** A reply as mail servers write them, with the address in it. */
const refusalOf = (code: number, address: string): Error =>
  Object.assign(new Error(`<${address}>: Recipient address rejected`), { responseCode: code });

/**
 * A real SMTP server. `delayMs` is how long it thinks about each mail before it takes it; `refuses` is by which number it
 * refuses a recipient, or its mail once it has it.
 */
export const startMailServer = async ({
  port = 0,
  delayMs = 0,
  refuses,
}: {
  port?: number;
  delayMs?: number;
  refuses?: (stage: 'recipient' | 'mail', address: string) => number | undefined;
} = {}): Promise<MailServer> => {
  const mails: Arrived[] = [];
  const judge = (stage: 'recipient' | 'mail', address: string, done: (error?: Error) => void): void => {
    const code = refuses?.(stage, address);
    done(code === undefined ? undefined : refusalOf(code, address));
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => judge('recipient', address, done),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          sender: mailFrom ? mailFrom.address : '',
          recipients: rcptTo.map(({ address }) => address),
          ...parseMail(Buffer.concat(chunks).toString()),
        });
        setTimeout(() => judge('mail', mails.at(-1)?.recipients[0] ?? '', done), delayMs);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const { port: taken } = server.server.address() as AddressInfo;
  const to = (address: string): Arrived[] => mails.filter(({ recipients }) => recipients.includes(address));
  return {
    url: `smtp://127.0.0.1:${taken}`,
    port: taken,
    mails,
    to,
    waitFor: async (address, count = 1) => {
      const found = await until(
        () => Promise.resolve(to(address)),
        (some) => some.length >= count,
        20_000,
      );
      if (found.length < count) throw new Error(`${found.length} of ${count} mails came for ${address}`);
      return found;
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
};

/** A server that takes connections and says nothing, for ever. */
export const startSilentServer = async (): Promise<{ url: string; connections: () => number; close(): Promise<void> }> => {
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    open.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
};

/** What stands behind `#token=` in a mail. */
export const tokenIn = ({ text }: Pick<Arrived, 'text'>): string => {
  const token = /\/set-password#token=([\w-]+)/.exec(text)?.[1];
  if (token === undefined) throw new Error(`no link in: ${text}`);
  return token;
};
