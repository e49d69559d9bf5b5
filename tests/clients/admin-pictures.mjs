// Takes the pictures of docs/administration.md from servers with sessions of some tenants; eng/pictures.sh starts those.
// Usage: node admin-pictures.mjs FOLDER ENDPOINT...
import { join } from 'node:path';
import { launch } from './lib/browser.mjs';
import { openSession } from './lib/raw-session.mjs';

const [folder, ...endpoints] = process.argv.slice(2);
const clients = [['desk-assistant', '1.4.2'], ['editor-plugin', '0.31.0'], ['weather-kiosk', '2.0.0'], ['night-batch', '0.17.5'], ['build-agent', '7.1.0']];
const callers = [['acme', ['alice', 'bob', 'carol'], 17], ['globex', ['alice', 'dana'], 9], ['initech', ['milton'], 6], ['møller & söhne', ['freja', 'ib'], 4], ['umbrella-labs', ['rain'], 2]];

const closing = new AbortController();
let opened = 0;
for (const [tenant, owners, count] of callers) {
  for (let i = 0; i < count; i++) {
    const [name, version] = clients[opened % clients.length];
    const url = endpoints[opened++ % endpoints.length];
    const session = await openSession(url, `${tenant}/${owners[i % owners.length]}`.replace(/[^a-z/-]/g, '_'), { name, version, protocolVersion: i % 4 ? '2025-11-25' : '2025-06-18' });
    if (i % 2 === 0) {
      await session.call('save_place', { label: 'home', city: 'Pune' });
    }

    if (i % 3 !== 1) {
      await session.listen(closing.signal);
    }
  }
}

const browser = await launch();
const page = await (await browser.newContext({ viewport: { width: 1120, height: 900 } })).newPage();
await page.goto(new URL('/admin/', endpoints[0]).href);
await page.emulateMedia({ reducedMotion: 'reduce' });
await page.locator('#key').fill('admin-token');
await page.getByRole('button', { name: 'Sign in' }).click();
await page.locator('#sessions tbody tr').first().waitFor();
for (const colorScheme of ['light', 'dark']) {
  await page.emulateMedia({ colorScheme });
  await page.screenshot({ path: join(folder, `administration-${colorScheme}.png`) });
}

await browser.close();
closing.abort();
process.exit(0);
