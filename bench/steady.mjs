// Latency when calls come at a constant rate, and what kept the processor busy meanwhile.
import { administered, host, load, number, openSessions, processorTime, say, sdk, stateroom, steadyLoad, table, title, token } from './harness.mjs';

/** Latency at a constant rate, up to half of the peak, and what the processor did meanwhile; then, at half of their own peaks, the servers that are compared with. */
export async function steady(seconds, warmUp) {
  const server = await stateroom(undefined, administered);
  const sessions = await openSessions(server.url, 200, 'handshake', 'steady');
  const plain = await host();
  const plainSessions = await openSessions(plain.url, 200, 'handshake', 'steady-plain');
  const peer = await sdk('Stateful');
  const peerSessions = await openSessions(peer.url, 200, 'handshake', 'steady-peer');
  const rows = [
    ...await measure('weather server', server, sessions, [0.1, 0.25, 0.5], seconds, warmUp, () => collections(server)),
    ...await measure('Stateroom in a plain host', plain, plainSessions, [0.5], seconds, warmUp),
    ...await measure('C# SDK, its own sessions', peer, peerSessions, [0.5], seconds, warmUp),
    ...await measure('bare web server, echo', { ...peer, url: peer.echo }, peerSessions, [0.5], seconds, warmUp),
  ];
  title('Latency at a constant rate');
  console.log(table(['server', 'part of its peak', 'asked for', 'calls/s', 'p50 ms', 'p99 ms', 'p99 / p50', 'p99.9 ms', 'cores of the server', 'cores of the load', 'garbage collections/s'], rows));
}

async function measure(name, server, sessions, parts, seconds, warmUp, collected) {
  await load(server.url, { seconds: warmUp, sessions });
  const peak = (await load(server.url, { seconds, sessions })).rate;
  const rows = [];
  for (const part of parts) {
    say(`${name}: ${100 * part} % of the peak`);
    const asked = Math.floor(peak * part);
    const [begun, used, before] = [performance.now(), processorTime(server.process), await collected?.()];
    const { rate, p50, p99, p999, cores } = await steadyLoad(server.url, { rate: asked, seconds: 2.5 * seconds, warmUp: 5, sessions });
    const after = await collected?.();
    const took = (performance.now() - begun) / 1000;
    rows.push([
      name, `${100 * part} %`, number(asked, 0), number(rate, 0), number(p50), number(p99), number(p99 / p50, 1), number(p999),
      number((processorTime(server.process) - used) / took), number(cores), after ? pauses(before, after, took) : '',
    ]);
  }
  return rows;
}

const pauses = (before, after, took) => {
  const count = after.count - before.count;
  return `${number(count / took, 1)} of ${number(1000 * (after.paused - before.paused) / Math.max(1, count), 1)} ms`;
};

/** How often the server's garbage was collected, and for how many seconds it stood still for that. */
async function collections(server) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`The metrics were answered ${answer.status}.`);
  const text = await answer.text();
  const sum = (name) => [...text.matchAll(new RegExp(`^${name}(?:{.*?})? (\\S+)`, 'gm'))].reduce((all, [, value]) => all + Number(value), 0);
  return { count: sum('dotnet_gc_collections_total'), paused: sum('dotnet_gc_pause_time_seconds_total') };
}
