import { createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import { readEnv } from '../../src/config/env.js';
import { dataSourceOptions } from '../../src/database/data-source.js';
import { isDatabaseAway } from '../../src/error/normalise-error.js';

const packet = (type: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};

const WELCOME = Buffer.concat([packet('R', Buffer.alloc(4)), packet('Z', Buffer.from('I'))]);
const FAREWELL = packet('E', Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'));

/** A server that says this when somebody comes, and no more. */
const listen = async (words: Buffer): Promise<{ database: Server; url: string }> => {
  const database = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(words));
  });
  await new Promise<void>((done) => {
    database.listen(0, '127.0.0.1', done);
  });
  return { database, url: `postgres://parley:none@127.0.0.1:${(database.address() as AddressInfo).port}/parley` };
};

/** A connection as the server makes them. */
const open = async (url: string): Promise<{ pool: pg.Pool; client: pg.PoolClient }> => {
  const { extra } = dataSourceOptions(readEnv({}), url);
  const pool = new pg.Pool({ ...(extra as pg.PoolConfig), connectionString: url });
  pool.on('error', () => undefined);
  return { pool, client: await pool.connect() };
};

describe('P16 X3 a database that dies while it is being connected to', () => {
  it('fails the query and not the process', async () => {
    // In one packet: nobody had a turn to listen yet when the second part is read.
    const { database, url } = await listen(Buffer.concat([WELCOME, FAREWELL]));
    const { pool, client } = await open(url);
    await expect(client.query('SELECT 1')).rejects.toThrow('connection error');
    client.release(true);
    await pool.end();
    database.close();
  });
});

describe('X15 a database that falls silent', () => {
  const fault = (client: pg.PoolClient): Promise<unknown> => client.query('SELECT 1').catch((error: unknown) => error);

  it('is waited for six seconds, also by a connection that had nothing to say for longer; one that is owed nothing lives on', async () => {
    const { database, url } = await listen(WELCOME);
    const opened = await Promise.all([open(url), open(url), open(process.env.TEST_DATABASE_URL as string)]);
    const [atOnce, later, idle] = opened.map(({ client }) => client) as [pg.PoolClient, pg.PoolClient, pg.PoolClient];
    for (const client of [atOnce, later]) {
      const began = performance.now();
      expect(isDatabaseAway(await fault(client))).toBe(true);
      expect(performance.now() - began).toBeGreaterThan(5_900);
      await new Promise((done) => setTimeout(done, 500));
    }
    expect((await idle.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    for (const { client, pool } of opened) {
      client.release(true);
      await pool.end();
    }
    database.close();
  }, 20_000);
});
