import assert from 'node:assert/strict';
import { Proxy } from './proxy.mjs';
import { answerForm, textOf, valueOf } from './results.mjs';
import { fixture, token, weather } from './settings.mjs';
import { signal, steps } from './steps.mjs';

/**
 * The whole life of a session of the handshake era. What differs between the SDK's lines comes as an adapter:
 * `connect(url, { token, sessionId, onElicit, fetch })` gives `{ client, transport }`, `call(client, name, args, onprogress)` calls a tool,
 * `onNotification(client, method, handler)` listens, `status(error)` is the HTTP status that an error stands for.
 */
export async function handshakeLife(name, adapter) {
  const step = steps(name);
  const watched = watchRequests();
  const proxy = await Proxy.start(weather);
  const asked = [];
  let cut;
  const onElicit = async (request) => {
    asked.push(request.params.message);
    await cut?.();
    return { action: 'accept', content: answerForm(request.params.requestedSchema) };
  };
  let alice;
  let bob;
  const call = (who, tool, args = {}, onprogress) => adapter.call(who.client, tool, args, onprogress);
  const info = async (who) => valueOf(await call(who, 'get_session_info'));

  await step('connect', async () => {
    alice = await adapter.connect(proxy.url, { token, onElicit, fetch: watched.fetch });
    bob = await adapter.connect(weather, { token });
    const ids = [alice, bob].map((who) => who.transport.sessionId);
    assert.ok(ids.every((id) => /^[\x21-\x7e]{22,}$/.test(id)), 'a session id is visible ASCII of at least 128 bits');
    assert.notEqual(ids[0], ids[1]);
    return { protocol: alice.transport.protocolVersion };
  });

  await step('state', async () => {
    await call(alice, 'set_preferred_units', { units: 'imperial' });
    await call(alice, 'get_current_weather', { city: 'Pune' });
    await call(alice, 'get_current_weather', { city: 'Pune' });
    await call(bob, 'get_current_weather', { city: 'Pune' });
    const [a, b] = [await info(alice), await info(bob)];
    assert.deepEqual([a.preferredUnits, a.toolCallCount], ['imperial', 2]);
    assert.deepEqual([b.preferredUnits, b.toolCallCount], ['metric', 1]);
    return { alice: a.toolCallCount, bob: b.toolCallCount };
  });

  await step('elicitation', async () => {
    const result = await call(alice, 'get_current_weather', { city: 'Springfield' });
    assert.equal(asked.length, 1, 'the user was asked once');
    assert.match(textOf(result), /Springfield/);
    valueOf(result);
  });

  await step('progress', async () => {
    const seen = [];
    valueOf(await call(alice, 'compare_cities', { cities: ['Pune', 'Oslo', 'Vienna'] }, (progress) => seen.push(progress.progress)));
    assert.equal(seen.length, 3, `a progress notification a city, not ${seen.length}`);
    assert.deepEqual(seen, seen.toSorted((a, b) => a - b));
    return { seen };
  });

  await step('notification', () => notification(adapter));

  await step('resume', async () => {
    // The question proves that the call is running; the answer and the result need new connections.
    const before = watched.resumed();
    const noticed = signal();
    alice.transport.onerror = () => noticed.resolve();
    cut = async () => {
      proxy.cut();
      await noticed.promise;
    };
    const result = await call(alice, 'get_current_weather', { city: 'Springfield' });
    cut = undefined;
    valueOf(result);
    assert.ok(watched.resumed() > before, 'the client came back with Last-Event-ID');
    return { resumed: watched.resumed() - before };
  });

  await step('end', async () => {
    const sessionId = alice.transport.sessionId;
    await alice.transport.terminateSession();
    await alice.client.close();
    const late = await adapter.connect(weather, { token, sessionId });
    await assert.rejects(call(late, 'get_session_info'), (error) => adapter.status(error) === 404);
    await late.client.close();
    const again = await adapter.connect(weather, { token });
    assert.notEqual(again.transport.sessionId, sessionId);
    assert.equal((await info(again)).toolCallCount, 0, 'a new session begins anew');
    assert.equal((await info(bob)).toolCallCount, 1, 'the other session lives on');
    for (const who of [again, bob]) {
      await who.transport.terminateSession();
      await who.client.close();
    }
  });

  proxy.stop();
  // Connections that are kept alive would hold the process for seconds.
  process.exit(0);
}

async function notification(adapter) {
  const watched = watchRequests();
  const who = await adapter.connect(fixture, { fetch: watched.fetch });
  const listed = signal();
  const updated = signal();
  adapter.onNotification(who.client, 'notifications/tools/list_changed', () => listed.resolve());
  adapter.onNotification(who.client, 'notifications/resources/updated', (message) => updated.resolve(message.params.uri));
  await watched.listening;

  await who.client.subscribeResource({ uri: 'test://watched-resource' });
  valueOf(await adapter.call(who.client, 'test_trigger_tool_change', {}));
  await listed.promise;
  valueOf(await adapter.call(who.client, 'test_trigger_resource_update', { uri: 'test://watched-resource' }));
  assert.equal(await updated.promise, 'test://watched-resource');
  await who.transport.terminateSession();
  await who.client.close();
}

/** A fetch that tells when the GET stream is open and counts the requests that resume a stream. */
function watchRequests() {
  const listening = signal();
  let resumed = 0;
  return {
    listening: listening.promise,
    resumed: () => resumed,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (init?.method === 'GET' && response.ok) {
        resumed += new Headers(init.headers).has('last-event-id') ? 1 : 0;
        listening.resolve();
      }

      return response;
    },
  };
}
