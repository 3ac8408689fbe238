{% include "decide.mjs" %}

{% include "web.mjs" %}

/** The path as routers read it: decoded, without empty segments, `.` and `..`. */
function readPath(pathname) {
  const segments = [];
  const decoded = pathname.replace(/%[0-9a-f]{2}/gi, (byte) => String.fromCharCode(parseInt(byte.slice(1), 16)));
  for (const segment of decoded.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

/** The same handler, with the policies around it. */
export function cors(handler) {
  return async (request, ...rest) => {
    const path = readPath(new URL(request.url).pathname);
    const decision = decide(request.method, path, Object.fromEntries(request.headers));
    if (decision === null) return handler(request, ...rest);
    let response;
    if (decision.isPreflight) {
      response = new Response(null, { status: 204 });
    } else {
      try {
        response = await handler(request, ...rest);
      } catch (error) {
        // The platform would answer without the headers.
        console.error(error);
        response = new Response("Internal Server Error", { status: 500 });
      }
      if (response.status === 101) return response; // WebSockets have no CORS
      response = new Response(response.body, response); // the headers of a forwarded response cannot be changed
    }
    setHeaders(response.headers, decision);
    return response;
  };
}
