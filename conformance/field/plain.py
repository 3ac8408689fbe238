"""A small server for situations that need no real one: each path answers as the server in a report did.

An answer is a function of the request that returns status, header lines and body. Its path is its name, with dashes.
"""

import http.server
import json
import sys
import threading

ANSWERS = {}
JSON = ("Content-Type", "application/json")
HTML = ("Content-Type", "text/html; charset=utf-8")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000" "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff0f2d8e1b0000000049454e44ae426082"
)


def path(name):
    def register(function):
        ANSWERS[name] = function
        return function
    return register


def allow(origin, *more):
    return [("Access-Control-Allow-Origin", origin), *more]


@path("/taken")
def another_program_has_the_port(_):
    return 403, [("Server", "AirTunes/775.3.1"), ("X-Apple-ProcessingTime", "1")], b""


# A CORS layer with a list of one origin, which answers others with an error.
def listing(request, status, body, listed="https://shop.test"):
    vary = [("Vary", "Origin"), ("Vary", "Access-Control-Request-Method")]
    if request.origin not in (None, listed):
        return status, vary, body
    headers = vary + (allow(request.origin) if request.origin else [])
    if request.is_preflight:
        return 200, headers + [("Access-Control-Allow-Methods", "GET, POST")], b""
    return 200, headers + [JSON], b"{}"


@path("/spring")
def a_java_framework_refuses_an_origin(request):
    return listing(request, 403, b"Invalid CORS request")


@path("/spring-mended")
def with_the_origin_on_its_list(request):
    return listing(request, 403, b"Invalid CORS request", "http://localhost:4200")


@path("/bare-403")
def a_go_framework_refuses_without_a_word(request):
    if request.origin == "http://localhost:3000":
        return 403, [], b""
    return 200, allow(request.origin) if request.origin else [], b"{}"


@path("/spring-method")
def one_message_for_all_that_is_refused(request):
    if request.is_preflight and request.headers.get("Access-Control-Request-Method") == "PUT":
        return 403, [("Vary", "Origin")], b"Invalid CORS request"
    return 200, allow(request.origin or "*", ("Vary", "Origin"), JSON), b"{}"


@path("/spring-method-mended")
def with_the_method_on_its_list(request):
    return 200, allow(request.origin or "*", ("Vary", "Origin"), ("Access-Control-Allow-Methods", "PUT"), JSON), b"{}"


@path("/schemes")
def every_web_origin_is_echoed_and_no_other_scheme(request):
    origin = request.origin or ""
    headers = allow(origin, ("Vary", "Origin")) if origin.startswith(("http://", "https://")) else []
    if request.is_preflight:
        return 200, headers + [("Access-Control-Allow-Methods", "POST"), ("Access-Control-Allow-Headers", "content-type")], b""
    return 200, headers + [JSON], b"{}"


@path("/token")
def an_identity_provider_refuses_the_grant(_):
    body = {"error": "not_allowed", "error_description": "Offline tokens not allowed for the user or client"}
    return 400, [JSON, ("Cache-Control", "no-store")], json.dumps(body).encode()


@path("/bucket/private")
def a_bucket_without_a_rule(_):
    message = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin failed."
    body = f"<?xml version='1.0'?><Error><Code>AccessForbidden</Code><Message>{message}</Message></Error>"
    return 403, [("Content-Type", "application/xml"), ("Server", "AmazonS3")], body.encode()


@path("/bucket/picture.png")
def a_bucket_that_sends_its_headers_only_where_there_is_an_origin(request):
    headers = [("Cache-Control", "public, max-age=31536000"), ("Content-Type", "image/png"), ("Server", "AmazonS3")]
    if request.origin:
        headers += allow(request.origin, ("Vary", "Origin"))
    return 200, headers, PIXEL


@path("/file.pdf")
def a_document_that_can_be_read_in_parts(request):
    headers = allow("*", ("Accept-Ranges", "bytes"), ("Content-Type", "application/pdf"))
    if request.headers.get("Range"):
        return 206, headers + [("Content-Range", "bytes 0-99/5000")], b"%" * 100
    return 200, headers, b"%" * 5000


@path("/stream")
def a_stream_that_never_ends(request):
    return 200, allow(request.origin or "*", ("Vary", "Origin"), ("Content-Type", "text/event-stream")), None


@path("/wildcard")
def all_lists_are_wildcards(request):
    lists = [("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*")] if request.is_preflight else []
    return 200, allow("*", *lists), b"{}"


@path("/session")
def a_cookie_that_is_not_kept(request):
    headers = allow(request.origin or "http://localhost:3000", ("Access-Control-Allow-Credentials", "true"), ("Vary", "Origin"))
    if request.is_preflight:
        return 204, headers + [("Access-Control-Allow-Methods", "POST"), ("Access-Control-Allow-Headers", "content-type")], b""
    return 200, headers + [("Set-Cookie", "sid=abc; Path=/; HttpOnly"), JSON], b"{}"


@path("/uploads/7")
def a_resumable_upload(request):
    lists = [("Access-Control-Allow-Methods", "HEAD, PATCH, POST"), ("Access-Control-Allow-Headers", "Tus-Resumable, Upload-Offset, Upload-Length")]
    if request.is_preflight:
        return 204, allow("*", *lists), b""
    return 200, allow("*", ("Upload-Offset", "512"), ("Upload-Length", "1024"), ("Tus-Resumable", "1.0.0"), ("Cache-Control", "no-store")), b""


@path("/uploads")
def an_upload_is_created_behind_tls(request):
    lists = [("Access-Control-Allow-Methods", "POST, PATCH"), ("Access-Control-Allow-Headers", "Tus-Resumable, Upload-Length, Upload-Offset, Content-Type")]
    if request.is_preflight:
        return 204, allow("*", *lists), b""
    exposed = ("Access-Control-Expose-Headers", "Location, Tus-Resumable")
    return 201, allow("*", exposed, ("Location", "http://files.shop.test/uploads/7"), ("Tus-Resumable", "1.0.0")), b""


@path("/moved")
def a_redirect_that_carries_the_header(request):
    return 301, allow(request.origin or "*", ("Location", f"http://localhost:{request.port}/moved-here")), b""


@path("/moved-here")
def the_list_knows_one_origin(request):
    return 200, allow(request.origin) if request.origin == "http://localhost:3000" else [], b"{}"


@path("/third-party")
def an_interface_of_somebody_else(request):
    lists = [("Access-Control-Allow-Methods", "GET, POST"), ("Access-Control-Allow-Headers", "Authorization, Content-Type")]
    return (204, allow("*", *lists), b"") if request.is_preflight else (200, allow("*", JSON), b"{}")


@path("/function")
def the_platform_looks_at_the_token_before_the_function_runs(request):
    lists = [("Access-Control-Allow-Methods", "POST"), ("Access-Control-Allow-Headers", "authorization, content-type")]
    if request.is_preflight:
        return 200, allow("*", *lists), b"ok"
    return 401, [JSON], b'{"code":401,"message":"Invalid JWT"}'


@path("/notebook")
def a_guard_that_hides_what_other_origins_ask_for(request):
    if request.origin and request.origin != f"http://{request.headers.get('Host')}":
        return 404, [("Server", "TornadoServer/6.4"), JSON], b'{"message": "Not Found"}'
    return 200, [("Server", "TornadoServer/6.4"), JSON], b'{"type": "directory"}'


@path("/forged")
def a_guard_against_forged_requests(request):
    if request.origin:
        return 403, [HTML], b"<h1>Forbidden</h1>\n<p>Origin checking failed - it does not match any trusted origins.</p>"
    return 200, [JSON], b"{}"


@path("/api/tunnel")
def a_page_of_the_tunnel_comes_first(request):
    lists = [("Access-Control-Allow-Methods", "GET"), ("Access-Control-Allow-Headers", "x-own")]
    if request.is_preflight:
        return 204, allow("*", *lists), b""
    return 200, [HTML], b"<html><title>You are about to visit a tunnel</title></html>"


@path("/api/unknown")
def the_start_page_of_the_site(_):
    return 200, [HTML], b"<!doctype html><title>Shop</title><div id=root></div>"


@path("/granted-to-all")
def the_origin_is_looked_at_when_the_client_is_known(request):
    lists = [("Access-Control-Allow-Methods", "POST"), ("Access-Control-Allow-Headers", "content-type")]
    if request.is_preflight:
        return 200, allow(request.origin, ("Vary", "Origin"), *lists), b""
    return 200, [JSON], b"{}"


@path("/model")
def the_error_is_in_a_response_of_status_200(request):
    if request.is_preflight:
        return 200, [JSON], b'{"error":"Unexpected endpoint or method. (OPTIONS /model)"}'
    return 200, [JSON], b'{"choices":[]}'


@path("/framework")
def the_framework_answers_options_by_itself(request):
    if request.is_preflight:
        return 204, [("Allow", "GET, HEAD, OPTIONS, POST")], b""
    return 200, allow("*", JSON), b"{}"


@path("/framework-mended")
def with_a_handler_for_options(request):
    lists = [("Access-Control-Allow-Methods", "POST"), ("Access-Control-Allow-Headers", "content-type")]
    return 200, allow("*", *(lists if request.is_preflight else [JSON])), b"{}"


@path("/list-false")
def false_for_an_origin_that_is_not_on_the_list(request):
    value = request.origin if request.origin == "http://admin.shop.test" else "false"
    return 200, allow(value, ("Vary", "Origin")), b"{}"


@path("/behind-login")
def the_session_at_the_access_proxy_is_over(request):
    target = f"http://access.test:{request.port}/cdn-cgi/access/login/shop.test?redirect_url=%2Fbehind-login"
    return 302, [("Location", target), ("Cache-Control", "private, no-store")], b""


@path("/cdn-cgi/access/login/shop.test")
def a_page_where_people_log_in(_):
    return 200, [HTML], b"<title>Sign in</title>"


@path("/mcp")
def a_right_status_without_headers(request):
    headers = allow("*", ("Access-Control-Expose-Headers", "Mcp-Session-Id"))
    if request.is_preflight:
        return 204, headers + [("Access-Control-Allow-Methods", "GET, POST"), ("Access-Control-Allow-Headers", "Content-Type, Mcp-Session-Id")], b""
    if request.method == "GET":
        return 405, [("Allow", "POST"), JSON], b'{"jsonrpc":"2.0","error":{"message":"Method not allowed"}}'
    return 202, headers, b""


@path("/mcp-session")
def a_session_whose_header_may_not_be_sent(request):
    headers = allow("*", ("Access-Control-Expose-Headers", "Mcp-Session-Id"))
    if request.is_preflight:
        return 204, headers + [("Access-Control-Allow-Headers", "content-type")], b""
    return 200, headers + [("Mcp-Session-Id", "7f3a"), JSON], b"{}"


@path("/typed")
def what_type_does_it_have(request):
    return 200, [JSON], json.dumps({"type": request.headers.get("Content-Type")}).encode()


@path("/busy")
def a_rate_limit(request):
    lists = [("Access-Control-Allow-Methods", "POST"), ("Access-Control-Allow-Headers", "content-type")]
    if request.is_preflight:
        return 204, allow("*", *lists), b""
    return 429, [("Retry-After", "30"), JSON], b'{"error":"Too many requests"}'


@path("/misspelled")
def a_name_that_no_browser_knows(_):
    return 200, [("Access-Control-Allow-Origins", "*"), JSON], b"{}"


@path("/pattern")
def a_pattern_in_the_header(_):
    return 200, allow("https://*.shop.test"), b"{}"


@path("/unset")
def a_variable_without_a_value(_):
    return 200, allow("undefined"), b"{}"


@path("/challenge")
def bot_protection(_):
    return 403, [("cf-mitigated", "challenge"), ("Server", "cloudflare"), HTML], b"<title>Just a moment...</title>"


@path("/signed")
def a_redirect_to_a_signed_url(request):
    return 302, [("Location", f"http://files.test:{request.port}/object?X-Amz-Expires=60&X-Amz-Signature=0a1b2c3d4e5f")], b""


@path("/gateway")
def a_gateway_without_such_a_method(request):
    if request.is_preflight:
        return 403, [JSON, ("x-amzn-ErrorType", "MissingAuthenticationTokenException")], b'{"message":"Missing Authentication Token"}'
    return 200, allow("*", JSON), b"{}"


@path("/no-such-path")
def the_cors_layer_works_and_no_route_is_there(request):
    lists = [("Access-Control-Allow-Methods", "GET, POST"), ("Access-Control-Allow-Headers", "content-type")]
    return 404, allow(request.origin or "*", ("Vary", "Origin"), HTML, *(lists if request.is_preflight else [])), b"<h1>Not Found</h1>"


@path("/api/start-page")
def a_web_server_with_a_start_page(request):
    if request.method in ("GET", "HEAD"):
        return 200, [HTML], b"<!doctype html><title>My shop</title><div id=root></div>"
    return 405, [HTML, ("Server", "nginx")], b"<h1>405 Not Allowed</h1>"


@path("/blob")
def a_storage_account_without_a_rule(request):
    if request.is_preflight:
        code = "CORS not enabled or no matching rule found for this request."
        return 403, [("x-ms-error-code", "CorsPreflightFailure")], f"<Error><Code>CorsPreflightFailure</Code><Message>{code}".encode()
    return 404, [("x-ms-error-code", "ResourceNotFound")], b"<Error><Code>ResourceNotFound</Code>"


@path("/application")
def an_application_that_knows_no_cors(_):
    return 200, [JSON], b"{}"


@path("/application/with-cors")
def an_application_that_does(request):
    return 200, allow(request.origin or "*", ("Vary", "Origin"), JSON), b"{}"


@path("/check-login")
def who_is_it(request):
    return (200 if "session=1" in request.headers.get("Cookie", "") else 401), [], b""


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def origin(self):
        return self.headers.get("Origin")

    @property
    def is_preflight(self):
        return self.command == "OPTIONS" and "Access-Control-Request-Method" in self.headers

    @property
    def method(self):
        return self.command

    @property
    def port(self):
        return self.server.server_port

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = self.path.split("?")[0]
        if name.startswith("/application/slow"):
            threading.Event().wait(3)
        if name not in ANSWERS and name.startswith("/application"):
            name = "/application"  # proxies add what they like
        found = ANSWERS.get(name, lambda _: (404, [("Content-Type", "text/plain")], b"no such route"))
        status, headers, body = found(self)
        self.send_response_only(status)
        for line in headers:
            self.send_header(*line)
        if body is None:
            self.endless()
            return
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204 and self.command != "HEAD":
            self.wfile.write(body)

    def endless(self):
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b": still here\n\n")
                self.wfile.flush()
                threading.Event().wait(0.5)
        except OSError:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that has seen enough closes the connection."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(port):
    """Serves on the loopback address until the program ends."""
    server = Server(("127.0.0.1", port), Request)
    threading.Thread(target=server.serve_forever, daemon=True).start()
