// Opens sessions for a load: node sessions.mjs URL COUNT handshake|stateless [TOKEN]. Prints an id or handle a line.
const [, , url, count, era, token = 'dev-token'] = process.argv;
const common = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', authorization: `Bearer ${token}` };

async function post(headers, message) {
  const response = await fetch(url, { method: 'POST', headers: { ...common, ...headers }, body: JSON.stringify({ jsonrpc: '2.0', ...message }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return { response, text };
}

async function handshake() {
  const { response } = await post({}, {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'load', version: '1' } },
  });
  const session = response.headers.get('mcp-session-id');
  await post({ 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' }, { method: 'notifications/initialized' });
  return session;
}

async function stateless() {
  const { text } = await post({ 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'get_current_weather' }, {
    id: 1,
    method: 'tools/call',
    params: {
      name: 'get_current_weather',
      arguments: { city: 'Pune' },
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'load', version: '1' },
      },
    },
  });
  return /"stateroom\/session":"([^"]+)"/.exec(text)[1];
}

const open = era === 'stateless' ? stateless : handshake;
let left = Number(count);
await Promise.all(Array.from({ length: 16 }, async () => {
  while (left-- > 0) console.log(await open());
}));
