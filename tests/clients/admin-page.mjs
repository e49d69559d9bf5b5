// The page of administration in a browser: what an operator does there, and what a stranger's text may not do.
import assert from 'node:assert/strict';
import { launch } from './lib/browser.mjs';
import { openSession } from './lib/raw-session.mjs';
import { weather } from './lib/settings.mjs';
import { steps } from './lib/steps.mjs';

const step = steps('admin-page');
const admin = new URL('/admin/', weather);
const evil = '<img src=x onerror="window.pwned=1">';
const failures = [];
const requests = [];

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const page = await watched(context);

const rows = (text) => page.locator('#sessions tbody tr', { hasText: text });
const confirm = (button) => page.locator('#confirm button', { hasText: button }).click();

await step('the page loads from a path without a slash too and asks for a key', async () => {
  await page.goto(new URL('/admin', weather).href);
  assert.equal(page.url(), admin.href);
  await page.locator('#key:focus').waitFor();
  assert.ok(await page.locator('#board').isHidden());
});

await step('a wrong key and one without the scope are refused with a reason', async () => {
  await signIn(page, 'wrong-key');
  await page.getByText('The server does not know this key').waitFor();
  await signIn(page, 'acme-alice');
  await page.getByText('stateroom:admin').last().waitFor();
  await page.getByText('This key may not administer').waitFor();
  assert.ok(await page.locator('#board').isHidden());
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  // Chromium itself tells of answers that are errors.
  forget(/status of 40[13]/);
});

const sessions = {
  alice: await openSession(weather, 'acme-alice', { name: 'desk-of-alice' }),
  bob: await openSession(weather, 'acme-bob', { name: 'desk-of-bob' }),
  other: await openSession(weather, 'globex-alice', { name: 'globex-desk' }),
  evil: await openSession(weather, 'acme-bob', { name: evil }),
};

await step('the right key shows the instance, the tenants with their limits, and the sessions', async () => {
  await signIn(page, 'admin-token');
  await page.locator('#instances tbody tr', { hasText: 'answers you' }).waitFor();
  await page.locator('#tenants tbody tr', { hasText: 'globex' }).waitFor();
  const meter = page.locator('#tenants tbody tr', { hasText: 'acme' }).getByRole('meter', { name: 'Sessions' });
  assert.equal(await meter.getAttribute('aria-valuenow'), '3');
  assert.ok(Number(await meter.getAttribute('aria-valuemax')) > 3);
  for (const name of ['desk-of-alice', 'desk-of-bob', 'globex-desk']) {
    await rows(name).waitFor();
  }

  await page.locator('#status[data-kind=live]').waitFor();
  assert.match(await page.locator('#as-of').textContent(), /^\d\d:\d\d:\d\d$/);
});

await step('the key is in the tab alone: in no address, no cookie and no storage that stays', async () => {
  assert.ok(requests.every((request) => !request.includes('admin-token')));
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(await page.evaluate(() => [Object.values(localStorage), Object.values(sessionStorage), document.cookie]), [[], ['admin-token'], '']);
});

await step("a stranger's name is text", async () => {
  const cell = rows('onerror').locator('td').nth(2).locator('.name').first();
  assert.equal(await cell.textContent(), evil);
  assert.equal(await page.locator('#board img').count(), 0);
  assert.equal(await page.evaluate(() => window.pwned), undefined);
});

await step('what stands inline does not run, so that text which became markup would do nothing', async () => {
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.append('window.pwned = 1');
    document.body.append(script);
  }).catch(() => undefined);
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  forget(/Content Security Policy|TrustedScript/);
});

await step('search finds sessions of whichever tenant, and the eras part them', async () => {
  await page.keyboard.press('/');
  await page.locator('#search:focus').waitFor();
  await page.keyboard.type('GLOBEX');
  await rows('desk-of-alice').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#sessions tbody tr').count(), 1);
  await page.locator('#search').fill('nobody is called so');
  await page.getByText('No session fits.').waitFor();
  await page.locator('#search').fill('');
  await rows('desk-of-alice').waitFor();
  await page.locator('#era').selectOption('stateless');
  await page.getByText('No session fits.').waitFor();
  await page.locator('#era').selectOption('');
});

await step('a tenant and an owner can be looked at alone', async () => {
  await page.locator('#tenants').getByRole('button', { name: 'globex' }).click();
  await rows('desk-of-alice').waitFor({ state: 'detached' });
  await rows('globex-desk').waitFor();
  await page.locator('#chips').getByRole('button', { name: 'globex' }).click();
  await rows('desk-of-bob').getByRole('button', { name: 'bob' }).click();
  await rows('globex-desk').waitFor({ state: 'detached' });
  assert.equal(await page.locator('#sessions tbody tr').count(), 2);
  await page.locator('#chips').getByRole('button', { name: 'acme' }).click();
  await rows('globex-desk').waitFor();
});

await step('a session is ended when that is confirmed, and not before', async () => {
  await rows('desk-of-alice').getByRole('button', { name: /^End session/ }).click();
  await confirm('Keep');
  assert.equal(await sessions.alice.call(), 200);
  await rows('desk-of-alice').getByRole('button', { name: /^End session/ }).click();
  await page.keyboard.press('Escape');
  assert.equal(await sessions.alice.call(), 200);
  await rows('desk-of-alice').getByRole('button', { name: /^End session/ }).click();
  await confirm('End');
  await rows('desk-of-alice').waitFor({ state: 'detached' });
  await page.locator('#said', { hasText: 'is over' }).waitFor();
  assert.equal(await sessions.alice.call(), 404);
  assert.equal(await sessions.bob.call(), 200);
});

await step('a new session appears by itself', async () => {
  sessions.late = await openSession(weather, 'acme-alice', { name: 'late-desk' });
  await rows('late-desk').waitFor();
});

await step('all of an owner are ended, and all of a tenant when the word is typed', async () => {
  await rows('late-desk').getByRole('button', { name: 'alice' }).click();
  await page.locator('#end-all').click();
  await confirm('End');
  await page.locator('#said', { hasText: '1 session of alice ended' }).waitFor();
  assert.deepEqual([await sessions.late.call(), await sessions.bob.call()], [404, 200]);

  await page.locator('#chips').getByRole('button', { name: 'alice' }).click();
  await rows('desk-of-bob').waitFor();
  await page.locator('#end-all').click();
  assert.ok(await page.locator('#confirm-end').isDisabled());
  await page.locator('#confirm-typed').fill('all');
  await confirm('End');
  await page.locator('#said', { hasText: '2 sessions of acme ended' }).waitFor();
  assert.deepEqual([await sessions.bob.call(), await sessions.evil.call(), await sessions.other.call()], [404, 404, 200]);
  await page.locator('#chips').getByRole('button', { name: 'acme' }).click();
  await rows('globex-desk').waitFor();
});

await step('a server that is away is told of, with the time of what is shown, and it goes on by itself', async () => {
  const before = await page.locator('#as-of').textContent();
  await context.setOffline(true);
  await page.locator('#status[data-kind=lost]').waitFor();
  const notice = await page.locator('#trouble').textContent();
  assert.match(notice, /cannot be reached.*from \d\d:\d\d:\d\d.*next try/);
  await rows('globex-desk').waitFor();
  assert.ok(before <= notice.match(/from (\S+);/)[1]);
  await context.setOffline(false);
  await page.locator('#status[data-kind=live]').waitFor();
  assert.ok(await page.locator('#trouble').isHidden());
  forget(/ERR_INTERNET_DISCONNECTED/);
});

await step('light and dark differ, by the system and by choice', async () => {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  assert.notEqual(light, dark);
  await page.locator('#theme').selectOption('light');
  assert.equal(await ground(), light);
  await page.reload();
  assert.equal(await ground(), light);
  await page.locator('#theme').selectOption('');
  assert.equal(await ground(), dark);
  // The tab has kept its key meanwhile.
  await rows('globex-desk').waitFor();
});

await step('a narrow screen shows all of it without scrolling sideways', async () => {
  await page.setViewportSize({ width: 400, height: 800 });
  await rows('globex-desk').getByRole('button', { name: /^End session/ }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 400);
});

await step('signing out forgets the key and what was shown', async () => {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('#key:focus').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  assert.ok(!(await page.content()).includes('globex'));
  await page.reload();
  await page.locator('#key').waitFor();
});

await step('a tab that is not seen asks for nothing', async () => {
  const tab = await watched(context);
  await tab.clock.install();
  await tab.goto(admin.href);
  await signIn(tab, 'admin-token');
  await tab.locator('#sessions tbody tr').first().waitFor();
  await tab.evaluate(() => see(false));
  const asked = requests.length;
  await tab.clock.runFor(120_000);
  assert.equal(requests.length, asked);
  const next = tab.waitForRequest(/\/admin\/sessions/);
  await tab.evaluate(() => see(true));
  await next;
});

await step('nothing was asked of anybody else, and nothing went wrong', async () => {
  assert.deepEqual(requests.filter((url) => new URL(url).origin !== admin.origin), []);
  assert.ok(requests.length > 20);
  assert.deepEqual(failures, []);
});

await browser.close();

async function watched(context) {
  const watchedPage = await context.newPage();
  watchedPage.on('request', (request) => requests.push(request.url()));
  watchedPage.on('pageerror', (error) => failures.push(String(error)));
  watchedPage.on('console', (message) => message.type() === 'error' && failures.push(message.text()));
  await watchedPage.addInitScript(() => {
    window.see = (seen) => {
      Object.defineProperty(document, 'hidden', { value: !seen, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    };
  });
  return watchedPage;
}

async function signIn(where, given) {
  await where.locator('#key').fill(given);
  await where.getByRole('button', { name: 'Sign in' }).click();
}

/** Takes out the failures that a step was about. */
function forget(pattern) {
  failures.splice(0, failures.length, ...failures.filter((text) => !pattern.test(text)));
}
