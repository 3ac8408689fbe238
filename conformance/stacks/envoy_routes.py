"""Translates what `corsac policy compile` writes for Gateway API, Istio and Envoy Gateway to a configuration of Envoy, as those controllers do: routes with
Envoy's own CORS filter. It stands in for a cluster. Run by the Python that has PyYAML: `envoy_routes.py TARGET FILE PORT UPSTREAM > envoy.json`.

Envoy Gateway is followed for Gateway API: a wildcard becomes `.*` in an expression for the whole origin, and preflights of other origins are answered. Istio
takes `exact`, `prefix` and `regex` as they are, and forwards preflights of other origins. Paths are normalized with merged slashes."""

import json
import re
import sys
from pathlib import Path

import yaml

TYPES = "type.googleapis.com/envoy.extensions.filters"


def routes_of_gateway_api(documents):
    """The routes of each HTTPRoute, with the CORS filter of a rule or the SecurityPolicy of its route."""
    policies = {target["name"]: document["spec"]["cors"] for document in documents if document["kind"] == "SecurityPolicy"
                for target in document["spec"]["targetRefs"]}
    found = []
    for document in documents:
        if document["kind"] != "HTTPRoute":
            continue
        for rule in document["spec"]["rules"]:
            filters = {one["type"]: one for one in rule.get("filters", [])}
            cors = filters.get("CORS", {}).get("cors") or policies.get(document["metadata"]["name"])
            modifier = filters.get("ResponseHeaderModifier", {}).get("responseHeaderModifier", {})
            pairs = {kind: [(header["name"], header["value"]) for header in modifier.get(kind, [])] for kind in ("add", "set")}
            for match in rule["matches"]:
                path = match["path"]["value"]
                found.append((path, route(
                    {"prefix": "/"} if path == "/" else {"path_separated_prefix": path}, pairs, modifier.get("remove", []),
                    cors and filter_of(cors, [of_wildcard(origin) for origin in cors["allowOrigins"]], seconds(cors.get("maxAge", 5)), forwards=False))))
    # The longest path wins, whatever the order.
    return [one for _, one in sorted(found, key=lambda pair: -len(pair[0]))]


def of_wildcard(origin):
    if "*" in origin:
        return {"safe_regex": {"regex": re.escape(origin).replace(r"\*", ".*")}}
    return {"exact": origin}


def routes_of_istio(documents):
    """The routes of the VirtualService, in its order."""
    found = []
    for rule in documents[0]["spec"]["http"]:
        cors = rule.get("corsPolicy")
        headers = rule.get("headers", {}).get("response", {})
        pairs = {kind: list(headers.get(kind, {}).items()) for kind in ("add", "set")}
        origins = [{"safe_regex": {"regex": match["regex"]}} if "regex" in match else match for match in cors["allowOrigins"]] if cors else []
        for match in rule.get("match", [{"uri": {"prefix": "/"}}]):
            uri = match["uri"]
            found.append(route({"path": uri["exact"]} if "exact" in uri else {"prefix": uri["prefix"]}, pairs, headers.get("remove", []),
                               cors and filter_of(cors, origins, seconds(cors["maxAge"]), forwards=True)))
    return found


def seconds(duration):
    """A number of seconds, or a duration of Go: `1h0m5s`."""
    if isinstance(duration, int):
        return duration
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def filter_of(cors, origins, max_age, forwards):
    return {
        "@type": f"{TYPES}.http.cors.v3.CorsPolicy",
        "allow_origin_string_match": origins,
        "allow_methods": ", ".join(cors.get("allowMethods", [])),
        "allow_headers": ", ".join(cors.get("allowHeaders", [])),
        "expose_headers": ", ".join(cors.get("exposeHeaders", [])),
        "max_age": str(max_age),
        "allow_credentials": cors.get("allowCredentials", False),
        "forward_not_matching_preflights": forwards,
    }


def route(match, pairs, remove, cors):
    actions = {"add": "APPEND_IF_EXISTS_OR_ADD", "set": "OVERWRITE_IF_EXISTS_OR_ADD"}
    headers = [{"header": {"key": key, "value": value}, "append_action": actions[kind]} for kind, list_ in pairs.items() for key, value in list_]
    return {
        "match": match,
        "route": {"cluster": "application"},
        "response_headers_to_add": headers,
        "response_headers_to_remove": remove,
        "typed_per_filter_config": {"envoy.filters.http.cors": cors} if cors else {},
    }


def whole(routes, port, upstream):
    def address(number):
        return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

    return {"static_resources": {
        "listeners": [{"name": "http", "address": address(port), "filter_chains": [{"filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": {
                "@type": f"{TYPES}.network.http_connection_manager.v3.HttpConnectionManager",
                "stat_prefix": "http",
                "normalize_path": True,
                "merge_slashes": True,
                "http_filters": [
                    {"name": "envoy.filters.http.cors", "typed_config": {"@type": f"{TYPES}.http.cors.v3.Cors"}},
                    {"name": "envoy.filters.http.router", "typed_config": {"@type": f"{TYPES}.http.router.v3.Router"}},
                ],
                "route_config": {"virtual_hosts": [{"name": "application", "domains": ["*"], "routes": routes}]},
            },
        }]}]}],
        "clusters": [{"name": "application", "load_assignment": {"cluster_name": "application", "endpoints": [
            {"lb_endpoints": [{"endpoint": {"address": address(upstream)}}]}]}}],
    }}


def main():
    target, file, port, upstream = sys.argv[1:]
    documents = [document for document in yaml.safe_load_all(Path(file).read_text(encoding="utf-8")) if document]
    routes = routes_of_istio(documents) if target == "istio" else routes_of_gateway_api(documents)
    json.dump(whole(routes, int(port), int(upstream)), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
