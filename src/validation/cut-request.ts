import type { Request } from 'express';

const TOO_SLOW = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/** Ends the connection of a request whose body does not come, with the words that the server itself has for that. */
export const cutRequest = ({ socket, res }: Request): void => {
  if (!res?.headersSent) socket.write(TOO_SLOW);
  socket.destroySoon();
};
