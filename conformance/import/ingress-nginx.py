"""How nginx is started with what ingress-nginx 1.12 and later writes for the CORS annotations of an `Ingress`. `record.py` calls it.

The controller needs a cluster, so its template is carried out here for the part that matters: the directives of `{{ define "CORS" }}` in `rootfs/etc/nginx/template/nginx.tmpl`,
with the defaults of `internal/ingress/annotations/cors/main.go`. How nginx carries them out is what is recorded.
"""

import os
import re

from servers import Server

MORE_HEADERS = "/usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so"
ANNOTATION = re.compile(r"^\s*nginx\.ingress\.kubernetes\.io/([a-z-]+):\s*(.*?)\s*$", re.M)
HEADERS = "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization"
ORIGINS = re.compile(r"((((([a-z]+://)?(\*\.)?[A-Za-z0-9\-.]*(:\d+)?,?)|null)+)|\*)?")


def start(config, folder, port, upstream):
    annotations = {name: value.strip("\"'") for name, value in ANNOTATION.findall(config.read_text(encoding="utf-8"))}
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = folder / "main.conf"
    main.write_text(f"""
load_module {MORE_HEADERS};
daemon off;
pid {folder}/pid;
error_log stderr;
{user}events {{}}
http {{
  access_log off;
  {temporary}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      {cors(annotations)}
      proxy_pass http://127.0.0.1:{upstream};
    }}
  }}
}}
""", encoding="utf-8")
    return Server(folder, port, ["nginx", "-p", folder, "-c", main])


def cors(annotations):
    headers = f"""
      more_set_headers 'Access-Control-Allow-Origin: $http_origin';
      {"" if annotations.get("cors-allow-credentials") == "false" else "more_set_headers 'Access-Control-Allow-Credentials: true';"}
      more_set_headers 'Access-Control-Allow-Methods: {annotations.get("cors-allow-methods", "GET, PUT, POST, DELETE, PATCH, OPTIONS")}';
      more_set_headers 'Access-Control-Allow-Headers: {annotations.get("cors-allow-headers", HEADERS)}';
      {f"more_set_headers 'Access-Control-Expose-Headers: {annotations['cors-expose-headers']}';" if annotations.get("cors-expose-headers") else ""}
      more_set_headers 'Access-Control-Max-Age: {annotations.get("cors-max-age", "1728000")}';"""
    return f"""
      set $cors '';
      {condition(annotations.get("cors-allow-origin", ""))}
      if ($request_method = 'OPTIONS') {{ set $cors ${{cors}}options; }}
      if ($cors = "true") {{ {headers} }}
      if ($cors = "trueoptions") {{ {headers} return 204; }}"""


def condition(origins):
    listed = [origin.strip() for origin in origins.split(",") if origin.strip()]
    if not listed or "*" in listed or not ORIGINS.fullmatch(origins.replace(" ", "")):
        return "set $http_origin *; set $cors 'true';"
    patterns = "|".join(f"({re.escape(origin).replace(chr(92) + '*', '[A-Za-z0-9' + chr(92) + '-]+', 1)})" for origin in listed)
    return f"if ($http_origin ~* ({patterns})$ ) {{ set $cors 'true'; }}"
