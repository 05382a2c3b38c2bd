import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Watched } from './browser.js';
import { PASSWORD, type Person } from './factories.js';
import type { Visitors } from './visitors.js';

/** Writes an address and a password into the sign-in, and sends them. In English. */
export const typeSignIn = async (page: Page, email: string, password = PASSWORD): Promise<void> => {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

/** The console in a window of its own, where somebody has signed in by password. */
export const signInToConsole = async (
  { visit }: Visitors,
  person: Pick<Person, 'email'>,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const watched = await visit('/console', { viewport: { width: 1_280, height: 860 }, ...options });
  await typeSignIn(watched.page, person.email as string);
  await watched.page.getByRole('heading', { name: 'Mine' }).waitFor();
  return watched;
};
