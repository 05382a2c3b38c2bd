import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import type { AuditEntry } from '../../src/contract/audit.js';
import type { ReportOverview } from '../../src/contract/report.js';
import { describeInBrowser, type Watched } from '../support/browser.js';
import { signInToConsole } from '../support/console.js';
import {
  PASSWORD,
  buildAgent,
  buildBusiness,
  buildGuest,
  buildRoom,
  buildTeam,
  say,
  setUp,
  until,
  type Person,
  type Tenant,
} from '../support/factories.js';
import { rest, type Answer } from '../support/rest.js';
import { HOSTILE, Visitors } from '../support/visitors.js';

const [EVIL = ''] = HOSTILE;
const FORMULA = '=HYPERLINK("http://evil.example")';

describeInBrowser('reports, supervising and the audit log in a browser', () => {
  const world = new Visitors();
  const { axe, shows } = world;

  const as = async ({ token }: Person, method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await rest(world.app.url, method, `/api/${path}`, { token, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const signIn = (person: Person, options = {}): Promise<Watched> => signInToConsole(world, person, options);
  const open = async (page: Page, name: string): Promise<void> => {
    await page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
    await page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  };
  /** What a table or list of this name says, by rows. */
  const rowsOf = (page: Page, table: string): Promise<string[][]> =>
    page
      .getByRole('table', { name: table, exact: true })
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => (cell as HTMLElement).innerText.trim())));
  const roomOf = async (tenant: Tenant, id: string): Promise<any> => (await as(tenant.admin, 'GET', `rooms/${id}`)).body;
  const becomes = (tenant: Tenant, id: string, fits: (room: any) => boolean): Promise<unknown> => until(() => roomOf(tenant, id), fits);

  describe('reports', () => {
    let shop: Tenant;
    const report = async (query = ''): Promise<ReportOverview> => (await as(shop.admin, 'GET', `reports/overview?${query}`)).body;

    beforeAll(async () => {
      shop = await buildBusiness(world.app.url);
      await setUp(world.app.url, shop, { hours: { timeZone: 'Asia/Kathmandu', weekly: [], holidays: [] } });
      const people = [
        await buildAgent(world.app.url, shop, { name: EVIL }),
        await buildAgent(world.app.url, shop, { name: FORMULA }),
        shop.admin,
      ];
      for (let n = 0; n < 5; n++) {
        const { room, guest } = await buildRoom(world.app.url, shop);
        const person = people[n % 2] as Person;
        await say(world.app.url, guest, room.id, 'Hello');
        await as(person, 'POST', `rooms/${room.id}/claim`);
        await say(world.app.url, person, room.id, 'Hi');
        if (n > 2) continue;
        await as(person, 'DELETE', `rooms/${room.id}`);
        await as(guest, 'POST', `rooms/${room.id}/rating`, { score: 5 - n });
      }
      await world.app.sql(
        `INSERT INTO assist_day (business_id, day, replies, hand_overs, late_replies, helps, tokens) VALUES ($1, current_date, 7, 2, 1, 3, 4200)`,
        [shop.id],
      );
    });

    it('say what the API says, and to nobody but admins', async () => {
      const { page, errors, requests } = await signIn(shop.admin);
      await open(page, 'Reports');
      const told = await report();
      const figure = (label: string): Promise<string> =>
        page
          .locator('dl > div', { has: page.getByText(label, { exact: true }) })
          .first()
          .locator('dd')
          .innerText();
      await page.getByText('Opened', { exact: true }).first().waitFor();
      expect([await figure('Opened'), await figure('Closed'), await figure('Messages')]).toEqual(
        [told.rooms.opened, told.rooms.closed, told.messages].map((count) => expect.stringMatching(new RegExp(`^${count}\\b`))),
      );
      expect([told.rooms.opened, told.messages]).toEqual([5, 10]);
      expect(await figure('Not closed')).toContain('2');
      expect(await figure('Rating')).toMatch(/4\.0 of 5[\s\S]*From 3 ratings/);
      await page.getByRole('table', { name: 'Agents' }).waitFor();
      for (const summary of await page.getByText('As a table').all()) await summary.click();
      const days = await rowsOf(page, 'Conversations by day');
      expect(days.map(([, opened, closed]) => [Number(opened), Number(closed)])).toEqual(
        told.perDay.map(({ opened, closed }) => [opened, closed]),
      );
      const hours = await rowsOf(page, 'Messages by hour of the day');
      expect(hours).toEqual(told.perHour.map(({ hour, messages }) => [`${hour}:00`, `${messages}`]));
      expect((await rowsOf(page, 'AI by day')).map((cells) => cells.slice(1))).toEqual([['7', '2']]);
      expect(await axe(page)).toEqual([]);
      expect(requests.filter((address) => !/^(blob:)?http:\/\/127/.test(address))).toEqual([]);
      expect(errors).toEqual([]);

      const agent = await buildAgent(world.app.url, shop, { name: 'Robin' });
      const other = await signIn(agent);
      expect(await other.page.getByRole('button', { name: 'Reports' }).count()).toBe(0);
      await other.page.goto(`${world.proxy.url}/console/reports`);
      await other.page.getByRole('heading', { name: 'Mine' }).waitFor();
    });

    it('are sorted by any column, and show every name as a text', async () => {
      const { page, errors } = await signIn(shop.admin);
      await open(page, 'Reports');
      const table = page.getByRole('table', { name: 'Agents' });
      await table.waitFor();
      const names = async (): Promise<(string | undefined)[]> => (await rowsOf(page, 'Agents')).map(([name]) => name);
      expect((await names()).slice(0, 2)).toEqual([EVIL, FORMULA]);
      await table.getByRole('button', { name: 'Got' }).click();
      expect((await names()).slice(-2)).toEqual([FORMULA, EVIL]);
      expect(await table.getByRole('columnheader', { name: 'Got' }).getAttribute('aria-sort')).toBe('ascending');
      await table.getByRole('button', { name: 'Rating' }).click();
      // One has a 5 and a 3, the other a 4; who has none is last.
      expect((await rowsOf(page, 'Agents')).slice(0, 2).map((cells) => cells.at(-1))).toEqual(['4.0 (2)', '4.0 (1)']);
      expect(errors).toEqual([]);
    });

    it('keep their days in the address, and refuse what are none', async () => {
      const { page, errors, requests } = await signIn(shop.admin);
      await open(page, 'Reports');
      await page.getByRole('radio', { name: 'Today' }).locator('..').click();
      await page.waitForURL(/days=1$/);
      const asked = (): string | undefined =>
        requests.filter((address) => /overview\?from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d$/.test(address)).at(-1);
      const today = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Kathmandu' }).format(new Date());
      await until(
        () => Promise.resolve(asked()),
        (address) => address?.includes(`from=${today}`) === true,
      );
      expect(asked()).toContain(`from=${today}`);
      await page.reload();
      await page.getByRole('radio', { name: 'Today', checked: true }).waitFor({ state: 'attached' });
      await page.getByRole('radio', { name: 'Own dates' }).locator('..').click();
      await page.getByLabel('First day').fill('2026-02-01');
      await page.getByLabel('Last day').fill('2026-01-01');
      await page.getByRole('button', { name: 'Show' }).click();
      await shows(page, 'The first day is after the last.');
      expect(await axe(page)).toEqual([]);
      await page.getByLabel('First day').fill('2024-01-01');
      await shows(page, 'At most 366 days.');
      await page.getByLabel('First day').fill('2025-12-31');
      await page.getByRole('button', { name: 'Show' }).click();
      await page.waitForURL(/from=2025-12-31&to=2026-01-01$/);
      await shows(page, 'Nothing in this time.');
      await shows(page, 'The AI did nothing in this time.');
      expect(await page.getByRole('main').getByRole('img').count()).toBe(0);
      expect(errors).toEqual([]);
    });

    it('A55 go into a file that holds no formula', async () => {
      const { page, errors } = await signIn(shop.admin);
      await open(page, 'Reports');
      const download = async (rows: string): Promise<string[]> => {
        await page.getByRole('button', { name: 'Download as CSV' }).click();
        const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: rows }).click()]);
        expect(file.suggestedFilename()).toMatch(/^report-by-\w+-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
        return readFileSync(await file.path(), 'utf8').split('\r\n');
      };
      const told = await report();
      expect(await download('By hour of the day')).toEqual([
        'hour,opened,closed,messages',
        ...told.perHour.map(({ hour, opened, closed, messages }) => `${hour},${opened},${closed},${messages}`),
        '',
      ]);
      expect((await download('By day')).slice(-2)[0]).toMatch(/^\d{4}-\d\d-\d\d,5,3,10$/);
      expect((await download('By agent')).find((line) => line.includes('HYPERLINK'))).toContain(
        `"'=HYPERLINK(""http://evil.example"")",2,1,`,
      );
      expect(errors).toEqual([]);
    });

    it('compare with the days before', async () => {
      await world.app.sql(
        `UPDATE milestone SET at = at - interval '7 days 1 hour' WHERE business_id = $1 AND kind = 'opened' AND room_id IN (SELECT room_id FROM milestone WHERE business_id = $1 AND kind = 'opened' ORDER BY at LIMIT 1)`,
        [shop.id],
      );
      const { page } = await signIn(shop.admin);
      await page.goto(`${world.proxy.url}/console/reports?days=7`);
      // Four now, one before.
      await page.locator('dd', { hasText: '▲ 300%' }).waitFor();
    });

    it('can be asked for again when they did not come', async () => {
      const { page } = await signIn(shop.admin);
      await page.route('**/api/reports/overview**', (route) =>
        route.fulfill({ status: 503, json: { code: 'unavailable', message: 'later' } }),
      );
      await open(page, 'Reports');
      await page.getByRole('alert').waitFor();
      expect(await axe(page)).toEqual([]);
      await page.unroute('**/api/reports/overview**');
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('table', { name: 'Agents' }).waitFor();
    });
  });

  describe('supervising', () => {
    let shop: Tenant;
    let [kim, lou]: Person[] = [];

    beforeAll(async () => {
      shop = await buildBusiness(world.app.url);
      kim = await buildAgent(world.app.url, shop, { name: EVIL, capacity: 1 });
      lou = await buildAgent(world.app.url, shop, { name: 'Lou', capacity: 5 });
    });
    const ask = async (words: string, name = 'Gwen'): Promise<string> => {
      const guest = await buildGuest(world.app.url, shop, name);
      const { room } = await buildRoom(world.app.url, shop, guest);
      await say(world.app.url, guest, room.id, words);
      return room.id;
    };
    const queue = (page: Page): Locator => page.getByRole('list', { name: 'Queue' });
    const agent = (page: Page, name: string | RegExp): Locator => page.getByRole('list', { name: 'Agents' }).getByRole('button', { name });

    it('shows who waits and who answers, live', async () => {
      const { page, errors } = await signIn(shop.admin);
      await open(page, 'Supervise');
      await page.getByText(/^Nobody waits/).waitFor();
      expect(await axe(page)).toEqual([]);
      const [first, second] = [await ask('I came first', EVIL), await ask('I came second')];
      await queue(page).getByText('I came second').waitFor();
      await until(
        () => queue(page).getByRole('listitem').allInnerTexts(),
        ([one = '', other = '']) => one.includes('I came first') && other.includes('2.'),
      );
      const texts = await queue(page).getByRole('listitem').allInnerTexts();
      expect(texts.map((text) => /I came \w+/.exec(text)?.[0])).toEqual(['I came first', 'I came second']);
      expect(texts[0]).toContain(EVIL);
      await queue(page)
        .getByText(/^Has waited/)
        .first()
        .waitFor();
      await as(shop.admin, 'PATCH', `rooms/${first}`, { priority: 'urgent' });
      const teamId = await buildTeam(world.app.url, shop, [lou as Person], 'Returns');
      await as(shop.admin, 'POST', `rooms/${first}/assign`, { agentId: null, teamId });
      await queue(page).getByText('Urgent').waitFor();
      await queue(page).getByText('Returns').waitFor();
      expect(await axe(page)).toEqual([]);
      await agent(page, 'Lou 0 of 5')
        .or(agent(page, /Lou.*0 of 5/))
        .first()
        .waitFor();
      await as(lou as Person, 'POST', `rooms/${second}/claim`);
      await agent(page, /Lou.*1 of 5/).waitFor();
      expect(await queue(page).getByRole('listitem').count()).toBe(1);
      expect((await page.getByRole('list', { name: 'Agents' }).getByRole('listitem').allInnerTexts())[0]).toContain('Lou');
      // Somebody comes.
      const other = await signIn(lou as Person);
      await agent(page, /Lou.*Online/i).waitFor();
      await open(other.page, 'Supervise');
      await other.page.getByText(/You see the conversations that you reach/).waitFor();
      expect(errors).toEqual([]);
    });

    it('takes, gives and takes back, and asks before somebody gets more than it may have', async () => {
      const { page, errors } = await signIn(shop.admin);
      const [one, two] = [await ask('Alpha', 'Ann'), await ask('Beta', 'Ben')];
      await open(page, 'Supervise');
      await page.getByRole('button', { name: 'Take it: Ann' }).click();
      await becomes(shop, one, ({ assignee }) => assignee?.id === shop.admin.id);
      const give = async (name: string, to: string): Promise<void> => {
        await page.getByRole('button', { name: `Give to …: ${name}` }).click();
        const dialog = page.getByRole('dialog');
        await dialog.locator('input:visible').first().click();
        await dialog.getByRole('option', { name: to }).click();
        await dialog.getByRole('button', { name: 'Give', exact: true }).click();
      };
      await give('Ben', EVIL);
      await becomes(shop, two, ({ assignee }) => assignee?.id === kim?.id);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await agent(page, /Ada/).click();
      await page.waitForURL(/agent=/);
      await give('Ann', EVIL);
      await page
        .getByRole('alert')
        .getByText(/holds 1 of 1 already/)
        .waitFor();
      expect(await axe(page)).toEqual([]);
      expect((await roomOf(shop, one)).assignee.id).toBe(shop.admin.id);
      await page.getByRole('button', { name: 'Give it all the same' }).click();
      await becomes(shop, one, ({ assignee }) => assignee?.id === kim?.id);
      expect((await roomOf(shop, one)).assignee.id).toBe(kim?.id);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await agent(page, '<img').click();
      await page
        .getByRole('list', { name: `Conversations of ${EVIL}` })
        .getByText('Alpha')
        .waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Take over: Ann' }).click();
      await page
        .getByRole('dialog')
        .getByText(/has it now, and will not have it any more/)
        .waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Give', exact: true }).click();
      await becomes(shop, one, ({ assignee }) => assignee?.id === shop.admin.id);
      expect((await roomOf(shop, one)).assignee.id).toBe(shop.admin.id);
      await page.getByRole('button', { name: 'To the queue: Ben' }).click();
      await becomes(shop, two, ({ assignee }) => assignee === null);
      await queue(page).getByText('Beta').waitFor();
      expect(errors.filter((error) => !error.includes('409'))).toEqual([]);
    });

    it('does not let an agent force anything', async () => {
      const { page } = await signIn(lou as Person);
      await ask('Gamma', 'Gil');
      await as(kim as Person, 'POST', `rooms/${await ask('Delta', 'Dot')}/claim`);
      await open(page, 'Supervise');
      await page.getByRole('button', { name: 'Give to …: Gil' }).click();
      await page.getByRole('dialog').locator('input:visible').first().click();
      await page.getByRole('dialog').getByRole('option', { name: EVIL }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Give', exact: true }).click();
      await shows(page, 'This agent holds as many conversations as it can.');
      expect(await page.getByRole('button', { name: 'Give it all the same' }).count()).toBe(0);
    });

    it('tells why a conversation is where it is, from the queue and from the conversation', async () => {
      const own = await buildBusiness(world.app.url);
      const [ann, bob] = [
        await buildAgent(world.app.url, own, { name: 'Ann' }),
        await buildAgent(world.app.url, own, { name: EVIL, capacity: 0 }),
      ];
      const { page, errors } = await signIn(own.admin);
      const others = [await signIn(ann), await signIn(bob)];
      const guest = await buildGuest(world.app.url, own, 'Guy');
      const waiting = (await buildRoom(world.app.url, own, guest)).room.id;
      await as(own.admin, 'PATCH', `rooms/${waiting}`, { overrides: { pinnedAgentId: bob.id } });
      await open(page, 'Supervise');
      await until(
        async () => (await as(own.admin, 'GET', `rooms/${waiting}/routing`)).body.items.length,
        (count) => count > 0,
      );
      await page.getByRole('button', { name: 'Why here?: Guy' }).click();
      const dialog = page.getByRole('dialog', { name: 'Why here?' });
      await dialog.getByText('Ann could have taken it: here agents take conversations themselves.').waitFor();
      await dialog.getByText(`${EVIL} had as many conversations as allowed.`).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await setUp(world.app.url, own, { routing: { mode: 'auto', lastAgentFirst: false, giveBackAfterSeconds: null } });
      const next = (await buildRoom(world.app.url, own)).room.id;
      await becomes(own, next, ({ assignee }) => assignee !== null);
      const { items } = (await as(own.admin, 'GET', `rooms/${next}/routing`)).body;
      expect(items[0].agent).not.toBeNull();
      await page.goto(`${world.proxy.url}/console/all/rooms/${next}`);
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Why here?' }).click();
      await dialog.getByText(new RegExp(`^${items[0].agent.name} got it`)).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByPlaceholder('What would you like to do?').fill('Why');
      await page.keyboard.press('Enter');
      await dialog.waitFor();
      expect([...errors, ...others.flatMap((one) => one.errors)]).toEqual([]);
    });
  });

  it('fits on a phone, in the dark and in German: reports, who watches, audit log', async () => {
    const shop = await buildBusiness(world.app.url);
    await buildAgent(world.app.url, shop, { name: EVIL });
    const { room, guest } = await buildRoom(world.app.url, shop);
    await say(world.app.url, guest, room.id, 'Auf dem Telefon');
    const { page, errors } = await world.visit('/console/reports', { locale: 'de', colorScheme: 'dark' });
    await page.getByLabel('E-Mail-Adresse').fill(shop.admin.email as string);
    await page.getByRole('textbox', { name: 'Passwort' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Anmelden' }).click();
    await page.getByRole('heading', { name: 'Berichte', exact: true }).waitFor();
    for (const [path, heading, words] of [
      ['reports', 'Berichte', 'Geöffnet'],
      ['supervise', 'Überblick', 'Auf dem Telefon'],
      ['settings/audit', 'Protokoll', 'Agent angelegt'],
    ] as const) {
      await page.goto(`${world.proxy.url}/console/${path}`);
      await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
      await page.getByText(words).first().waitFor();
      expect(await axe(page)).toEqual([]);
      const spill = await page.locator('.console-page').evaluate((at) => at.scrollWidth - at.clientWidth);
      expect([path, spill]).toEqual([path, 0]);
    }
    expect(errors).toEqual([]);
  });

  describe('the audit log', () => {
    it('says what was done in words, and finds it again', async () => {
      const shop = await buildBusiness(world.app.url);
      const kim = await buildAgent(world.app.url, shop, { name: EVIL });
      await buildTeam(world.app.url, shop, [kim], HOSTILE[1]);
      await as(shop.admin, 'PATCH', 'business', { name: 'Renamed' });
      const { room, guest } = await buildRoom(world.app.url, shop);
      await as(kim, 'POST', `rooms/${room.id}/claim`);
      await as(shop.admin, 'POST', `customers/${guest.id}/block`);
      const { page, errors } = await signIn(shop.admin);
      await page.goto(`${world.proxy.url}/console/settings/audit`);
      await page.getByRole('table', { name: 'Audit log' }).waitFor();
      const told: AuditEntry[] = (await as(shop.admin, 'GET', 'audit?limit=50')).body.items;
      const rows = await rowsOf(page, 'Audit log');
      expect(rows).toHaveLength(told.length);
      const row = (what: string): string[] | undefined => rows.find((cells) => cells[2] === what);
      expect(row('Took a conversation')?.slice(1, 5)).toEqual([
        expect.stringContaining(EVIL),
        'Took a conversation',
        expect.stringContaining('Open the conversation'),
        `Agent: – → ${EVIL}`,
      ]);
      expect(row('Made a team')?.[4]).toContain(`Name: ${HOSTILE[1]}`);
      expect(row('Changed the settings')?.[4]).toMatch(/^Name: .* → Renamed$/);
      expect(row('Blocked a customer')).toBeDefined();
      expect(await axe(page)).toEqual([]);

      await page
        .getByRole('combobox', { name: 'What' })
        .or(page.getByLabel('What', { exact: true }))
        .first()
        .click();
      await page.getByRole('option', { name: 'Made a team' }).click();
      await until(
        () => rowsOf(page, 'Audit log'),
        (some) => some.length === 1,
      );
      expect((await rowsOf(page, 'Audit log')).map((cells) => cells[2])).toEqual(['Made a team']);
      await page.reload();
      await page.getByRole('table', { name: 'Audit log' }).waitFor();
      expect(await rowsOf(page, 'Audit log')).toHaveLength(1);
      await page.getByLabel('Last day').fill('2020-01-01');
      await page.getByText(/^Nothing was noted that fits/).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.getByRole('button', { name: 'Show all' }).click();
      await page
        .getByRole('row', { name: /Blocked a customer/ })
        .getByRole('button', { name: 'Only this' })
        .click();
      const mine = (await as(shop.admin, 'GET', `audit?targetId=${guest.id}`)).body.items;
      await until(
        () => rowsOf(page, 'Audit log'),
        (some) => some.length === mine.length && some.every((cells) => /customer/i.test(cells[2] ?? '')),
      );
      expect(await rowsOf(page, 'Audit log')).toHaveLength(mine.length);
      await page.getByRole('button', { name: 'Show all' }).click();
      await page
        .getByRole('row', { name: /Took a conversation/ })
        .getByRole('link')
        .click();
      await page.waitForURL(new RegExp(room.id));
      expect(errors).toEqual([]);
    });

    it('has more than one page, and is for admins alone', async () => {
      const shop = await buildBusiness(world.app.url);
      for (let n = 0; n < 60; n++) await as(shop.admin, 'PATCH', 'business', { name: `Shop ${n}` });
      const { page } = await signIn(shop.admin);
      await page.goto(`${world.proxy.url}/console/settings/audit`);
      await page.getByRole('table', { name: 'Audit log' }).waitFor();
      expect(await rowsOf(page, 'Audit log')).toHaveLength(50);
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await until(
        () => rowsOf(page, 'Audit log'),
        (rows) => rows.length > 60,
      );
      const { items } = (await as(shop.admin, 'GET', 'audit?limit=100')).body;
      expect(await rowsOf(page, 'Audit log')).toHaveLength(items.length);
      const other = await signIn(await buildAgent(world.app.url, shop));
      await other.page.goto(`${world.proxy.url}/console/settings/audit`);
      await other.page.getByRole('navigation', { name: 'Settings' }).waitFor({ state: 'attached' });
      expect(await other.page.getByRole('button', { name: 'Audit log' }).count()).toBe(0);
    });
  });
});
