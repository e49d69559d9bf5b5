// Loads again and again: while the page is seen, less often where the server is slow or does not answer.

const interval = 5_000;
const longest = 60_000;

export class Poller {
  #load;
  #onFailure;
  #timer;
  #loading;
  #failures = 0;
  #running = false;

  /**
   * @param load given an AbortSignal, loads and shows
   * @param onFailure given the error and after how many milliseconds it is tried again
   */
  constructor(load, onFailure) {
    this.#load = load;
    this.#onFailure = onFailure;
    document.addEventListener('visibilitychange', () => this.#running && (document.hidden ? this.#rest() : this.now()));
    window.addEventListener('online', () => this.#running && this.now());
  }

  start() {
    this.#running = true;
    return this.now();
  }

  stop() {
    this.#running = false;
    this.#rest();
  }

  /** Loads at once, in place of what is being loaded. */
  async now() {
    this.#rest();
    const loading = this.#loading = new AbortController();
    const begun = performance.now();
    let wait;
    try {
      await this.#load(loading.signal);
      this.#failures = 0;
      // A tenth of the time at the most, so that no search keeps the server busy.
      wait = Math.max(interval, 10 * (performance.now() - begun));
    } catch (error) {
      if (loading.signal.aborted) {
        return;
      }

      wait = Math.max(Math.min(interval * 2 ** this.#failures++, longest), 1000 * (error.retryAfter ?? 0));
      this.#onFailure(error, wait);
    }

    if (this.#running && !document.hidden && !loading.signal.aborted) {
      this.#timer = setTimeout(() => this.now(), wait);
    }
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#loading?.abort();
  }
}
