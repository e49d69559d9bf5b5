// The comparison itself: starts every server, warms each up, then loads them in interleaved rounds and prints the median of the ratios in one round.
import { spawn, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const artifacts = `${root}artifacts/bench`;
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '4' },
    'warm-up': { type: 'string', default: '15' },
    only: { type: 'string' },
  },
});
mkdirSync(artifacts, { recursive: true });

const token = 'dev-token';
const children = [];
const stop = () => children.forEach((child) => child.kill('SIGKILL'));
process.on('exit', stop);
process.on('SIGINT', () => process.exit(130));

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

async function start(command, args, port, env = {}, cwd = artifacts) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
    const open = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); }).on('error', () => resolve(false));
    });
    if (open) return child;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${command} does not listen`);
}

async function redis() {
  const port = await freePort();
  await start('redis-server', ['--port', port, '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'], port);
  return port;
}

async function stateroom(redisPort) {
  const port = await freePort();
  await start(`${artifacts}/stateroom/Stateroom.Server`, ['--urls', `http://127.0.0.1:${port}`], port, {
    ASPNETCORE_ENVIRONMENT: 'Production',
    Logging__LogLevel__Default: 'Warning',
    Stateroom__ApiKeys__0__KeyHash: createHash('sha256').update(token).digest('hex'),
    Stateroom__ApiKeys__0__Tenant: 'dev',
    Stateroom__ApiKeys__0__Owner: 'dev',
    Stateroom__MaxSessionsPerTenant: '10000000',
    Stateroom__MaxSessionsPerOwner: '10000000',
    Stateroom__RequestRatePerOwner: '0',
    Stateroom__RequestRatePerTenant: '0',
    Stateroom__MaxCallsPerOwner: '0',
    Stateroom__MaxCallsPerTenant: '0',
    Weather__Provider: 'Sample',
    ...(redisPort ? { ConnectionStrings__Redis: `127.0.0.1:${redisPort}` } : {}),
  });
  return `http://127.0.0.1:${port}/mcp`;
}

async function sdk(mode) {
  const port = await freePort();
  await start(`${artifacts}/csharp-sdk/csharp-sdk`, [`--mode=${mode}`, '--urls', `http://127.0.0.1:${port}`], port);
  return `http://127.0.0.1:${port}`;
}

async function article(redisPort) {
  const port = await freePort();
  await start('node', ['server.mjs'], port, { PORT: `${port}`, ...(redisPort ? { REDIS_PORT: `${redisPort}` } : {}) }, `${root}bench/peers/article`);
  return `http://127.0.0.1:${port}/mcp`;
}

const servers = new Map(); // one process for all contenders that share it
const once = (key, make) => servers.get(key) ?? servers.set(key, make()).get(key);
const stateful = () => once('sdk stateful', () => sdk('Stateful'));
const contenders = [
  { name: 'bare web server, echo', url: async () => `${await stateful()}/echo` },
  { name: 'C# SDK, its own sessions', url: async () => `${await stateful()}/mcp`, era: 'handshake' },
  { name: 'C# SDK, stateless', url: async () => `${await once('sdk stateless', () => sdk('Stateless'))}/mcp`, client: 'stateless' },
  { name: "the article's stack, in memory", url: () => article(), era: 'handshake' },
  { name: "the article's stack, on Redis", url: async () => article(await redis()), era: 'handshake' },
  { name: 'Stateroom, handshake era', url: () => once('memory', () => stateroom()), era: 'handshake' },
  { name: 'Stateroom, stateless era', url: () => once('memory', () => stateroom()), era: 'stateless' },
  { name: 'Stateroom on Redis, handshake era', url: () => once('redis', async () => stateroom(await redis())), era: 'handshake' },
  { name: 'Stateroom on Redis, stateless era', url: () => once('redis', async () => stateroom(await redis())), era: 'stateless' },
].filter(({ name }) => !options.only || options.only.split(',').some((part) => name.includes(part)));

async function load(contender, seconds) {
  const { stdout, stderr } = await run('wrk', ['-t1', '-c32', `-d${seconds}`, '--latency', '-s', `${root}bench/load/call.lua`, contender.target], {
    env: { ...process.env, SESSIONS: contender.sessions ?? '', ERA: contender.era ?? contender.client ?? 'handshake', TOKEN: token },
  });
  if (stderr) throw new Error(`${contender.name}: ${stderr}`);
  const time = (name) => {
    const [, value, unit] = new RegExp(`${name}%\\s+([\\d.]+)(us|ms|s)`).exec(stdout);
    return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit];
  };
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]), p50: time(50), p99: time(99) };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const number = (value, digits = 2) => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

for (const contender of contenders) {
  contender.target = await contender.url();
  if (contender.era) {
    const { stdout } = await run('node', [`${root}bench/load/sessions.mjs`, contender.target, '200', contender.era, token]);
    contender.sessions = `${artifacts}/sessions-${contenders.indexOf(contender)}`;
    writeFileSync(contender.sessions, stdout);
  }
  process.stderr.write(`warming up ${contender.name}\n`);
  await load(contender, options['warm-up']);
  contender.results = [];
}

for (let round = 0; round < Number(options.rounds); round++) {
  process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
  // Each round begins with another one, so that nobody always follows the same neighbour.
  for (let i = 0; i < contenders.length; i++) {
    const contender = contenders[(i + round) % contenders.length];
    contender.results.push(await load(contender, options.seconds));
  }
}

const yardsticks = ['bare web server, echo', 'C# SDK, its own sessions', 'C# SDK, stateless'].map((name) => contenders.find((c) => c.name === name)).filter(Boolean);
console.log(`${cpus().length} × ${cpus()[0].model}, ${options.rounds} rounds of ${options.seconds} s after ${options['warm-up']} s of warm-up, 32 connections, 200 sessions; medians, and the range of the ratios\n`);
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
