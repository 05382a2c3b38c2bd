import type { ReactNode } from 'react';

/** What ends a sentence is no part of an address that stands at its end. */
const ADDRESS = /https?:\/\/[^\s<>"']*[^\s<>"'.,:;!?)\]}]/gi;

/** Only addresses of the web become links, and they learn nothing of the page that they were on. */
export const Text = ({ body }: { body: string }): ReactNode => {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { 0: address, index } of body.matchAll(ADDRESS)) {
    parts.push(
      body.slice(at, index),
      <a key={index} href={address} target="_blank" rel="noopener noreferrer nofollow">
        {address}
      </a>,
    );
    at = index + address.length;
  }
  return (
    <p className="entry-text" dir="auto">
      {parts}
      {body.slice(at)}
    </p>
  );
};
