/** Shades of tokens.css and of what is unread; an icon stands outside of the page's styles. */
const BUBBLE = '<path d="M4 6a4 4 0 0 1 4-4h16a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H14l-7 7v-7a4 4 0 0 1-3-4z" fill="#2f5fd0"/>';
const MOST_SHOWN = 9;

const badge = (count: number): string =>
  `<circle cx="22" cy="21" r="10" fill="#c92a2a"/><text x="22" y="26" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="14" fill="#fff">${
    count > MOST_SHOWN ? `${MOST_SHOWN}+` : count
  }</text>`;

/** Shows the page's icon, with how many rooms wait to be read. */
export const showIcon = (count: number): void => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${BUBBLE}${count > 0 ? badge(count) : ''}</svg>`;
  document.querySelector('link[rel=icon]')?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(svg)}`);
};
