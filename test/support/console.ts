import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Watched } from './browser.js';
import { PASSWORD, type Person } from './factories.js';
import type { Visitors } from './visitors.js';

export interface SignInOptions extends BrowserContextOptions {
  /** Where one goes; from its root the console leads a new business to its first steps. */
  path?: string;
  /** The heading of the page that one then sees; null for whichever a page beside the inbox has. */
  heading?: string | null;
  /** Whether the page's timers can be put forward by `page.clock`. */
  hasClock?: boolean;
}

/** Writes an address and a password into the sign-in, and sends them. In English. */
export const typeSignIn = async (page: Page, email: string, password = PASSWORD): Promise<void> => {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
};

/** Somebody of the staff, signed in to the console with an English browser. */
export const signInToConsole = async (
  { visit }: Pick<Visitors, 'visit'>,
  person: Pick<Person, 'email'>,
  { path = '/console/mine', heading = 'Mine', hasClock = false, ...options }: SignInOptions = {},
): Promise<Watched> => {
  const watched = await visit(path, { viewport: { width: 1_280, height: 860 }, ...options });
  const { page } = watched;
  if (hasClock) await page.clock.install();
  await typeSignIn(page, person.email as string);
  await (heading === null ? page.locator('.console-page h1') : page.getByRole('heading', { name: heading, exact: true })).waitFor();
  return watched;
};

/** The times between frames while something is scrolled by so many pixels in each, in milliseconds, the shortest first. */
export const framesOf = (box: Locator, step: number): Promise<number[]> =>
  box.evaluate(
    (at, by) =>
      new Promise<number[]>((done) => {
        const times: number[] = [];
        let last = performance.now();
        const next = (now: number): void => {
          times.push(now - last);
          last = now;
          at.scrollTop += by;
          if (times.length < 120) requestAnimationFrame(next);
          else done(times.slice(5).sort((one, other) => one - other));
        };
        requestAnimationFrame(next);
      }),
    step,
  );

/** What scripts hold of the memory, in megabytes. */
export const heapOf = async (page: Page): Promise<number> =>
  Math.round(
    (await page.evaluate(() => (performance as Performance & { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize)) / 1e6,
  );
