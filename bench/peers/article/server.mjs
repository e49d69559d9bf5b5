// A common design of MCP sessions: each session has a server object in the process, found in a map by an id that the server draws,
// and its state lies beside it or, with REDIS_PORT, in Redis: read, changed and written back on each access.
// The caller's tenant is remembered with the session, as it usually is, and never looked at again, as it usually is not.
import { randomUUID } from 'node:crypto';
import express from 'express';
import Redis from 'ioredis';
import { z } from 'zod';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const tenants = { 'dev-token': 'dev', 'acme-alice': 'acme', 'acme-bob': 'acme', 'globex-alice': 'globex' };
const idleTimeout = Number(process.env.IDLE_SECONDS ?? 1800) * 1000;
const sessions = new Map();

function stateInProcess() {
  const states = new Map();
  return { read: async (id) => states.get(id), write: async (id, state) => void states.set(id, state) };
}

function stateInRedis(port) {
  const redis = new Redis(port, '127.0.0.1');
  const key = (id) => `mcp:session:${id}`;
  return {
    read: async (id) => JSON.parse(await redis.get(key(id))) ?? undefined,
    write: async (id, state) => void await redis.set(key(id), JSON.stringify(state), 'PX', idleTimeout),
  };
}

const store = process.env.REDIS_PORT ? stateInRedis(Number(process.env.REDIS_PORT)) : stateInProcess();

async function change(id, changes) {
  const state = await store.read(id);
  const changed = { ...state, ...changes(state) };
  await store.write(id, changed);
  return changed;
}

const answer = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });

function createServer(session) {
  const server = new McpServer({ name: 'article', version: '1.0.0' });
  server.registerTool('get_current_weather', { description: 'Tell the weather of a city', inputSchema: { city: z.string() } }, async ({ city }) => {
    const state = await change(session(), ({ toolCallCount }) => ({ toolCallCount: toolCallCount + 1 }));
    return answer({ city, temperature: 21, units: state.preferredUnits });
  });
  server.registerTool('set_preferred_units', { description: 'Set the units', inputSchema: { units: z.enum(['metric', 'imperial']) } }, async ({ units }) => {
    await change(session(), () => ({ preferredUnits: units }));
    return answer({ preferredUnits: units });
  });
  server.registerTool('get_session_info', { description: 'Tell what this session remembers' }, async () => answer(await store.read(session())));
  return server;
}

async function open(tenant, request, response) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: async (id) => {
      sessions.set(id, { transport, lastActive: Date.now() });
      await store.write(id, { tenant, toolCallCount: 0, preferredUnits: 'metric' });
    },
  });
  await createServer(() => transport.sessionId).connect(transport);
  await transport.handleRequest(request, response, request.body);
}

function find(id) {
  const session = sessions.get(id);
  if (session && Date.now() - session.lastActive > idleTimeout) {
    sessions.delete(id);
    return undefined;
  }

  if (session) session.lastActive = Date.now();
  return session;
}

const app = express();
app.use(express.json());
app.all('/mcp', async (request, response) => {
  const tenant = tenants[request.headers.authorization?.replace('Bearer ', '')];
  if (!tenant) return response.status(401).end();
  const id = request.headers['mcp-session-id'];
  if (!id) return open(tenant, request, response);
  const session = find(id);
  if (!session) return response.status(404).json({ error: 'session_not_found', sessionId: id });
  if (request.method === 'DELETE') {
    sessions.delete(id);
    await session.transport.close();
    return response.status(204).end();
  }

  return session.transport.handleRequest(request, response, request.body);
});

const listener = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`Now listening on: http://127.0.0.1:${listener.address().port}`));
