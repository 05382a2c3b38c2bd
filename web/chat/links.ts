/** What ends a sentence is no part of an address that stands at its end. */
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,:;!?)\]}]/gi;

/** A text in pieces: words, and the addresses of the web in it. Nothing else ever becomes a link. */
export const piecesOf = (body: string): (string | { address: string })[] => {
  const pieces: (string | { address: string })[] = [];
  let at = 0;
  for (const { 0: address, index } of body.matchAll(ADDRESS)) {
    pieces.push(body.slice(at, index), { address });
    at = index + address.length;
  }
  return [...pieces, body.slice(at)];
};
