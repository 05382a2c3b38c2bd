import { oneLine, type Paragraph } from '../mail/mail.text.js';
import type { LinkPurpose } from './password-link.entity.js';

const MOST_OF_A_NAME = 80;

/** Long enough to be known again, too short for a message of its own: anybody may found a business and invite strangers. */
const named = (text: string): string => {
  const letters = [...oneLine(text)];
  return letters.length > MOST_OF_A_NAME ? `${letters.slice(0, MOST_OF_A_NAME).join('')}…` : letters.join('');
};

/** The mail that a link goes out with. */
export const linkMail = (purpose: LinkPurpose, businessName: string, url: string): { subject: string; paragraphs: Paragraph[] } => {
  const business = named(businessName);
  if (purpose === 'invitation') {
    return {
      subject: `Your invitation to ${business}`,
      paragraphs: [
        `You were invited to answer the customers of ${business}. Open this link to choose your password:`,
        { url },
        'It works once, for 72 hours. Afterwards an admin can send you another one.',
        'If you do not know what this is about, do nothing: without a password nobody can sign in as you.',
      ],
    };
  }
  return {
    subject: `Your password for ${business}`,
    paragraphs: [
      `Somebody, hopefully you, asked for a new password for ${business}. Open this link to choose one:`,
      { url },
      'It works once, for 30 minutes, and signs you out everywhere.',
      'If it was not you, do nothing: your password stays as it is.',
    ],
  };
};
