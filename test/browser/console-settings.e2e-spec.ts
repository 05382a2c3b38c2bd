import { describeInBrowser } from '../support/browser.js';
import { signInToConsole } from '../support/console.js';
import { buildBusiness, buildArticle, buildCannedReply, buildTeam } from '../support/factories.js';
import { Visitors } from '../support/visitors.js';

const NAMES = ['business','hours','widget','install','identity','teams','routing','auto-replies','canned-replies','articles','ai'];
describeInBrowser('shots', () => {
  const world = new Visitors();
  it('shoots', async () => {
    const { page, errors } = await signInToConsole(world, world.shop.admin);
    await buildArticle(world.app.url, world.shop); await buildCannedReply(world.app.url, world.shop); await buildTeam(world.app.url, world.shop, [world.person]);
    for (const name of NAMES) {
      await page.goto(`${world.proxy.url}/console/settings/${name}`);
      await page.locator('h1').waitFor(); await page.waitForTimeout(700);
      for (const scheme of ['light','dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        const found = await world.axe(page);
        if (found.length) process.stdout.write(`AXE ${name} ${scheme} ${found.join('\n')}\n`);
      }
      for (const [w, scheme] of [[1440,'light'],[820,'dark'],[390,'light']] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width: w, height: 900 }); await page.waitForTimeout(200);
        await page.screenshot({ path: `/tmp/w/shots-a/${name}-${w}.png` });
        const over = await page.evaluate(() => { const el = document.querySelector('.console-page')!; return el.scrollWidth - el.clientWidth; });
        if (over > 0) process.stdout.write(`OVER ${name} ${w} ${over}\n`);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    const own = await buildBusiness(world.app.url, 'Fresh');
    const fresh = await signInToConsole(world, own.admin, { heading: 'Get started' });
    await fresh.page.getByText('0 of 3 done').waitFor();
    process.stdout.write(`AXE start ${(await world.axe(fresh.page)).join('\n')}\n`);
    await fresh.page.screenshot({ path: '/tmp/w/shots-a/start-1280.png' });
    process.stdout.write(JSON.stringify([errors, fresh.errors]) + '\n');
  }, 240000);
});
