/** What the loader on the site and the panel in the frame say to each other. Everything goes to a known origin only. */
import type { Visitor } from '../chat/chat-state.js';

export interface Boot extends Visitor {
  business: string;
  locale?: string;
  theme?: 'light' | 'dark' | 'auto';
  color?: string;
}

export type ToPanel =
  | { parley: 'boot'; boot: Boot; isVisible: boolean }
  | { parley: 'visible'; isVisible: boolean }
  | { parley: 'know'; visitor: Visitor }
  | { parley: 'suggest'; text: string }
  | { parley: 'shutdown' };

export type ToLoader =
  { parley: 'ready' } | { parley: 'close' } | { parley: 'unread'; count: number } | { parley: 'message' } | { parley: 'gone' };
