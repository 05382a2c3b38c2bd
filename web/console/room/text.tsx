import type { ReactNode } from 'react';
import { LINK, piecesOf, type Piece } from '../../chat/pieces.js';

const shown = (piece: Piece, key: number): ReactNode => {
  if (typeof piece === 'string') return piece;
  const { tag: Tag, pieces, address } = piece;
  return (
    <Tag key={key} {...(address !== undefined && { href: address, ...LINK })}>
      {pieces.map(shown)}
    </Tag>
  );
};

/** What somebody wrote. */
export const Text = ({ body }: { body: string }): ReactNode => (
  <p className="entry-text" dir="auto">
    {piecesOf(body).map(shown)}
  </p>
);
