import type { ReactNode } from 'react';
import { piecesOf } from '../../chat/links.js';

/** Only addresses of the web become links, and they learn nothing of the page that they were on. */
export const Text = ({ body }: { body: string }): ReactNode => (
  <p className="entry-text" dir="auto">
    {piecesOf(body).map((piece, at) =>
      typeof piece === 'string' ? (
        piece
      ) : (
        <a key={at} href={piece.address} target="_blank" rel="noopener noreferrer nofollow">
          {piece.address}
        </a>
      ),
    )}
  </p>
);
