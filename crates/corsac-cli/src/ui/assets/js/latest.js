// The newest value wins: for answers to what a person types.

/**
 * Answers one value after another: while one is being answered, only the newest of the others waits. So an older answer never takes the place
 * of a newer one, and there is never more than one call under way.
 * @template V, A
 * @param {(value: V) => Promise<A>|A} ask
 * @param {(answer: A, value: V) => void} show called for each answer, in the order of the values
 * @param {(error: Error, value: V) => void} fail called where `ask` gave no answer
 * @returns {(value: V) => Promise<void>} takes a value; settles when nothing waits any more
 */
export function latest(ask, show, fail) {
  let waiting = null;
  let running = null;

  async function run() {
    while (waiting) {
      const [value] = waiting;
      waiting = null;
      try {
        const answer = await ask(value);
        show(answer, value);
      } catch (error) {
        fail(error, value);
      }
    }
    running = null;
  }
  return (value) => {
    waiting = [value];
    running ??= run();
    return running;
  };
}

/**
 * Calls `act` once, `after` milliseconds after the last call.
 * @param {() => void} act
 * @param {number} after
 * @returns {() => void}
 */
export function settled(act, after) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, after);
  };
}
