// The comparison itself: starts every server, warms each up, then loads them in interleaved rounds and prints the median of the ratios in one round.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { article, artifacts, floor, load, machine, median, number, openSessions, redis, sdk, stateroom } from './harness.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '4' },
    'warm-up': { type: 'string', default: '15' },
    only: { type: 'string' },
  },
});

const servers = new Map(); // one process for all contenders that share it
const once = (key, make) => servers.get(key) ?? servers.set(key, make()).get(key);
const stateful = () => once('sdk stateful', () => sdk('Stateful'));
const contenders = [
  { name: 'bare web server, echo', url: async () => `${await stateful()}/echo` },
  { name: 'C# SDK, its own sessions', url: async () => `${await stateful()}/mcp`, era: 'handshake' },
  { name: 'C# SDK, stateless', url: async () => `${await once('sdk stateless', () => sdk('Stateless'))}/mcp`, client: 'stateless' },
  { name: "the article's stack, in memory", url: () => article(), era: 'handshake' },
  { name: "the article's stack, on Redis", url: async () => article(await redis()), era: 'handshake' },
  { name: 'Stateroom, handshake era', url: async () => (await once('memory', () => stateroom())).url, era: 'handshake' },
  { name: 'Stateroom, stateless era', url: async () => (await once('memory', () => stateroom())).url, era: 'stateless' },
  { name: 'Stateroom on Redis, handshake era', url: async () => (await once('redis', async () => stateroom(await redis()))).url, era: 'handshake' },
  { name: 'Stateroom on Redis, stateless era', url: async () => (await once('redis', async () => stateroom(await redis()))).url, era: 'stateless' },
  // No peers: what an endpoint reaches that does next to nothing. Guarded: with an API key, a look-up of the session and a count. See peers/floor.
  { name: "ceiling: the SDK's server alone", url: () => floor('sdk-server', false) },
  { name: "ceiling: the SDK's server, guarded", url: () => floor('sdk-server', true), era: 'handshake' },
  { name: "ceiling: the SDK's tool alone", url: () => floor('tool-only', false) },
  { name: "ceiling: the tool without the SDK's server, guarded", url: () => floor('tool-only', true), era: 'handshake' },
].filter(({ name }) => !options.only || options.only.split(',').some((part) => name.includes(part)));

const loadOf = ({ target, era, client, sessions }, seconds) => load(target, { seconds, era: era ?? client, sessions });

for (const contender of contenders) {
  contender.target = await contender.url();
  if (contender.era) {
    contender.sessions = await openSessions(contender.target, 200, contender.era, contenders.indexOf(contender));
  }
  process.stderr.write(`warming up ${contender.name}\n`);
  await loadOf(contender, options['warm-up']);
  contender.results = [];
}

for (let round = 0; round < Number(options.rounds); round++) {
  process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
  // Each round begins with another one, so that nobody always follows the same neighbour.
  for (let i = 0; i < contenders.length; i++) {
    const contender = contenders[(i + round) % contenders.length];
    contender.results.push(await loadOf(contender, options.seconds));
  }
}

const yardsticks = ['bare web server, echo', 'C# SDK, its own sessions', 'C# SDK, stateless'].map((name) => contenders.find((c) => c.name === name)).filter(Boolean);
console.log(`${machine}, ${options.rounds} rounds of ${options.seconds} s after ${options['warm-up']} s of warm-up, 32 connections, 200 sessions; medians, and the range of the ratios\n`);
console.log(`| server | calls/s | p50 ms | p99 ms | ${yardsticks.map(({ name }) => `× ${name}`).join(' | ')} |`);
console.log(`|---|---|---|---|${yardsticks.map(() => '---|').join('')}`);
for (const { name, results } of contenders) {
  const ratios = yardsticks.map((yardstick) => {
    const each = results.map(({ rate }, round) => rate / yardstick.results[round].rate);
    return `${number(median(each))} (${number(Math.min(...each))}–${number(Math.max(...each))})`;
  });
  console.log(`| ${name} | ${number(median(results.map((r) => r.rate)), 0)} | ${number(median(results.map((r) => r.p50)))} | ${number(median(results.map((r) => r.p99)))} | ${ratios.join(' | ')} |`);
}
writeFileSync(`${artifacts}/compare.json`, JSON.stringify(contenders.map(({ name, results }) => ({ name, results })), null, 2));
process.exit(0);
