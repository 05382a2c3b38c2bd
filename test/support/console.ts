import type { BrowserContextOptions } from 'playwright-core';
import type { Watched } from './browser.js';
import { PASSWORD, type Person } from './factories.js';
import type { Visitors } from './visitors.js';

/** The console in an English browser, where this person has just signed in and sees its own rooms. */
export const signInToConsole = async (world: Visitors, person: Person, options: BrowserContextOptions = {}): Promise<Watched> => {
  const watched = await world.visit('/console', { viewport: { width: 1_280, height: 860 }, ...options });
  const { page } = watched;
  await page.getByLabel('E-mail address').fill(person.email as string);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Mine' }).waitFor();
  return watched;
};
