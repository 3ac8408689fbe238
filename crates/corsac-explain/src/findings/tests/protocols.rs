//! Headers that clients of protocols read: each is named with who needs it, and headers that nobody misses are not offered.

use super::*;

/// Name, case, who needs it, and the names in the line that mends it; or nothing.
type Row = (&'static str, Case, Option<(&'static str, &'static str)>);

#[test]
fn a_header_that_a_protocol_needs_is_named_with_the_protocol() {
    let put = |url: &str| case(&[STAR, ("ETag", "\"1\"")]).at(url).method("PUT").preflight(PUT);
    let table: Vec<Row> = vec![
        (
            "tus",
            case(&[STAR, ("Upload-Offset", "7"), ("Tus-Resumable", "1.0.0")]),
            Some(("tus clients", "Upload-Offset")),
        ),
        (
            "tus, exposed",
            case(&[
                STAR,
                ("Upload-Offset", "7"),
                ("Tus-Resumable", "1.0.0"),
                ("Access-Control-Expose-Headers", "upload-offset"),
            ]),
            None,
        ),
        (
            "what is exposed already stays",
            case(&[
                STAR,
                ("Upload-Offset", "7"),
                ("Tus-Resumable", "1.0.0"),
                ("Access-Control-Expose-Headers", "X-A"),
            ]),
            Some(("tus clients", "X-A, Upload-Offset")),
        ),
        (
            "gRPC-Web",
            case(&[STAR, ("grpc-status", "5"), ("Content-Type", "application/grpc-web+proto")]),
            Some(("gRPC-Web", "grpc-status")),
        ),
        ("no gRPC-Web", case(&[STAR, ("Content-Type", "application/json")]), None),
        ("MCP", case(&[STAR, ("Mcp-Session-Id", "7")]), Some(("MCP", "Mcp-Session-Id"))),
        ("S3, a part", put("https://b.test/k?partNumber=1&uploadId=7"), Some(("S3", "ETag"))),
        ("S3, a whole", put("https://b.test/k"), None),
        (
            "pdf.js",
            case(&[STAR, ("Content-Type", "application/pdf"), ("Accept-Ranges", "bytes")]),
            Some(("pdf.js", "Accept-Ranges")),
        ),
        (
            "an image that takes ranges",
            case(&[STAR, ("Content-Type", "image/png"), ("Accept-Ranges", "bytes")]),
            None,
        ),
        (
            "a download",
            case(&[STAR, ("Content-Disposition", "attachment; filename=a.csv")]),
            Some(("download", "Content-Disposition")),
        ),
        ("shown in place", case(&[STAR, ("Content-Disposition", "inline")]), None),
        ("a list in pages", case(&[STAR, ("Link", "</x?p=2>; rel=\"next\"")]), Some(("paginated", "Link"))),
        ("a style sheet", case(&[STAR, ("Link", "</x.css>; rel=preload")]), None),
        (
            "a list that is counted",
            case(&[STAR, ("X-Total-Count", "9")]),
            Some(("paginated", "X-Total-Count")),
        ),
        (
            "a new resource",
            case(&[STAR, ("Location", "/x/1")]).status(201),
            Some(("new resource", "Location")),
        ),
        ("a rate limit", case(&[STAR, ("Retry-After", "9")]).status(429), Some(("retry", "Retry-After"))),
    ];
    for (name, case, expected) in table {
        let found = case.findings();
        let finding = found.iter().find(|finding| finding.code == "protocol-header-not-exposed");
        let Some((who, names)) = expected else {
            assert_eq!(finding, None, "{name}");
            continue;
        };
        let finding = finding.expect(name);
        assert!(finding.message.contains(who), "{name}: {finding:?}");
        assert_eq!(finding.fix, format!("Send `Access-Control-Expose-Headers: {names}`."), "{name}");
        // It is said once.
        let others = found.iter().filter(|other| other.code == "response-header-not-exposed");
        assert_eq!(others.count(), 0, "{name}: {found:#?}");
    }
}

const PUT: Headers = &[STAR, ("Access-Control-Allow-Methods", "PUT"), MAX_AGE];

#[test]
fn a_location_with_http_is_found_where_https_is_left_and_not_on_a_development_server() {
    let created = |url: &str, page: &str, location: &'static str| {
        let headers: Vec<(&str, &str)> = vec![STAR, ("Location", location)];
        case(headers.leak()).at(url).page(page).method("POST").status(201)
    };
    for (url, page, location, severity) in [
        ("https://api.test/f", PAGE, "http://api.test/f/1", Some(FindingSeverity::Problem)),
        ("https://api.test/f", PAGE, "/f/1", None),
        ("http://localhost:8080/f", "http://localhost:3000", "http://localhost:8080/f/1", None),
        (
            "http://localhost:8080/f",
            "http://localhost:3000",
            "http://tus.test/f/1",
            Some(FindingSeverity::Warning),
        ),
    ] {
        let found = created(url, page, location).findings();
        let finding = found.iter().find(|finding| finding.code == "location-is-http");
        assert_eq!(finding.map(|finding| finding.severity), severity, "{url} {location}");
    }
}

#[test]
fn of_an_image_that_is_allowed_only_to_requests_with_an_origin_the_browsers_own_copy_is_named() {
    const PNG: (&str, &str) = ("Content-Type", "image/png");
    let says = |case: Case| -> Vec<String> {
        let found = case.findings().into_iter().filter(|finding| finding.code == "vary-missing");
        found.map(|finding| finding.message + &finding.fix).collect()
    };
    let copied = says(case(&[STAR, PNG]).controls(&[PNG], &[STAR, PNG]));
    assert!(
        copied[0].contains("An `<img>` without `crossorigin`") && copied[0].contains("canvas"),
        "{copied:?}"
    );
    // No element loads that.
    let data = says(case(&[OK, ("Content-Type", "application/json")]).controls(&[], &[VARY]));
    assert!(!data[0].contains("crossorigin"), "{data:?}");
    // The copy has `Vary`, so the browser does not use it for others.
    let apart = says(case(&[STAR, PNG, VARY]).controls(&[PNG, VARY], &[STAR, PNG, VARY]));
    assert!(apart.is_empty(), "{apart:?}");
}
