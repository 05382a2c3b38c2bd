import type { BrowserContextOptions } from 'playwright-core';
import type { Watched } from './browser.js';
import { PASSWORD, type Person } from './factories.js';
import type { Visitors } from './visitors.js';

interface SignInOptions extends BrowserContextOptions {
  /** Where one goes; the console leads on from its root. */
  path?: string;
  /** The heading of the page that one then sees. */
  heading?: string;
}

/** Somebody of the staff, signed in to the console with an English browser. */
export const signInToConsole = async (
  { visit }: Pick<Visitors, 'visit'>,
  person: Person,
  { path = '/console', heading = 'Mine', ...options }: SignInOptions = {},
): Promise<Watched> => {
  const watched = await visit(path, { viewport: { width: 1_280, height: 860 }, ...options });
  const { page } = watched;
  await page.getByLabel('E-mail address').fill(person.email as string);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  return watched;
};
