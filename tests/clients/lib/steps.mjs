// Runs the steps of a script one after the other and prints one JSON line for each. The first that fails ends the script.

const clock = () => performance.now();

/** @param {string} life what the lines are about */
export function steps(life) {
  return async function step(name, run) {
    const started = clock();
    try {
      const details = await within(20_000, name, run());
      print({ life, step: name, ok: true, ms: Math.round(clock() - started), ...details });
    } catch (error) {
      print({ life, step: name, ok: false, ms: Math.round(clock() - started), error: describe(error) });
      process.exit(1);
    }
  };
}

/** Fails where a promise takes longer than it may, so that a script ends by itself. */
export function within(milliseconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing for ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A promise that something else settles. */
export function signal() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function describe(error) {
  return [error?.message ?? String(error), error?.cause?.message, error?.stack?.split('\n')[1]?.trim()].filter(Boolean).join(' | ');
}
