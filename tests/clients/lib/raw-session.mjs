// A handshake-era session over bare HTTP, under whatever name its client gives itself.

/** @param {{ name?: string, version?: string, protocolVersion?: string }} client what it says of itself */
export async function openSession(url, token, { name = 'raw', version = '1.0.0', protocolVersion = '2025-11-25' } = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const opened = await post({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion, capabilities: {}, clientInfo: { name, version } } });
  if (!opened.ok) {
    throw new Error(`initialize: ${opened.status} ${await opened.text()}`);
  }

  headers['mcp-session-id'] = opened.headers.get('mcp-session-id');
  headers['mcp-protocol-version'] = protocolVersion;
  await opened.text();
  await (await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).text();

  return {
    /** @returns the HTTP status of a call */
    async call(tool = 'get_session_info', args = {}) {
      const answer = await post({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: tool, arguments: args } });
      await answer.text();
      return answer.status;
    },
    /** Opens the general stream and leaves it open. */
    async listen(signal) {
      const stream = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal });
      if (!stream.ok) {
        throw new Error(`GET: ${stream.status}`);
      }

      return stream;
    },
  };

  function post(message) {
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
  }
}
