// Latency when calls come at a constant rate, and what kept the processor busy meanwhile.
import { administered, load, number, openSessions, processorTime, say, stateroom, steadyLoad, table, title, token } from './harness.mjs';

/** Latency at a constant rate, up to half of the peak, and what the processor did meanwhile. */
export async function steady(seconds, warmUp) {
  const server = await stateroom(undefined, administered);
  const sessions = await openSessions(server.url, 200, 'handshake', 'steady');
  await load(server.url, { seconds: warmUp, sessions });
  const peak = (await load(server.url, { seconds, sessions })).rate;
  const rows = [];
  for (const part of [0.1, 0.25, 0.5]) {
    say(`${100 * part} % of the peak`);
    const asked = Math.floor(peak * part);
    const [begun, used, before] = [performance.now(), processorTime(server.process), await collections(server)];
    const { rate, p50, p99, p999, cores } = await steadyLoad(server.url, { rate: asked, seconds: 2.5 * seconds, warmUp: 5, sessions });
    const after = await collections(server);
    const took = (performance.now() - begun) / 1000;
    const pauses = after.count - before.count;
    rows.push([
      `${100 * part} %`, number(asked, 0), number(rate, 0), number(p50), number(p99), number(p99 / p50, 1), number(p999),
      number((processorTime(server.process) - used) / took), number(cores), `${number(pauses / took, 1)} of ${number(1000 * (after.paused - before.paused) / Math.max(1, pauses), 1)} ms`,
    ]);
  }
  title(`Latency at a constant rate; the peak is ${number(peak, 0)} calls/s`);
  console.log(table(['part of the peak', 'asked for', 'calls/s', 'p50 ms', 'p99 ms', 'p99 / p50', 'p99.9 ms', 'cores of the server', 'cores of the load', 'garbage collections/s'], rows));
}

/** How often the server's garbage was collected, and for how many seconds it stood still for that. */
async function collections(server) {
  const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`The metrics were answered ${answer.status}.`);
  const text = await answer.text();
  const sum = (name) => [...text.matchAll(new RegExp(`^${name}(?:{.*?})? (\\S+)`, 'gm'))].reduce((all, [, value]) => all + Number(value), 0);
  return { count: sum('dotnet_gc_collections_total'), paused: sum('dotnet_gc_pause_time_seconds_total') };
}
