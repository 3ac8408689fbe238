"""What an application should not set itself."""

OWN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "GET, PUT, TRACE",
    "Access-Control-Allow-Headers": "x-own",
    "Access-Control-Max-Age": "86400",
    "Access-Control-Expose-Headers": "X-Own",
    "Timing-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
