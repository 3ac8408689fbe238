{{ header }}
// Save it as `proxy.js` beside `app` (up to Next.js 15: as `middleware.js`, with `middleware` as the name of the function). It runs before
// every route. Routes must not set CORS headers themselves: what they set is sent instead of these.

import { NextResponse } from "next/server";

{% include "decide.mjs" %}

{% include "web.mjs" %}

export function proxy(request) {
  let { pathname } = request.nextUrl;
  try {
    pathname = decodeURI(pathname); // as Next.js does before it looks for a route
  } catch {}
  const decision = decide(request.method, pathname, Object.fromEntries(request.headers));
  if (decision === null) return NextResponse.next();
  const response = decision.isPreflight ? new NextResponse(null, { status: 204 }) : NextResponse.next();
  setHeaders(response.headers, decision);
  return response;
}
