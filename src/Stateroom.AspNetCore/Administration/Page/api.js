// The administration's requests. The key goes into the Authorization header and nowhere else.

const patience = 15_000;

export class ApiError extends Error {
  /** @param {number} status the HTTP status; 0 where there was no answer */
  constructor(status, message, retryAfter = 0) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export class Api {
  #key;

  constructor(key) {
    this.#key = key;
  }

  instances(signal) {
    return this.#send('GET', 'instances', {}, signal);
  }

  tenants(query, signal) {
    return this.#send('GET', 'tenants', query, signal);
  }

  sessions(query, signal) {
    return this.#send('GET', 'sessions', query, signal);
  }

  end(session) {
    return this.#send('DELETE', `tenants/${encodeURIComponent(session.tenantPath)}/sessions/${session.reference}`);
  }

  /** Ends all sessions of an owner or, without one, of the whole tenant. */
  endAll(tenantPath, owner) {
    return this.#send('DELETE', `tenants/${encodeURIComponent(tenantPath)}/sessions`, owner === undefined ? { confirm: 'all' } : { owner });
  }

  /** @returns what was answered, and when by the server's clock */
  async #send(method, path, query = {}, signal = undefined) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    const url = new URL(path, document.baseURI);
    url.search = new URLSearchParams(given);
    const late = AbortSignal.timeout(patience);
    let response;
    try {
      response = await fetch(url, {
        method,
        headers: { Authorization: `Bearer ${this.#key}`, Accept: 'application/json' },
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
    } catch (error) {
      if (signal?.aborted) {
        throw error;
      }

      throw new ApiError(0, late.aborted ? 'The server did not answer in time.' : 'The server cannot be reached.');
    }

    const text = await response.text();
    if (!response.ok) {
      throw new ApiError(response.status, detailOf(text) ?? `The server answered ${response.status}.`, Number(response.headers.get('Retry-After')) || 0);
    }

    return { data: text ? JSON.parse(text) : null, at: new Date(response.headers.get('Date') ?? Date.now()) };
  }
}

function detailOf(text) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return undefined;
  }
}
