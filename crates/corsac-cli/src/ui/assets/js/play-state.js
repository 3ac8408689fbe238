// The state of Play: what stands in its fields. A link may hold anything, so each part is read with its default and its limits.

const MOST_REDIRECTS = 21;
const CREDENTIALS = ["same-origin", "include", "omit"];
const MODES = ["cors", "no-cors", "same-origin"];
const REDIRECTS = ["follow", "error", "manual"];

/** What Play shows before anybody chose something. */
export const START = {
  request: {
    url: "https://api.example.com/orders/42", origin: "https://app.example.com", method: "PUT", credentials: "include",
    mode: "cors", redirect: "follow", headers: "Content-Type: application/json", body: '{"status":"shipped"}',
  },
  answers: {
    preflight: {
      status: 200,
      headers: `Access-Control-Allow-Origin: https://app.example.com
Access-Control-Allow-Credentials: true
Access-Control-Allow-Methods: GET, PUT, DELETE
Access-Control-Allow-Headers: Authorization
Vary: Origin`,
    },
    request: {
      status: 200,
      headers: `Access-Control-Allow-Origin: https://app.example.com
Access-Control-Allow-Credentials: true
Vary: Origin
Content-Type: application/json`,
    },
    redirects: [],
  },
  policy: null,
};

/** The policy that Play starts from, once somebody chooses that a policy answers. */
export const FIRST_POLICY = `[policy.app]
origins = ["https://app.example.com"]
methods = ["PUT", "DELETE"]
request-headers = ["Authorization"]
credentials = true
`;

/**
 * Reads a state that somebody else may have written.
 * @param {*} value
 * @returns {object|null} PLAY with every part in its place, or `null` if `value` is not a state of Play
 */
export function playFrom(value) {
  if (!isObject(value) || !isObject(value.request)) return null;
  const { request } = value;
  const answers = isObject(value.answers) ? value.answers : {};
  const redirects = Array.isArray(answers.redirects) ? answers.redirects.slice(0, MOST_REDIRECTS) : [];
  return {
    request: {
      url: text(request.url),
      origin: text(request.origin),
      method: text(request.method) || "GET",
      credentials: oneOf(CREDENTIALS, request.credentials),
      mode: oneOf(MODES, request.mode),
      redirect: oneOf(REDIRECTS, request.redirect),
      headers: text(request.headers),
      body: typeof request.body === "string" && request.body !== "" ? request.body : null,
    },
    answers: { ...exchangeFrom(answers), redirects: redirects.map(exchangeFrom) },
    policy: typeof value.policy === "string" ? value.policy : null,
  };
}

/**
 * The state with one redirect more: what was the last answer now comes after it.
 * @param {object} play PLAY
 * @returns {object}
 */
export function withRedirect(play) {
  const { redirects, ...first } = play.answers;
  const exchanges = [first, ...redirects];
  const last = exchanges.pop();
  const location = `Location: ${elsewhere(play.request.url)}`;
  const redirecting = { status: 302, headers: [location, ...lines(last.request.headers)].join("\n") };
  return withExchanges(play, [...exchanges, { ...last, request: redirecting }, last]);
}

/**
 * The state without the redirect at `index`: the answer that came after it takes its place.
 * @param {object} play PLAY
 * @param {number} index
 * @returns {object}
 */
export function withoutRedirect(play, index) {
  const { redirects, ...first } = play.answers;
  const exchanges = [first, ...redirects];
  const [removed] = exchanges.splice(index + 1, 1);
  if (index === redirects.length - 1) exchanges[index] = { ...exchanges[index], request: removed.request };
  return withExchanges(play, exchanges);
}

const withExchanges = (play, [first, ...redirects]) => ({ ...play, answers: { ...first, redirects } });

/** The same path on another host, because that is the redirect that surprises. */
function elsewhere(url) {
  try {
    const { pathname, search } = new URL(url);
    return `https://files.example.net${pathname}${search}`;
  } catch {
    return "https://files.example.net/";
  }
}

/**
 * Puts a line into a text of lines.
 * @param {string} value
 * @param {number} number of the line to replace, from 1; 0 adds the line at the end
 * @param {string} line
 * @returns {{value: string, end: number}} the new text, and where the line ends in it
 */
export function withLine(value, number, line) {
  const all = value.replace(/\n+$/, "").split("\n");
  const empty = all.length === 1 && all[0] === "";
  const at = number >= 1 && number <= all.length ? number - 1 : empty ? 0 : all.length;
  all[at] = line;
  return { value: all.join("\n"), end: all.slice(0, at + 1).join("\n").length };
}

/**
 * What is wrong with a state before anything can be asked: a status that is no number.
 * @param {object} play PLAY
 * @returns {{field: string, line: null, message: string}|null}
 */
export function problemOf(play) {
  if (play.policy !== null) return null;
  const { redirects, ...first } = play.answers;
  const exchanges = [["answers", first], ...redirects.map((exchange, index) => [`answers.redirects.${index}`, exchange])];
  for (const [place, exchange] of exchanges) {
    for (const part of ["preflight", "request"]) {
      if (!Number.isInteger(exchange[part].status)) {
        return { field: `${place}.${part}.status`, line: null, message: "A status is a number of three digits, such as `204`." };
      }
    }
  }
  return null;
}

/** Returns `true` if `fetch` takes no body with this method. */
export const cannotHaveBody = (method) => /^(get|head)$/i.test(method);

const exchangeFrom = (value) => ({ preflight: answerFrom(value?.preflight), request: answerFrom(value?.request) });
const answerFrom = (value) => ({ status: Number.isInteger(value?.status) ? value.status : 200, headers: text(value?.headers) });
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const oneOf = (all, value) => (all.includes(value) ? value : all[0]);
const text = (value) => (typeof value === "string" ? value : "");
const lines = (value) => value.split("\n").filter((line) => line !== "" && !/^location:/i.test(line));
