/** What the mail library says of a failed try. */
export interface MailFault extends Error {
  code?: string;
  /** The number of the server's reply. */
  responseCode?: number;
}

/** The stages at which a server judges the mail itself, and not itself or the login. */
const OF_THE_MAIL = new Set(['EENVELOPE', 'EMESSAGE']);

/** Whether the server will not take this mail, however often it is tried (RFC 5321, 4.2.1). */
export const isFinal = ({ code = '', responseCode = 0 }: MailFault): boolean => OF_THE_MAIL.has(code) && responseCode >= 500;

/** The fault for the log: what a server answers to a mail may name whom it is to. */
export const withoutAddress = ({ code = '', responseCode, message }: MailFault): string =>
  OF_THE_MAIL.has(code) || responseCode !== undefined ? [code, responseCode].filter(Boolean).join(' ') : message;
