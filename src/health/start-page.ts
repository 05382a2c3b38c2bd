import { VERSION } from '../config/version.js';
import { CARD_STYLE, policyOf, toPage } from '../page/page.js';

const STYLE = `${CARD_STYLE}
p { margin: 0 0 1rem; }
ul { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); }
a { display: block; padding: .75rem 0; color: var(--link); font-weight: 600; }
small { display: block; color: var(--soft); font-size: .875rem; font-weight: 400; }
footer { margin-top: 1rem; color: var(--soft); font-size: .875rem; }
`;

interface Link {
  to: string;
  name: string;
  about: string;
}

const REFERENCE: Link[] = [
  { to: '/demo', name: 'Demo shop', about: 'A page with the chat button on it' },
  { to: '/docs', name: 'REST API', about: 'Every route, to read and to try' },
  { to: '/docs/events', name: 'Commands and events', about: 'What goes over the sockets' },
];
const CONSOLE: Link = { to: '/console', name: 'Console', about: 'Where agents answer' };
const HEALTH: Link = { to: '/health', name: 'Health', about: 'How this server is' };

export const START_PAGE_POLICY = policyOf({ style: STYLE });

/** What a browser finds at the address of the server. */
export const startPage = (hasReference: boolean): string => {
  const links = [CONSOLE, ...(hasReference ? REFERENCE : []), HEALTH];
  return toPage({
    title: 'Parley',
    style: STYLE,
    body: `<main>
<h1>Parley</h1>
<p>Live chat for customers and the people who answer them. This server is up.</p>
<ul>
${links.map(({ to, name, about }) => `<li><a href="${to}">${name}<small>${about}</small></a></li>`).join('\n')}
</ul>
<footer>Version ${VERSION}</footer>
</main>`,
  });
};
