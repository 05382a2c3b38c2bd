/** Small things that outlive a reload, where the browser allows that: unsent words, an address that was left, whether there are sounds. */
const keyOf = (slug: string, what: string): string => `parley ${slug} ${what}`;

export const kept = {
  read: (slug: string, what: string): string => {
    try {
      return localStorage.getItem(keyOf(slug, what)) ?? '';
    } catch {
      return '';
    }
  },
  write: (slug: string, what: string, text: string): void => {
    try {
      if (text === '') localStorage.removeItem(keyOf(slug, what));
      else localStorage.setItem(keyOf(slug, what), text);
    } catch {
      // Denied: it lives as long as the page.
    }
  },
  forget: (slug: string): void => {
    for (const what of ['draft', 'address', 'sound', 'notify']) kept.write(slug, what, '');
  },
};
