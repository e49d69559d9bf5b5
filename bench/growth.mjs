// How cost grows with instances, with sessions, with the distance to the instance that knows a session, and with the rate. Prints tables and draws plots into results/.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { administered, artifacts, endMany, load, machine, median, number, openMany, openSessions, redis, resident, root, run, say, stateroom, table, title, token } from './harness.mjs';
import { plot } from './plot.mjs';
import { steady } from './steady.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'instances,sessions,redis,hop,steady' },
    sessions: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '6' },
    'warm-up': { type: 'string', default: '15' },
  },
});
const seconds = Number(options.seconds);
const results = `${root}bench/results`;
mkdirSync(results, { recursive: true });

const draw = (name, what) => writeFileSync(`${results}/${name}.svg`, plot(what));

/** Throughput on one Redis, each instance loaded by itself, all at once. */
async function instances() {
  const port = await redis();
  const servers = [];
  const rows = [];
  for (const count of [1, 2, 3]) {
    say(`${count} of 3 instances`);
    servers.push(await stateroom(port));
    const sessions = await openSessions(servers[0].url, 200, 'handshake', 'growth');
    await load(servers.at(-1).url, { seconds: options['warm-up'], sessions });
    const each = await Promise.all(servers.map(({ url }) => load(url, { seconds, sessions })));
    rows.push([count, each.reduce((sum, { rate }) => sum + rate, 0), Math.max(...each.map(({ p50 }) => p50))]);
  }
  title('Instances on one Redis');
  console.log(table(['instances', 'calls/s of all', 'p50 ms of the slowest'], rows.map(([count, rate, p50]) => [count, number(rate, 0), number(p50)])));
  draw('instances', { title: 'Instances on one Redis and two cores', x: 'instances', y: 'calls/s', series: [{ name: 'calls/s of all', points: rows.map(([count, rate]) => [count, rate]) }] });
}

/** One server that is given more and more sessions. */
async function sessionsIn(name, server, memory) {
  const sessions = await openSessions(server.url, 100, 'handshake', `growth-${name}`);
  await warmUp(server, sessions);
  const rows = [];
  for (const step of [100, 1_000, 10_000, 100_000, 300_000, 1_000_000].filter((step) => step <= Number(options.sessions))) {
    say(`${name}: ${step} sessions`);
    const missing = step - await count(server);
    if (missing > 0) await openMany(server.url, missing);
    const held = await count(server);
    const calls = await load(server.url, { seconds, sessions });
    const bytes = await memory(server);
    const openings = [];
    for (let i = 0; i < 3; i++) openings.push(await opened(server));
    rows.push([held, calls.rate, calls.p50, median(openings), bytes]);
  }
  title(`Sessions, ${name}`);
  console.log(table(['sessions', 'calls/s', 'p50 ms', 'opened/s', 'memory MB'], rows.map(([held, rate, p50, opening, bytes]) =>
    [number(held, 0), number(rate, 0), number(p50), number(opening, 0), number(bytes / 1e6, 0)])));
  draw(`sessions-${name.replaceAll(' ', '-')}`, {
    title: `Sessions, ${name}`, x: 'sessions', y: 'a second',
    series: [{ name: 'calls', points: rows.map(([held, rate]) => [held, rate]) }, { name: 'sessions opened', points: rows.map(([held, , , opening]) => [held, opening]) }],
  });
}

/** Opens sessions and ends them again, so that there are as many as before; tells how many were opened a second. */
async function opened({ url }) {
  const file = `${artifacts}/sessions-opened`;
  const rate = await openMany(url, 10_000, file);
  await endMany(url, file);
  return rate;
}

/** Warms up calls and openings, and leaves no session behind. */
async function warmUp(server, sessions) {
  for (const end = performance.now() + 1000 * Number(options['warm-up']); performance.now() < end;) await opened(server);
  await load(server.url, { seconds: options['warm-up'], sessions });
}

/** How many sessions the tenant has, as its administrator is told. */
async function count(server) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/admin/tenants/dev`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`The administration answered ${answer.status}.`);
  return (await answer.json()).sessions;
}

async function inProcess() {
  await sessionsIn('in process', await stateroom(undefined, administered), ({ process }) => resident(process));
}

async function onRedis() {
  const port = await redis();
  await sessionsIn('on Redis', await stateroom(port, administered), async () => {
    const { stdout } = await run('redis-cli', ['-p', String(port), 'info', 'memory']);
    return Number(/used_memory:(\d+)/.exec(stdout)[1]);
  });
}

/** The first call of each session at an instance that never saw it, beside the second. */
async function hop() {
  const port = await redis();
  const [here, there] = [await stateroom(port), await stateroom(port)];
  const sessions = await openSessions(here.url, 200, 'handshake', 'hop');
  for (const { url } of [here, there]) await load(url, { seconds: options['warm-up'], sessions });
  const strangers = readFileSync(await openSessions(here.url, 4000, 'handshake', 'hop-strangers'), 'utf8').trim().split('\n');
  const times = { first: [], second: [] };
  for (const session of strangers) {
    for (const turn of ['first', 'second']) {
      const begun = performance.now();
      const answer = await fetch(there.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${token}`, 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' },
        body: '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"get_current_weather","arguments":{"city":"Pune"}}}',
      });
      await answer.text();
      times[turn].push(performance.now() - begun);
      if (!answer.ok) throw new Error(`The call was answered ${answer.status}.`);
    }
  }
  const p = (list, part) => list.toSorted((a, b) => a - b)[Math.floor(list.length * part)];
  title('The first call of a session at an instance that never saw it');
  console.log(table(['call', 'p50 ms', 'p99 ms'], [
    ...Object.entries(times).map(([turn, list]) => [turn, number(p(list, 0.5)), number(p(list, 0.99))]),
    ['first / second', number(p(times.first, 0.5) / p(times.second, 0.5)), ''],
  ]));
}

console.log(`${machine}, ${seconds} s each after ${options['warm-up']} s of warm-up, 32 connections`);
const parts = { instances, sessions: inProcess, redis: onRedis, hop, steady: () => steady(seconds, options['warm-up']) };
for (const part of options.only.split(',')) await parts[part]();
process.exit(0);
