// The sentences of Prove about all of its rows.

const NUMBERS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/**
 * How many rows are in each state.
 * @param {{state: "waiting"|"running"|"agree"|"differ"|"cannot"}[]} rows
 * @returns {{all: number, waiting: number, running: number, agree: number, differ: number, cannot: number, ran: number}}
 */
export function counts(rows) {
  const count = (state) => rows.filter((row) => row.state === state).length;
  const [waiting, running, agree, differ, cannot] = ["waiting", "running", "agree", "differ", "cannot"].map(count);
  return { all: rows.length, waiting, running, agree, differ, cannot, ran: agree + differ };
}

/**
 * The heading.
 * @param {{state: string}[]} rows
 * @param {boolean} isRunning `true` while more than one row is to be run
 * @returns {string}
 */
export function heading(rows, isRunning) {
  const { all, agree, differ, cannot, ran } = counts(rows);
  if (isRunning) return `${ran + cannot} of ${all} done`;
  if (ran === 0) return cannot > 0 ? `${capital(inWords(cannot))} could not run here.` : "Does your browser agree?";
  const result = differ === 0
    ? agree === 1 ? "It agrees." : `All ${agree} agree.`
    : `${agree} of ${ran} agree. Your browser differs in ${inWords(differ)}.`;
  return cannot > 0 ? `${result} ${capital(inWords(cannot))} could not run here.` : result;
}

/** A small number as a word. */
export const inWords = (number) => NUMBERS[number] ?? String(number);

const capital = (text) => text[0].toUpperCase() + text.slice(1);
