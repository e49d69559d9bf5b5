// Where the servers are: the weather server, and the conformance fixture, which has tools that raise notifications.

export const weather = new URL(need('WEATHER_URL'));
export const fixture = new URL(need('FIXTURE_URL'));
export const token = process.env.TOKEN ?? 'dev-token';

function need(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`Set ${name} to the address of the endpoint, such as http://127.0.0.1:3000/mcp.`);
  }

  return value;
}
