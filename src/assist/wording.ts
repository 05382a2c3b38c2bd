import { inLanguageOf } from '../business/in-language.js';

interface Wording {
  greeting: string;
  source: string;
}

/** What the machine says by itself, in the languages of many customers; in others it speaks English. */
const WORDINGS: Record<string, Wording> & { en: Wording } = {
  en: { greeting: 'Hello! What can I help you with?', source: 'Source' },
  de: { greeting: 'Hallo! Wobei kann ich helfen?', source: 'Quelle' },
  fr: { greeting: 'Bonjour ! Comment puis-je vous aider ?', source: 'Source' },
  es: { greeting: '¡Hola! ¿En qué puedo ayudar?', source: 'Fuente' },
  it: { greeting: 'Ciao! Come posso aiutare?', source: 'Fonte' },
  pt: { greeting: 'Olá! Em que posso ajudar?', source: 'Fonte' },
  nl: { greeting: 'Hallo! Waarmee kan ik helpen?', source: 'Bron' },
};

export const wordingOf = (locale: string): Wording => inLanguageOf(locale, WORDINGS);
