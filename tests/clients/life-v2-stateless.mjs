// The life of a room as a client on the TypeScript SDK 2.x leads it in the stateless era, where a handle names the room.
import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Proxy } from './lib/proxy.mjs';
import { answerForm, textOf, valueOf } from './lib/results.mjs';
import { fixture, token, weather } from './lib/settings.mjs';
import { signal, steps } from './lib/steps.mjs';
import { transportOptions } from './lib/transport.mjs';

const revision = '2026-07-28';
const step = steps('typescript-2-stateless');
const proxy = await Proxy.start(weather);
const asked = [];
let client;
let rooms;

async function connect(url, options = {}) {
  const made = new Client(
    { name: 'life-v2', version: '1.0.0' }, { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: revision } } });
  made.setRequestHandler('elicitation/create', (request) => {
    asked.push(request.params.message);
    return { action: 'accept', content: answerForm(request.params.requestedSchema) };
  });
  await made.connect(new StreamableHTTPClientTransport(url, transportOptions(options)));
  return made;
}

const call = (name, args = {}, options = undefined) => client.callTool({ name, arguments: args }, options);
const info = async (session) => valueOf(await call('get_session_info', { session }));

await step('connect', async () => {
  client = await connect(proxy.url, { token });
  const { tools } = await client.listTools();
  const units = tools.find((tool) => tool.name === 'set_preferred_units');
  assert.equal(units.inputSchema.properties.session.type, 'string', 'the schema shows where the handle goes');
  assert.ok(!units.inputSchema.required?.includes('session'));
  assert.equal(client.transport.sessionId, undefined, 'no session id is minted in this era');
});

await step('state', async () => {
  const opened = [await call('set_preferred_units', { units: 'imperial' }), await call('get_current_weather', { city: 'Pune' })];
  rooms = opened.map((result) => result._meta['stateroom/session']);
  assert.ok(rooms.every((handle) => typeof handle === 'string' && handle.length >= 22), 'a handle has at least 128 bits');
  assert.notEqual(rooms[0], rooms[1]);
  assert.ok(opened.every((result, index) => textOf(result).includes(rooms[index])), 'the model reads the handle too');
  await call('get_current_weather', { city: 'Pune', session: rooms[0] });
  await call('get_current_weather', { city: 'Oslo', session: rooms[0] });
  const [a, b] = [await info(rooms[0]), await info(rooms[1])];
  assert.deepEqual([a.preferredUnits, a.toolCallCount], ['imperial', 2]);
  assert.deepEqual([b.preferredUnits, b.toolCallCount], ['metric', 1]);
});

await step('elicitation', async () => {
  const inside = await call('get_current_weather', { city: 'Springfield', session: rooms[0] });
  assert.equal(asked.length, 1, 'the user was asked once');
  assert.match(textOf(inside), /Springfield/);
  valueOf(inside);
  assert.equal((await info(rooms[0])).toolCallCount, 3);
  const outside = await call('get_current_weather', { city: 'Springfield' });
  assert.equal((await info(outside._meta['stateroom/session'])).toolCallCount, 1, 'a call that asked opens one room');
});

await step('progress', async () => {
  const seen = [];
  const onprogress = (progress) => seen.push(progress.progress);
  valueOf(await call('compare_cities', { cities: ['Pune', 'Oslo', 'Vienna'], session: rooms[0] }, { onprogress }));
  assert.equal(seen.length, 3, `a progress notification a city, not ${seen.length}`);
  return { seen };
});

await step('notification', async () => {
  const listener = await connect(fixture);
  const listed = signal();
  const updated = signal();
  listener.setNotificationHandler('notifications/tools/list_changed', () => listed.resolve());
  listener.setNotificationHandler('notifications/resources/updated', (message) => updated.resolve(message.params.uri));
  const subscription = await listener.listen({ toolsListChanged: true, resourceSubscriptions: ['test://watched-resource'] });
  assert.equal(subscription.honoredFilter.toolsListChanged, true);
  assert.deepEqual(subscription.honoredFilter.resourceSubscriptions, ['test://watched-resource']);
  valueOf(await listener.callTool({ name: 'test_trigger_tool_change', arguments: {} }));
  await listed.promise;
  valueOf(await listener.callTool({ name: 'test_trigger_resource_update', arguments: { uri: 'test://watched-resource' } }));
  assert.equal(await updated.promise, 'test://watched-resource');
  await subscription.close();
  await listener.close();
});

await step('lost answer', async () => {
  // This era has no resumption: a call whose answer is lost fails, and the room is there for the next one.
  proxy.cutNextAnswer();
  await assert.rejects(call('get_session_info', { session: rooms[0] }));
  const room = await info(rooms[0]);
  assert.equal(room.preferredUnits, 'imperial');
});

await step('end', async () => {
  await call('close_session', { session: rooms[0] });
  const late = await call('get_session_info', { session: rooms[0] });
  const unknown = await call('get_session_info', { session: rooms[0].replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) });
  assert.ok(late.isError && unknown.isError);
  assert.equal(textOf(late), textOf(unknown), 'an ended room and one that never was look the same');
  assert.equal((await info(rooms[1])).toolCallCount, 1, 'the other room lives on');
  await client.close();
});

proxy.stop();
// Connections that are kept alive would hold the process for seconds.
process.exit(0);
