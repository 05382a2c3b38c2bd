import { PresenceService } from '../../src/presence/presence.service.js';
import type { TestApp } from './app.js';

interface Clock {
  connected: Map<string, { activeAt: number; isIdle: boolean | null }>;
  renew: () => Promise<void>;
  settling: Promise<void> | undefined;
  working: Promise<unknown>;
}

/** What a server knows of those who are connected to it. */
export const presenceOf = ({ app }: TestApp): Clock => app.get<PresenceService, Clock>(PresenceService);

/** As if so many minutes had passed since anybody did something on this server, or signed in. */
export const passIdle = async (app: TestApp, minutes: number): Promise<void> => {
  const presence = presenceOf(app);
  // Who came just now is stored as being active now.
  await presence.settling;
  await presence.working;
  await presence.renew();
  for (const here of presence.connected.values()) here.activeAt -= minutes * 60_000;
  await app.sql(`UPDATE presence SET active_at = active_at - $1 * interval '1 minute'`, [minutes]);
  await app.sql(`UPDATE session SET created_at = created_at - $1 * interval '1 minute'`, [minutes]);
};
