// An exchange that happened, as a state of Play: the request, and the answers that were received.

/** Lines that say nothing to a browser about CORS, and lines that no state carries. */
const LEFT_OUT = new Set([
  "connection", "content-length", "date", "keep-alive", "server", "set-cookie", "set-cookie2", "transfer-encoding", "via", "x-powered-by",
]);
const MOST_LINES = 60;
const MOST_REDIRECTS = 20;

/**
 * Makes a PLAY from what was asked. Redact it (`api/share`) before it goes into a link.
 * @param {Object} request of Ask
 * @param {Object} report `corsac.check/2`
 * @returns {Object|null} `null` if no answer was received at all
 */
export function playFrom(request, report) {
  const hops = hopsOf(report.exchanges ?? []);
  if (!hops.some((hop) => hop.preflight || hop.request)) return null;
  const [first, ...redirects] = hops.map((hop) => ({ preflight: hop.preflight ?? silent(204), request: hop.request ?? silent(200) }));
  return {
    request: {
      url: report.request.url,
      origin: report.request.origin,
      method: report.request.method,
      credentials: report.request.credentials,
      mode: report.request.mode,
      redirect: request.redirect ?? "follow",
      headers: (report.request.headers ?? []).map(([name, value]) => `${shownName(name)}: ${value}`).join("\n"),
      body: request.body ?? null,
    },
    answers: { ...first, redirects: redirects.slice(0, MOST_REDIRECTS) },
    policy: null,
  };
}

/** The exchanges, by the redirect that they follow: each hop has at most one preflight and one request. */
function hopsOf(exchanges) {
  const hops = [{ isAsked: false, preflight: null, request: null }];
  for (const { kind, response } of exchanges) {
    let hop = hops.at(-1);
    if (hop.isAsked) {
      hop = { isAsked: false, preflight: null, request: null };
      hops.push(hop);
    }
    if (kind !== "preflight") hop.isAsked = true;
    if (response) hop[kind === "preflight" ? "preflight" : "request"] = answer(response);
  }
  return hops;
}

const silent = (status) => ({ status, headers: "" });

function answer({ status, headers }) {
  const lines = headers
    .filter(([name]) => !LEFT_OUT.has(name.toLowerCase()))
    .slice(0, MOST_LINES)
    .map(([name, value]) => `${shownName(name)}: ${value}`);
  return { status, headers: lines.join("\n") };
}

const OTHER_CASE = { etag: "ETag", "www-authenticate": "WWW-Authenticate", "content-md5": "Content-MD5", te: "TE", dnt: "DNT" };

/** A header's name as HTTP/1.1 servers mostly write it: "Access-Control-Allow-Origin". */
export function shownName(name) {
  const lower = name.toLowerCase();
  return OTHER_CASE[lower] ?? lower.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
