/** A pattern of ILIKE for what holds this text, whatever signs are in it. */
export const literally = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
