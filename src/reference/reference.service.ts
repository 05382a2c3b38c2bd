import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Env } from '../config/env.js';
import { packageFolder } from '../config/package-folder.js';
import type { AsyncApi } from './event-page.js';

const readDocument = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(packageFolder(), 'docs', name), 'utf8')) as Record<string, unknown>;

/** The documents as they were written with the source. Nothing is read or loaded before somebody asks. */
@Injectable()
export class ReferenceService {
  private readonly made = new Map<string, Promise<string>>();

  constructor(private readonly env: Env) {}

  /** The OpenAPI document, with this server in it. */
  openApi(): Promise<string> {
    return this.once('openapi', async () => {
      const servers = [{ url: this.env.PUBLIC_URL, description: 'This server.' }];
      return JSON.stringify({ ...(await readDocument('openapi.json')), servers });
    });
  }

  /** The AsyncAPI document, with this server in it. */
  asyncApi(): Promise<string> {
    return this.once('asyncapi', async () => {
      const { protocol, host } = new URL(this.env.PUBLIC_URL);
      const { servers, ...document } = (await readDocument('asyncapi.json')) as { servers: { parley: object } };
      const parley = { ...servers.parley, host, protocol: protocol === 'https:' ? 'wss' : 'ws' };
      return JSON.stringify({ ...document, servers: { parley } });
    });
  }

  /** The page of every command and event. */
  events(): Promise<string> {
    return this.once('events', async () => {
      const [{ eventPage }, { toHtml }, document] = await Promise.all([
        import('./event-page.js'),
        import('./html.js'),
        readDocument('asyncapi.json'),
      ]);
      return toHtml(eventPage(document as unknown as AsyncApi));
    });
  }

  /** A file of Swagger UI. */
  async swaggerFile(name: string): Promise<string> {
    const { default: folder } = await import('swagger-ui-dist/absolute-path.js');
    return readFile(join(folder(), name), 'utf8');
  }

  private once(name: string, make: () => Promise<string>): Promise<string> {
    const made = this.made.get(name) ?? make();
    this.made.set(name, made);
    made.catch(() => this.made.delete(name));
    return made;
  }
}
