import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bodyOf } from '@parley/client';
import type { AiText, Tone } from '../../../src/contract/assist.js';
import { useAsk } from '../ask.js';
import { useDesk } from '../desk.js';
import { useBusiness } from '../business.js';

/** What the AI is asked for. */
type Wish =
  | { kind: 'suggestion' | 'summary' }
  | { kind: 'rewriting'; body: string; tone: Tone }
  | { kind: 'translation'; body: string; language: string };

/** What it has proposed; `text` is null when it has nothing to propose. */
export interface Proposal {
  kind: Wish['kind'];
  text: string | null;
}

export interface Help {
  /** Whether the business lets staff ask. */
  isOn: boolean;
  isBusy: boolean;
  proposal: Proposal | null;
  ask: (wish: Wish) => Promise<void>;
  /** What a customer wrote, in the reader's language; null where it is not known. */
  translate: (body: string) => Promise<string | null>;
  dismiss: () => void;
}

/** The AI's help for staff: what it proposes is sent to nobody. */
export const useHelp = (roomId: string): Help => {
  const { parley } = useDesk();
  const { business } = useBusiness();
  const { i18n } = useTranslation();
  const report = useAsk();
  const [isBusy, setBusy] = useState(false);
  const [proposal, setProposal] = useState<Proposal | null>(null);
  const request = (wish: Wish): Promise<AiText> => {
    const params = { path: { roomId } };
    switch (wish.kind) {
      case 'suggestion':
        return bodyOf(parley.rest.POST('/api/rooms/{roomId}/ai/suggestion', { params }));
      case 'summary':
        return bodyOf(parley.rest.POST('/api/rooms/{roomId}/ai/summary', { params }));
      case 'rewriting': {
        const { body, tone } = wish;
        return bodyOf(parley.rest.POST('/api/rooms/{roomId}/ai/rewriting', { params, body: { body, tone } }));
      }
      case 'translation': {
        const { body, language } = wish;
        return bodyOf(parley.rest.POST('/api/rooms/{roomId}/ai/translation', { params, body: { body, language } }));
      }
    }
  };
  const ask = async (wish: Wish): Promise<void> => {
    setBusy(true);
    setProposal(null);
    await report(async () => {
      const { text } = await request(wish);
      setProposal({ kind: wish.kind, text });
    });
    setBusy(false);
  };
  const translate = useCallback(
    async (body: string): Promise<string | null> => {
      let translated: string | null = null;
      await report(async () => {
        const given = { params: { path: { roomId } }, body: { body, language: i18n.language } };
        translated = (await bodyOf(parley.rest.POST('/api/rooms/{roomId}/ai/translation', given))).text;
      });
      return translated;
    },
    [parley, report, roomId, i18n.language],
  );
  return { isOn: business?.settings.ai.help ?? false, isBusy, proposal, ask, translate, dismiss: () => setProposal(null) };
};
