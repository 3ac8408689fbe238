"""What people reported, and the truth of each: the verdict, the cause to act on first, words of the report, and what mends it.

`@name@` in a URL or an argument stands for the port of a server. `mended` is the URL at which the same server has what the fix says; the check
then has to be readable. The expectations come from the reports and from looking at the servers, never from what the command printed.
"""

from dataclasses import dataclass, field

JSON = ["-H", "Content-Type: application/json", "-d", "{}"]


@dataclass(frozen=True)
class Situation:
    name: str
    url: str
    origin: str
    verdict: str
    # The code of the first cause; empty where the page may read the response.
    cause: str = ""
    arguments: list = field(default_factory=list)
    # Words of the first twelve lines of the report.
    says: list = field(default_factory=list)
    # Words anywhere in the report.
    shows: list = field(default_factory=list)
    # Words that must be nowhere in the report.
    never: list = field(default_factory=list)
    # Codes of findings.
    findings: list = field(default_factory=list)
    mended: str = ""
    mended_arguments: list = None


PLAIN = "http://localhost:@plain@"
NGINX = "http://localhost:@nginx@"
APACHE = "http://localhost:@apache@"
EXPRESS = "http://localhost:@express@"
FASTAPI = "http://localhost:@fastapi@"
SHOP = "https://shop.test"
DEV = "http://localhost:3000"
TLS = ["--resolve", "api.shop.test:@nginx_https@:127.0.0.1"]

SITUATIONS = [
    # Refused by origin.
    Situation("Spring refuses an origin", f"{PLAIN}/spring", "http://localhost:4200", "blocked", "origin-not-allowed",
              says=["Invalid CORS request", "list of allowed origins", "http://localhost:4200"], mended=f"{PLAIN}/spring-mended"),
    Situation("a Go framework refuses an origin without a word", f"{PLAIN}/bare-403", DEV, "blocked", "origin-not-allowed", says=["status 403"]),
    Situation("one message for a method that is refused", f"{PLAIN}/spring-method", DEV, "blocked", "preflight-not-allowed", ["-X", "PUT"],
              says=["the method PUT"], never=["list of allowed origins"], mended=f"{PLAIN}/spring-method-mended"),
    Situation("every scheme of the web is echoed and no other", f"{PLAIN}/schemes", "tauri://localhost", "blocked", "origin-not-allowed", JSON,
              says=["tauri://localhost"]),
    Situation("an Express list that throws", f"{EXPRESS}/throws", DEV, "blocked", "origin-not-allowed", says=["status 500", "list of allowed origins"],
              mended=f"{EXPRESS}/throws-mended"),
    Situation("an Express list that is quiet", f"{EXPRESS}/quiet", DEV, "blocked", "origin-not-allowed", says=[DEV]),
    Situation("false of a list library", f"{PLAIN}/list-false", "http://www.shop.test", "blocked", "origin-not-allowed", never=["template", "variable"]),
    Situation("a slash in the list of FastAPI", f"{FASTAPI}/items", DEV, "blocked", "origin-not-allowed", says=[DEV, "list of allowed origins"]),
    Situation("a slash in the list of FastAPI, with a preflight", f"{FASTAPI}/items", DEV, "blocked", "origin-not-allowed", ["-X", "PUT", *JSON],
              says=["Disallowed CORS origin", DEV]),
    Situation("FastAPI allows the origin and not the method", f"{FASTAPI}/items", "http://localhost:4200", "blocked", "preflight-not-allowed",
              ["-X", "PUT", *JSON], says=["the method PUT"]),

    Situation("a Go framework refuses both halves without a word", f"{PLAIN}/bare-403", DEV, "blocked", "origin-not-allowed", ["-X", "PUT"],
              says=["status 403"]),
    Situation("a notebook hides itself from other origins", f"{PLAIN}/notebook", DEV, "blocked", "origin-guard", says=["not its CORS layer", DEV],
              never=["Check the URL"]),
    Situation("a framework's guard against forged requests", f"{PLAIN}/forged", DEV, "blocked", "origin-guard", says=["trusted origins"]),
    Situation("the warning page of a tunnel", f"{PLAIN}/api/tunnel", DEV, "blocked", "platform-wall", ["-H", "X-Own: 1"]),
    Situation("a start page for every path", f"{PLAIN}/api/unknown", DEV, "blocked", "html-instead-of-data", says=["URL"]),
    Situation("an identity provider grants every preflight", f"{PLAIN}/granted-to-all", DEV, "blocked", "headers-on-preflight-only", JSON,
              says=["list of origins"]),

    # The value of the header.
    Situation("a font whose header has no scheme", f"{NGINX}/fonts/a.woff2", SHOP, "blocked", "static-allow-origin", says=["shop.test", "to every origin"],
              mended=f"{NGINX}/fonts-mended/a.woff2"),
    Situation("nginx and the application each send the header", f"{NGINX}/doubled/", SHOP, "blocked", "header-twice", mended=f"{NGINX}/doubled-mended/"),
    Situation("Apache and the application each send the header", f"{APACHE}/doubled", DEV, "blocked", "header-twice", mended=f"{APACHE}/doubled-mended"),
    Situation("Caddy and the application each send the header", "http://127.0.0.1:@caddy@/doubled", DEV, "blocked", "header-twice",
              mended="http://127.0.0.1:@caddy@/doubled-mended"),
    Situation("a list in the header", f"{APACHE}/listed", DEV, "blocked", "list-in-header", says=["http://localhost:3000"]),
    Situation("a pattern in the header", f"{PLAIN}/pattern", SHOP, "blocked", "pattern-in-header"),
    Situation("a variable that is not set", f"{PLAIN}/unset", SHOP, "blocked", "unset-variable", says=["undefined"]),
    Situation("a misspelled name", f"{PLAIN}/misspelled", SHOP, "blocked", "header-misspelled", says=["Access-Control-Allow-Origins"]),
    Situation("cors() of Express does not reach Socket.IO", f"{EXPRESS}/socket.io/?EIO=4&transport=polling", DEV, "blocked", "allow-origin-missing"),
    Situation("credentials and no word about them", f"{PLAIN}/stream", DEV, "blocked", "allow-credentials-not-true", ["--credentials", "include"],
              says=["Access-Control-Allow-Credentials"]),

    # The preflight.
    Situation("nginx with the header in another branch", f"{NGINX}/two-branches/x", SHOP, "blocked", "options-lacks-allow-origin",
              ["-X", "PUT", *JSON, "--credentials", "include"], says=["only the answer to `OPTIONS`", "add_header"],
              mended=f"{NGINX}/two-branches-mended/x"),
    Situation("nginx with headers on OPTIONS only", f"{NGINX}/options-only/x", SHOP, "blocked", "headers-on-preflight-only", ["-X", "PUT"],
              says=["preflight with CORS headers"]),
    Situation("a login in front of nginx's preflight", f"{NGINX}/private/x", SHOP, "blocked", "preflight-needs-login",
              ["-H", "Authorization: Bearer abc"], says=["never send cookies or tokens with a preflight"], mended=f"{NGINX}/private-mended/x"),
    Situation("a sign-in page in front of the preflight", f"{NGINX}/sign-in/x", SHOP, "blocked", "preflight-needs-login",
              ["-X", "PUT", *JSON, "--credentials", "include", "--cookie", "session=1"]),
    Situation("Basic authentication in front of Apache's preflight", f"{APACHE}/private", DEV, "blocked", "preflight-needs-login",
              ["-H", "Authorization: Basic c3RhZmY6c3RhZmY="]),
    Situation("a login in front of Express's CORS", f"{EXPRESS}/login-first", DEV, "blocked", "preflight-needs-login", ["-H", "Authorization: Bearer ok"],
              mended=f"{EXPRESS}/login-first-mended"),
    Situation("Express answers OPTIONS by itself", f"{EXPRESS}/route/7", SHOP, "blocked", "options-not-answered", ["-X", "DELETE"],
              says=["CORS layer"], mended=f"{EXPRESS}/route-mended/7"),
    Situation("a framework answers OPTIONS by itself", f"{PLAIN}/framework", DEV, "blocked", "options-not-answered", JSON,
              mended=f"{PLAIN}/framework-mended"),
    Situation("a model server knows no OPTIONS", f"{PLAIN}/model", DEV, "blocked", "options-not-answered", JSON, says=["Enable CORS"]),
    Situation("a gateway has no such method", f"{PLAIN}/gateway", DEV, "blocked", "options-not-answered", JSON, never=["login", "token is missing"]),
    Situation("a balancer closes OPTIONS", "http://localhost:@haproxy@/no-options", DEV, "blocked", "options-not-answered", ["-X", "PUT"],
              says=["status 405"]),
    Situation("nginx serves files to GET only", f"{NGINX}/files/x.gif", SHOP, "blocked", "options-not-answered", ["-H", "X-Own: 1"], says=["405"]),
    Situation("a header that a tool adds", f"{PLAIN}/third-party", DEV, "blocked", "header-of-a-tool", [*JSON, "-H", "baggage: a=b"], says=["baggage"]),
    Situation("a bucket without a rule", f"{PLAIN}/bucket/private", DEV, "blocked", "bucket-without-rule", ["-X", "PUT", "-H", "Content-Type: image/png", "-d", "x"],
              says=["CORS rule"]),

    Situation("cors() of Express comes after a router", f"{EXPRESS}/late-router/login", DEV, "blocked", "options-not-answered", JSON,
              says=["before the routes"], never=["Only the answer to"], mended=f"{EXPRESS}/early-router/login"),
    Situation("a path that does not exist, and CORS that works", f"{PLAIN}/no-such-path", DEV, "blocked", "nothing-at-url", JSON, says=["Check the path"]),
    Situation("a start page, where JSON is posted", f"{PLAIN}/api/start-page", DEV, "blocked", "html-instead-of-data", JSON, says=["does not lead to the API"]),
    Situation("a storage account without a rule", f"{PLAIN}/blob", DEV, "blocked", "bucket-without-rule", ["-X", "PUT", "-H", "x-ms-blob-type: BlockBlob"],
              says=["CORS settings of the storage account"]),
    Situation("a redirect to a host of the inside", "https://api.shop.test:@nginx_https@/inside", "https://app.shop.test", "failed", "redirect-to-http",
              [*TLS, "-k"], says=["https://api.shop.test:@nginx_https@/items/", "X-Forwarded-Proto"]),

    # Errors that have no headers.
    Situation("an identity provider refuses the grant", f"{PLAIN}/token", DEV, "blocked", "error-status-without-cors",
              ["-d", "grant_type=code", "-H", "Content-Type: application/x-www-form-urlencoded"], says=["status 400"]),
    Situation("a crash in FastAPI", f"{FASTAPI}/crash", "http://localhost:4200", "blocked", "error-status-without-cors", says=["status 500"],
              never=["list of allowed origins"]),
    Situation("nginx lost patience", f"{NGINX}/slow/", SHOP, "blocked", "error-status-without-cors", says=["status 504"]),
    Situation("nginx has no application", f"{NGINX}/down/", SHOP, "blocked", "error-status-without-cors",
              says=["status 502", "add_header Access-Control-Allow-Origin https://shop.test always;"], mended=f"{NGINX}/down-mended/"),
    Situation("Apache has no application", f"{APACHE}/down", DEV, "blocked", "error-status-without-cors", says=["status 503"]),
    Situation("Caddy has no application", "http://127.0.0.1:@caddy@/down", DEV, "blocked", "error-status-without-cors", says=["status 502"]),
    Situation("HAProxy has no server", "http://localhost:@haproxy@/down", DEV, "blocked", "error-status-without-cors", says=["status 503"]),
    Situation("an upload that is too large", f"{NGINX}/large/", SHOP, "blocked", "error-status-without-cors",
              ["-d", "x" * 2000, "-H", "Content-Type: text/plain"], says=["status 413"]),
    Situation("a rate limit", f"{PLAIN}/busy", DEV, "blocked", "error-behind-good-preflight", JSON, says=["status 429"]),
    Situation("a token is refused before the function runs", f"{PLAIN}/function", DEV, "blocked", "token-refused",
              [*JSON, "-H", "Authorization: Bearer old"], says=["Fix the token"], never=["Access-Control-Allow-Origin: http"]),
    Situation("a right status without headers", f"{PLAIN}/mcp", "http://localhost:6274", "blocked", "error-behind-good-preflight",
              ["-H", "Mcp-Session-Id: a1"], says=["status 405"]),
    Situation("bot protection", f"{PLAIN}/challenge", DEV, "blocked", "challenge-page"),
    Situation("AirPlay has the port", f"{PLAIN}/taken", DEV, "blocked", "port-taken", JSON, says=["AirPlay Receiver", "another port"]),

    # Redirects.
    Situation("a slash behind TLS", "https://api.shop.test:@nginx_https@/shelf", "https://app.shop.test", "failed", "slash-redirect", [*TLS, "-k"],
              says=["only a slash differs", "https://api.shop.test"], mended="https://api.shop.test:@nginx_https@/shelf/"),
    Situation("http that leads to https", "http://127.0.0.1:@nginx_redirect@/shelf/", "http://localhost:5173", "blocked", "https-redirect",
              ["-k"], says=["https://127.0.0.1:@nginx_https@/shelf/"]),
    Situation("a slash outside Django's CORS", "http://localhost:@django@/api/login", DEV, "blocked", "slash-redirect", JSON, says=["/api/login/"],
              never=["log in"], mended="http://localhost:@django@/api/login/"),
    Situation("a slash outside Django's CORS, when debugging", "http://localhost:@django_debug@/api/login", DEV, "blocked", "slash-redirect", JSON,
              mended="http://localhost:@django_debug@/api/login/"),
    Situation("a redirect that carries the header", f"http://127.0.0.1:@plain@/moved", DEV, "blocked", "redirect-elsewhere", says=["null"]),
    Situation("a redirect to a signed URL", f"{PLAIN}/signed", DEV, "blocked", "redirect-elsewhere", ["--resolve", "files.test:@plain@:127.0.0.1"],
              never=["0a1b2c3d4e5f", "Request http://files.test"]),
    Situation("the session at the access proxy is over", "http://shop.test:@plain@/behind-login", "http://shop.test:@plain@", "blocked", "login-redirect",
              ["--resolve", "*:@plain@:127.0.0.1"], never=["Access-Control-Allow-Origin: http"]),

    # The connection.
    Situation("http to a port that speaks https", "http://127.0.0.1:@nginx_https@/shelf/", DEV, "blocked", "http-to-tls-port", says=["https"]),
    Situation("a certificate of one's own", "https://api.shop.test:@nginx_https@/shelf/", "https://app.shop.test", "failed", "tls-untrusted", TLS,
              says=["certificate"]),
    Situation("an image that Helmet keeps from other sites", f"{EXPRESS}/helmet/image.png", "http://shop.test", "failed", "resource-policy",
              ["--mode", "no-cors"], says=["Cross-Origin-Resource-Policy"], never=["Access-Control-Allow-Origin:"]),
    Situation("the local network", f"{PLAIN}/wildcard", "https://shop.test", "failed", "local-network-denied", ["--local-network", "denied"]),

    # Caches.
    Situation("a copy that was stored without an origin", "http://127.0.0.1:@varnish@/bucket/picture.png", DEV, "blocked", "cached-copy",
              says=["stored"]),
    # Every situation is asked twice: the first time must not leave a copy in the cache that the second one meets.
    Situation("a cache that a diagnosis could poison", "http://127.0.0.1:@varnish@/bucket/picture.png?size=2", DEV, "readable",
              shows=["Comparison skipped because"]),
    Situation("what a client of MCP sends next", f"{PLAIN}/mcp-session", DEV, "readable", arguments=JSON, findings=["next-request-refused"],
              says=["next POST of an MCP client"]),

    # What the page may read, and what is wrong with it all the same.
    Situation("Helmet lets fetch() through", f"{EXPRESS}/helmet/image.png", "http://shop.test", "readable"),
    Situation("wildcards and Authorization", f"http://127.0.0.1:@plain@/wildcard", DEV, "readable", arguments=["-H", "Authorization: Bearer x"],
              findings=["authorization-under-wildcard"]),
    Situation("a cookie that is not kept", f"http://127.0.0.1:@plain@/session", DEV, "readable", arguments=["--credentials", "include", *JSON],
              findings=["cookie-same-site"]),
    Situation("a resumable upload", f"http://127.0.0.1:@plain@/uploads/7", DEV, "readable", arguments=["-X", "HEAD", "-H", "Tus-Resumable: 1.0.0"],
              findings=["protocol-header-not-exposed"]),
    Situation("Spring refuses its own origin", f"{PLAIN}/spring", PLAIN, "readable", arguments=["-X", "POST"], findings=["refused-readably"],
              says=["does not know its own public address"]),
    Situation("a document whose parts are asked for", f"{PLAIN}/file.pdf", DEV, "readable", arguments=["-H", "Range: bytes=0-99"],
              findings=["protocol-header-not-exposed"], says=["Content-Range"]),
    Situation("an upload at an http URL", f"{PLAIN}/uploads", "https://shop.test", "readable",
              arguments=["-X", "POST", "-H", "Tus-Resumable: 1.0.0", "-H", "Upload-Length: 5"], findings=["location-is-http"]),
    Situation("a host that browsers ask with https only", "http://api.shop.dev:@plain@/wildcard", DEV, "readable",
              arguments=["-H", "X-Own: 1", "--resolve", "api.shop.dev:@plain@:127.0.0.1"], findings=["https-only-host"],
              says=["Redirect is not allowed for a preflight request"]),
    Situation("the browser's own stored copy", f"{PLAIN}/bucket/picture.png", DEV, "readable", findings=["vary-missing"],
              says=["An `<img>` without `crossorigin`"], shows=["crossorigin=\"anonymous\""]),
    Situation("a WebSocket that anybody may open", "ws://localhost:@express@/socket.io/?EIO=4&transport=websocket", DEV, "readable",
              arguments=["--as", "websocket"], findings=["websocket-any-origin"]),
    Situation("a type that no-cors does not send", f"http://127.0.0.1:@plain@/typed", DEV, "opaque", arguments=["--mode", "no-cors", *JSON],
              shows=["Content-Type: text/plain;charset=UTF-8"]),
]
