// The life of a session as a client on the TypeScript SDK 2.x leads it by default: in the handshake era.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { handshakeLife } from './lib/handshake-life.mjs';
import { transportOptions } from './lib/transport.mjs';

await handshakeLife('typescript-2-handshake', {
  async connect(url, options) {
    const client = new Client({ name: 'life-v2', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    if (options.onElicit) {
      client.setRequestHandler('elicitation/create', options.onElicit);
    }

    const transport = new StreamableHTTPClientTransport(url, transportOptions(options));
    await client.connect(transport);
    return { client, transport };
  },
  call: (client, name, args, onprogress) => client.callTool({ name, arguments: args }, { onprogress }),
  onNotification: (client, method, handler) => client.setNotificationHandler(method, handler),
  status: (error) => error.status,
});
