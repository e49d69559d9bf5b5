import { once } from 'node:events';
import net from 'node:net';

/** A TCP proxy on a free loopback port, for connections that break. */
export class Proxy {
  #pairs = new Set();
  #server;
  #cutting = false;

  /** @param {URL} target where the server listens */
  static async start(target) {
    const proxy = new Proxy();
    proxy.#server = net.createServer((client) => proxy.#connect(client, target));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    proxy.url = new URL(target);
    proxy.url.host = `127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  /** Breaks every connection there is; new ones work. */
  cut() {
    for (const pair of this.#pairs) {
      this.#break(pair);
    }
  }

  /**
   * Breaks the connection that carries the next request, within the status line of its answer: what has begun to arrive is not asked for again.
   * The end of an answer before it may still be on its way and passes.
   */
  cutNextAnswer() {
    this.#cutting = true;
  }

  stop() {
    this.#server.close();
    this.cut();
  }

  #connect(client, target) {
    const server = net.connect(Number(target.port), target.hostname);
    const pair = { client, server };
    this.#pairs.add(pair);
    client.on('data', (bytes) => {
      pair.doomed ||= this.#cutting;
      this.#cutting = false;
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (pair.doomed) {
        client.end(bytes.subarray(0, 8));
        server.destroy();
        return;
      }

      client.write(bytes);
    });
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => this.#break(pair));
    }
  }

  #break(pair) {
    this.#pairs.delete(pair);
    pair.client.destroy();
    pair.server.destroy();
  }
}
