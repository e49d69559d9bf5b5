// What the measurements share: servers as users would run them, a load, and small arithmetic.
import { spawn, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const root = fileURLToPath(new URL('..', import.meta.url));
export const artifacts = `${root}artifacts/bench`;
export const token = 'dev-token';
export const machine = `${cpus().length} × ${cpus()[0].model.trim()}`;
mkdirSync(artifacts, { recursive: true });

const children = [];
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// One way of keeping the heap for every .NET server, ours and the peers': programs are compared, not settings.
const runtime = { DOTNET_GCDynamicAdaptationMode: '0' };

export async function start(command, args, port, env = {}, cwd = artifacts) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...runtime, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
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

export async function redis() {
  const port = await freePort();
  await start('redis-server', ['--port', port, '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'], port);
  return port;
}

const onRedis = (port) => (port ? [`--redis=127.0.0.1:${port}`] : []);

export async function stateroom(redisPort, settings = {}) {
  const port = await freePort();
  const child = await start(`${artifacts}/stateroom/Stateroom.Server`, ['--urls', `http://127.0.0.1:${port}`], port, {
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
    Stateroom__MetricsAccess: 'Loopback', // Where it tells what it allocates.
    ...(redisPort ? { ConnectionStrings__Redis: `127.0.0.1:${redisPort}` } : {}),
    ...settings,
  });
  return { url: `http://127.0.0.1:${port}/mcp`, process: child, port, tells: { at: '/metrics', as: /^dotnet_gc_heap_total_allocated_bytes_total\S* (\d+)/m } };
}

/** Settings for a server that tells how many sessions it has. What is kept of an ended session is kept for seconds: its memory is not what is measured. */
export const administered = { Stateroom__ApiKeys__0__Scopes__0: 'stateroom:admin', Stateroom__StreamRetention: '00:00:05' };

// Where a program tells what it has taken from its heap, and how.
const heap = { at: '/allocated', as: /(\d+)/ };

export async function sdk(mode) {
  const port = await freePort();
  const child = await start(`${artifacts}/csharp-sdk/csharp-sdk`, [`--mode=${mode}`, '--urls', `http://127.0.0.1:${port}`], port);
  return { url: `http://127.0.0.1:${port}/mcp`, echo: `http://127.0.0.1:${port}/echo`, process: child, tells: heap };
}

export async function host(redisPort) {
  const port = await freePort();
  const child = await start(`${artifacts}/host/host`, [`--key=${token}`, ...onRedis(redisPort), '--urls', `http://127.0.0.1:${port}`], port);
  return { url: `http://127.0.0.1:${port}/mcp`, process: child, tells: heap };
}

export async function floor(mode, guarded, redisPort) {
  const port = await freePort();
  const child = await start(`${artifacts}/floor/floor`, [`--mode=${mode}`, `--guarded=${guarded}`, ...onRedis(redisPort), '--urls', `http://127.0.0.1:${port}`], port);
  return { url: `http://127.0.0.1:${port}/mcp`, process: child, tells: heap };
}

export async function article(redisPort) {
  const port = await freePort();
  const child = await start('node', ['server.mjs'], port, { PORT: `${port}`, ...(redisPort ? { REDIS_PORT: `${redisPort}` } : {}) }, `${root}bench/peers/article`);
  return { url: `http://127.0.0.1:${port}/mcp`, process: child };
}

/** Opens sessions and keeps them in a file for the load. */
export async function openSessions(url, count, era, name) {
  const { stdout } = await run('node', [`${root}bench/load/sessions.mjs`, url, String(count), era, token], { maxBuffer: 1 << 28 });
  const file = `${artifacts}/sessions-${name}`;
  writeFileSync(file, stdout);
  return file;
}

async function wrk(script, url, seconds, env) {
  const { stdout, stderr } = await run('wrk', ['-t1', '-c32', `-d${seconds}`, '--latency', '-s', `${root}bench/load/${script}.lua`, url], {
    env: { ...process.env, TOKEN: token, ...env },
  });
  if (stderr) throw new Error(`${url}: ${stderr}`);
  return stdout;
}

/** Calls the weather for some seconds over 32 connections. */
export async function load(url, { seconds, era = 'handshake', sessions = '' }) {
  const told = await wrk('call', url, seconds, { SESSIONS: sessions, ERA: era });
  const time = (name) => {
    const [, value, unit] = new RegExp(`${name}%\\s+([\\d.]+)(us|ms|s)`).exec(told);
    return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit];
  };
  return { calls: Number(/(\d+) requests in/.exec(told)[1]), rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(told)[1]), p50: time(50), p99: time(99) };
}

// These scripts end wrk by themselves when what they were given is done. Their word is the last line; a report of wrk's own means that an answer never came.
async function untilDone(script, url, env) {
  const word = (await wrk(script, url, 900, env)).trimEnd().split('\n').at(-1);
  if (word.startsWith('Transfer/sec')) throw new Error(`${script} was not done in a quarter of an hour.`);
  return word;
}

/** Opens sessions as fast as it can, writes their ids into a file if one is named, and tells how many were opened a second. */
export const openMany = async (url, count, file = '') => Number(await untilDone('open', url, { COUNT: String(count), OPENED: file }));

/** Ends the sessions of a file. */
export const endMany = (url, file) => untilDone('end', url, { SESSIONS: file });

/** Calls the weather at a constant rate, whatever the answers do. */
export const steadyLoad = async (url, { rate, seconds, warmUp, sessions }) =>
  JSON.parse(await untilDone('steady', url, { RATE: String(rate), SECONDS: String(seconds), WARM_UP: String(warmUp), SESSIONS: sessions }));

/** Processor time of a process, in seconds. */
export function processorTime({ pid }) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** What a server has taken from its heap so far, in bytes; no number where it does not tell. */
export const allocated = async ({ url, tells }) => (tells ? Number(tells.as.exec(await (await fetch(new URL(tells.at, url))).text())[1]) : NaN);

/** Resident memory of a process, in bytes. */
export const resident = (child) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) * 1024;

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const number = (value, digits = 2) => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
export const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
export const say = (line) => process.stderr.write(`${line}\n`);
export const title = (text) => console.log(`\n### ${text}\n`);
