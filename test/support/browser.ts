import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Without windows it takes a quarter less time. */
const WINDOWLESS = '/usr/bin/chromium-headless-shell';
const CHROMIUM = process.env.CHROMIUM ?? (existsSync(WINDOWLESS) ? WINDOWLESS : '/usr/bin/chromium');

/** Suites that need a browser are skipped where there is none, and fail where one is promised. */
export const describeInBrowser = existsSync(CHROMIUM) || process.env.CI === 'true' ? describe : describe.skip;
if (!existsSync(CHROMIUM)) process.stderr.write(`${CHROMIUM} is missing: the suites of the faces are skipped\n`);

const PROGRAM = { executablePath: CHROMIUM, args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'] };

export const startBrowser = (): Promise<Browser> => chromium.launch(PROGRAM);

/** What a page did that it should not: errors, dialogs, requests to other places. */
export interface Watched {
  page: Page;
  errors: string[];
  requests: string[];
}

export const watch = async (context: BrowserContext): Promise<Watched> => {
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // What the network does is the test's own doing.
    if (message.type() === 'error' && !message.text().includes('net::')) errors.push(message.text());
  });
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  return { page, errors, requests };
};
