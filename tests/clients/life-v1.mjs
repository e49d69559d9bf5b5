// The life of a session as a client on the TypeScript SDK 1.x leads it.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ElicitRequestSchema, ResourceUpdatedNotificationSchema, ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { handshakeLife } from './lib/handshake-life.mjs';
import { transportOptions } from './lib/transport.mjs';

const notifications = {
  'notifications/resources/updated': ResourceUpdatedNotificationSchema,
  'notifications/tools/list_changed': ToolListChangedNotificationSchema,
};

await handshakeLife('typescript-1', {
  async connect(url, options) {
    const client = new Client({ name: 'life-v1', version: '1.0.0' }, { capabilities: { elicitation: {} } });
    if (options.onElicit) {
      client.setRequestHandler(ElicitRequestSchema, options.onElicit);
    }

    const transport = new StreamableHTTPClientTransport(url, transportOptions(options));
    await client.connect(transport);
    return { client, transport };
  },
  call: (client, name, args, onprogress) => client.callTool({ name, arguments: args }, undefined, { onprogress }),
  onNotification: (client, method, handler) => client.setNotificationHandler(notifications[method], handler),
  status: (error) => error.code,
});
