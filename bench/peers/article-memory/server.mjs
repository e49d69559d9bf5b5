// A common design of MCP sessions in one process: each session has a server object and its state in a map, by an id that the server draws.
// The caller's tenant is remembered with the session, as it usually is, and never looked at again, as it usually is not.
import { randomUUID } from 'node:crypto';
import express from 'express';
import { z } from 'zod';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const tenants = { 'dev-token': 'dev', 'acme-alice': 'acme', 'acme-bob': 'acme', 'globex-alice': 'globex' };
const idleTimeout = Number(process.env.IDLE_SECONDS ?? 1800) * 1000;
const sessions = new Map();

const answer = (value) => ({ content: [{ type: 'text', text: JSON.stringify(value) }] });

function createServer(state) {
  const server = new McpServer({ name: 'article-memory', version: '1.0.0' });
  server.registerTool('get_current_weather', { description: 'Tell the weather of a city', inputSchema: { city: z.string() } }, async ({ city }) => {
    state.toolCallCount++;
    return answer({ city, temperature: 21, units: state.preferredUnits });
  });
  server.registerTool('set_preferred_units', { description: 'Set the units', inputSchema: { units: z.enum(['metric', 'imperial']) } }, async ({ units }) => {
    state.preferredUnits = units;
    return answer({ preferredUnits: units });
  });
  server.registerTool('get_session_info', { description: 'Tell what this session remembers' }, async () => answer(state));
  return server;
}

async function open(tenant, request, response) {
  const state = { tenant, toolCallCount: 0, preferredUnits: 'metric' };
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, { transport, lastActive: Date.now() }),
  });
  await createServer(state).connect(transport);
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
