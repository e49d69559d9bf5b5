// The comparison itself: starts every server, warms each up, then loads them in interleaved rounds and prints the median of the ratios in one round.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { allocated, article, artifacts, floor, host, load, machine, median, number, openSessions, processorTime, redis, sdk, stateroom } from './harness.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '4' },
    'warm-up': { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
  },
});

const servers = new Map(); // one process for all contenders that share it
const once = (key, make) => servers.get(key) ?? servers.set(key, make()).get(key);
const stateful = () => once('sdk', () => sdk('Stateful'));
const inProcess = () => once('memory', () => stateroom());
const plain = () => once('plain', () => host());
const plainOnRedis = () => once('plain on Redis', async () => host(await redis()));
const onRedis = () => once('redis', async () => stateroom(await redis()));
const contenders = [
  { name: 'bare web server, echo', at: async () => { const server = await stateful(); return { ...server, url: server.echo }; } },
  { name: 'C# SDK, its own sessions', at: stateful, era: 'handshake' },
  { name: 'C# SDK, stateless', at: () => sdk('Stateless'), client: 'stateless' },
  { name: "the article's stack, in memory", at: () => article(), era: 'handshake' },
  { name: "the article's stack, on Redis", at: async () => article(await redis()), era: 'handshake' },
  // The library in a host as plain as the peers', with their tool and the counter; then the weather server as it is shipped.
  { name: 'Stateroom in a plain host, handshake era', at: plain, era: 'handshake' },
  { name: 'Stateroom in a plain host, stateless era', at: plain, era: 'stateless' },
  { name: 'Stateroom in a plain host on Redis, handshake era', at: plainOnRedis, era: 'handshake' },
  { name: 'Stateroom in a plain host on Redis, stateless era', at: plainOnRedis, era: 'stateless' },
  { name: 'weather server, handshake era', at: inProcess, era: 'handshake' },
  { name: 'weather server, stateless era', at: inProcess, era: 'stateless' },
  { name: 'weather server on Redis, handshake era', at: onRedis, era: 'handshake' },
  { name: 'weather server on Redis, stateless era', at: onRedis, era: 'stateless' },
  // No peers: what an endpoint reaches that does next to nothing. Guarded: with an API key, a look-up of the session and a count. See peers/floor.
  { name: "ceiling: the SDK's server alone", at: () => floor('sdk-server', false) },
  { name: "ceiling: the SDK's server, guarded", at: () => floor('sdk-server', true), era: 'handshake' },
  { name: "ceiling: the SDK's server, guarded, on Redis", at: async () => floor('sdk-server', true, await redis()), era: 'handshake' },
  { name: "ceiling: the SDK's tool alone", at: () => floor('tool-only', false) },
  { name: "ceiling: the SDK's tool, guarded", at: () => floor('tool-only', true), era: 'handshake' },
].filter(({ name }) => new RegExp(options.only).test(name));

/** Rate, times, and what the server's process spent on a call, in microseconds and in KB of its heap (no number where it does not tell); Redis and the load not counted. */
async function measure({ server, era, client, sessions }, seconds) {
  const [time, bytes] = [processorTime(server.process), await allocated(server)];
  const result = await load(server.url, { seconds, era: era ?? client, sessions });
  return {
    ...result,
    processor: (1e6 * (processorTime(server.process) - time)) / result.calls,
    allocated: ((await allocated(server)) - bytes) / result.calls / 1024,
  };
}

for (const contender of contenders) {
  contender.server = await contender.at();
  if (contender.era) {
    contender.sessions = await openSessions(contender.server.url, 200, contender.era, contenders.indexOf(contender));
  }
  process.stderr.write(`warming up ${contender.name}\n`);
  await measure(contender, options['warm-up']);
  contender.results = [];
}

for (let round = 0; round < Number(options.rounds); round++) {
  process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
  // Each round begins with another one, so that nobody always follows the same neighbour.
  for (let i = 0; i < contenders.length; i++) {
    const contender = contenders[(i + round) % contenders.length];
    contender.results.push(await measure(contender, options.seconds));
  }
}

const yardsticks = ['bare web server, echo', 'C# SDK, its own sessions', 'C# SDK, stateless'].map((name) => contenders.find((c) => c.name === name)).filter(Boolean);
console.log(`${machine}, ${options.rounds} rounds of ${options.seconds} s after ${options['warm-up']} s of warm-up, 32 connections, 200 sessions; medians, and the range of the ratios\n`);
console.log(`| server | calls/s | p50 ms | p99 ms | processor µs | allocated KB | ${yardsticks.map(({ name }) => `× ${name}`).join(' | ')} |`);
console.log(`|---|---|---|---|---|---|${yardsticks.map(() => '---|').join('')}`);
for (const { name, results, server } of contenders) {
  const ratios = yardsticks.map((yardstick) => {
    const each = results.map(({ rate }, round) => rate / yardstick.results[round].rate);
    return `${number(median(each))} (${number(Math.min(...each))}–${number(Math.max(...each))})`;
  });
  const middle = (figure, digits) => number(median(results.map((result) => result[figure])), digits);
  console.log(`| ${name} | ${middle('rate', 0)} | ${middle('p50')} | ${middle('p99')} | ${middle('processor', 0)} | ${server.tells ? middle('allocated', 1) : ''} | ${ratios.join(' | ')} |`);
}
writeFileSync(`${artifacts}/compare.json`, JSON.stringify(contenders.map(({ name, results }) => ({ name, results })), null, 2));
process.exit(0);
