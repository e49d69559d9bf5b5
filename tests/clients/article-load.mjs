// The load test of the article that this project answers, as it stands there: ten sessions opened by a bare `initialize`, then
// called in parallel. Where the article says "check that each session's toolCallCount increments independently", this one checks.
import assert from 'node:assert/strict';
import autocannon from 'autocannon';
import { token, weather } from './lib/settings.mjs';
import { steps } from './lib/steps.mjs';

const connections = 10;
const step = steps('article-load');

await step('for two seconds', async () => {
  const { answered, counted, result } = await load({ duration: 2 });
  // Calls that were on their way when the time was over may be counted without having been answered.
  const unanswered = counted.map((count, index) => count - answered[index]);
  assert.ok(unanswered.every((calls) => calls >= 0), `answered ${answered}, counted ${counted}`);
  assert.ok(sum(unanswered) <= connections, `answered ${answered}, counted ${counted}`);
  return { answered, counted, perSecond: Math.round(result.requests.average) };
});

await step('to the last answer', async () => {
  const { answered, counted } = await load({ amount: 1_000 });
  assert.deepEqual(counted, answered, 'each session counts its own calls and no other');
  assert.equal(sum(counted), 1_000);
  return { counted };
});

process.exit(0);

/** Opens ten sessions, calls them, and gives how many answers each had and how many calls each counted. */
async function load(extent) {
  const sessions = [];
  for (let index = 0; index < connections; index += 1) {
    const response = await post({
      jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-03-26', capabilities: {} },
    });
    assert.equal(response.status, 200, await response.text());
    sessions.push(response.headers.get('mcp-session-id'));
  }

  const answered = sessions.map(() => 0);
  const result = await autocannon({
    url: weather.href,
    connections,
    ...extent,
    requests: sessions.map((session, index) => ({
      method: 'POST',
      headers: headers(session),
      body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'get_current_weather', arguments: { city: 'Pune' } } }),
      onResponse: (status, body) => {
        assert.equal(status, 200, body);
        answered[index] += 1;
      },
    })),
  });
  assert.equal(result.errors + result.timeouts + result.non2xx, 0);
  assert.ok(answered.every((calls) => calls > 0), `every session was called: ${answered}`);

  const counted = [];
  for (const session of sessions) {
    const response = await post({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'get_session_info', arguments: {} } }, session);
    const { result: info } = await response.json();
    counted.push((info.structuredContent ?? JSON.parse(info.content[0].text)).toolCallCount);
    await fetch(weather, { method: 'DELETE', headers: headers(session) });
  }

  return { answered, counted, result };
}

function post(message, session) {
  return fetch(weather, { method: 'POST', headers: headers(session), body: JSON.stringify(message) });
}

function headers(session) {
  return {
    'Content-Type': 'application/json',
    Authorization: `Bearer ${token}`,
    ...(session && { 'Mcp-Session-Id': session }),
  };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
