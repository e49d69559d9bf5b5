// The common design that Stateroom is compared with: Express, the TypeScript SDK 1.x, a server object per session in the process,
// and the session's data in a map or, with REDIS_PORT, in Redis: read, changed and written back on each access.
import { randomUUID } from 'node:crypto';
import express from 'express';
import Redis from 'ioredis';
import { z } from 'zod';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const tokens = new Map([['dev-token', 'dev'], ['acme-alice', 'acme'], ['acme-bob', 'acme'], ['globex-alice', 'globex']]);
const timeToLive = 1800;

function mapStore() {
  const sessions = new Map();
  return { read: async (id) => sessions.get(id), write: async (id, session) => void sessions.set(id, session) };
}

function redisStore(port) {
  const redis = new Redis(port, '127.0.0.1');
  const key = (id) => `mcp:session:${id}`;
  return {
    read: async (id) => JSON.parse(await redis.get(key(id))) ?? undefined,
    write: async (id, session) => void await redis.set(key(id), JSON.stringify(session), 'EX', timeToLive),
  };
}

const store = process.env.REDIS_PORT ? redisStore(Number(process.env.REDIS_PORT)) : mapStore();
const transports = new Map();

async function touch(id) {
  const session = await store.read(id);
  if (session) await store.write(id, { ...session, lastActiveAt: new Date().toISOString() });
  return session;
}

const change = async (id, changes) => store.write(id, { ...(await touch(id)), ...changes });
const text = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });

function weatherServer(sessionId) {
  const server = new McpServer({ name: 'article-weather', version: '1.0.0' });
  server.tool('get_current_weather', 'Get the current weather of a city', { city: z.string() }, async ({ city }) => {
    const session = await touch(sessionId());
    await change(sessionId(), { toolCallCount: session.toolCallCount + 1 });
    return text({ city, temperature: 21, units: session.preferredUnits });
  });
  server.tool('set_preferred_units', 'Set the units of this session', { units: z.enum(['metric', 'imperial']) }, async ({ units }) => {
    await change(sessionId(), { preferredUnits: units });
    return text({ preferredUnits: units });
  });
  server.tool('get_session_info', 'Tell about this session', {}, async () => text(await touch(sessionId())));
  return server;
}

const app = express();
app.use(express.json());
app.all('/mcp', async (request, response) => {
  const tenantId = tokens.get(request.headers.authorization?.replace(/^Bearer /, ''));
  if (!tenantId) return response.status(401).end();
  const id = request.headers['mcp-session-id'];
  if (id) {
    const transport = transports.get(id);
    if (!transport || !(await touch(id))) return response.status(404).json({ error: 'session not found' });
    return transport.handleRequest(request, response, request.body);
  }

  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: async (session) => {
      transports.set(session, transport);
      const now = new Date().toISOString();
      await store.write(session, { tenantId, createdAt: now, lastActiveAt: now, preferredUnits: 'metric', toolCallCount: 0 });
    },
  });
  transport.onclose = () => transports.delete(transport.sessionId);
  await weatherServer(() => transport.sessionId).connect(transport);
  return transport.handleRequest(request, response, request.body);
});
app.listen(Number(process.env.PORT ?? 5003), '127.0.0.1');
