import type { ReactNode } from 'react';

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** What the server found, with its hits marked. It comes as HTML in which nothing but `<mark>` is a tag, and becomes text nodes. */
export const Marked = ({ html }: { html: string }): ReactNode =>
  html.split(/<mark>|<\/mark>/).map((part, at) => {
    const text = part.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
    return at % 2 === 1 ? <mark key={at}>{text}</mark> : text;
  });
