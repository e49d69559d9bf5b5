/** The options of a Streamable HTTP transport, the same in both lines of the SDK. */
export function transportOptions({ token, sessionId, fetch }) {
  return {
    fetch,
    sessionId,
    requestInit: token ? { headers: { Authorization: `Bearer ${token}` } } : undefined,
    reconnectionOptions: { initialReconnectionDelay: 50, maxReconnectionDelay: 500, reconnectionDelayGrowFactor: 1.5, maxRetries: 10 },
  };
}
