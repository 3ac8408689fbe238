//! `corsac demo`: it ends by itself, finds what its routes hide, and is a door to the page of `corsac ui`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::command::{binary, corsac, run};
use crate::server::{Server, response};
use crate::ui::Page;

#[test]
fn the_demo_checks_each_route_and_exits_with_0() {
    let run = corsac(["demo"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:#?}");
    let commands = run.stdout.lines().filter(|line| line.trim_start().starts_with("$ corsac check ")).count();
    assert!(commands >= 16, "{commands} routes");
    for part in [
        "BLOCKED",
        "FAILED",
        "OPAQUE",
        "READABLE",
        "Access-Control-Allow-Origin: http://localhost:",
        "corsac demo --serve",
        "[policy.demo]",
        "→ readable",
        "routes work with the policy",
        "Not fixable by a policy",
    ] {
        assert!(run.stdout.contains(part), "no {part:?} in\n{}", run.stdout);
    }
    assert!(!run.stdout.contains('\u{1b}'));
    let wide: Vec<&str> = run.stdout.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}

#[test]
fn the_demo_ignores_proxies_and_works_if_its_port_is_taken() {
    let proxy = Server::answering(response(502, &[]));
    let mut command = binary();
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"] {
        command.env(name, proxy.url(""));
    }
    // Another demo runs, so the ports are taken.
    let other = serving();
    command.arg("demo");
    let run = run(command, b"");
    assert_eq!(run.status, 0, "{run:#?}");
    assert!(proxy.requests().is_empty());
    drop(other);
}

#[test]
fn a_port_that_is_taken_is_an_error_with_serve() {
    let taken = Server::answering("");
    let run = corsac(["demo", "--serve", "--port", &taken.address.port().to_string()]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{run:#?}");
    assert!(run.stderr.contains("--port"), "{run:#?}");
    assert_eq!(corsac(["demo", "--port", "0"]).status, 2, "a port is for --serve");
}

/// `corsac demo --serve` on free ports, until dropped.
fn serving() -> Page {
    Page::of(&["demo", "--serve", "--no-open", "--port", "0"])
}

/// The host and the port of its API.
fn api(serving: &Page) -> &str {
    serving.text.split_once("http://").unwrap().1.split_whitespace().next().unwrap().trim_end_matches('.')
}

#[test]
fn asking_each_route_on_the_page_finds_its_mistake() {
    let page = serving();
    let demo = page.get("/demo.json", &[]).json();
    let routes = demo["routes"].as_array().unwrap();
    assert!(routes.len() >= 16, "{} routes", routes.len());
    for route in routes {
        let mut question = route.as_object().unwrap().clone();
        let title = question.remove("title").unwrap();
        let expected = question.remove("expected").unwrap();
        question.remove("broken").unwrap();
        question.insert("confirmed".into(), true.into());
        let report = &page.answer("ask", &question.into())["report"];
        let found =
            [&report["reason"]["code"], &report["diagnosis"][0]["code"], &report["findings"][0]["code"]];
        assert!(expected.is_null() || found.contains(&&expected), "{title}: {report:#}");
    }
}

#[test]
fn the_page_is_that_of_corsac_ui_under_the_name_that_the_api_allows() {
    let serving = serving();
    assert!(serving.text.contains("corsac check http://127.0.0.1:"), "{}", serving.text);
    let page = serving.get("/", &[]);
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, Some("text/html; charset=utf-8")),
        "{page:?}"
    );
    let html = page.text();
    assert!(html.starts_with("<!doctype html>") && html.contains("data-view=\"ask\""), "{html}");
    let demo = serving.get("/demo.json", &[]).json();
    assert_eq!(demo["routes"][0]["origin"], serving.origin());
    assert_eq!(serving.get("/nothing-here", &[]).status, 404);
}

/// From the kernel's tables, since no connection from here could show that another machine is refused.
#[cfg(target_os = "linux")]
#[test]
fn every_socket_listens_on_the_loopback_address() {
    let serving = serving();
    let process = format!("/proc/{}", serving.child.id());
    let sockets: Vec<String> = std::fs::read_dir(format!("{process}/fd"))
        .unwrap()
        .filter_map(|file| std::fs::read_link(file.unwrap().path()).ok())
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    let mut listening = Vec::new();
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        for line in
            std::fs::read_to_string(format!("{process}/net/{table}")).unwrap_or_default().lines().skip(1)
        {
            // 1: the address in hexadecimal, and the port; 3: the state, where 0A is listening and 07 what UDP always is; 9: the socket
            let fields: Vec<&str> = line.split_whitespace().collect();
            if ["0A", "07"].contains(&fields[3]) && sockets.iter().any(|socket| socket == fields[9]) {
                listening.push((table, fields[1].split_once(':').unwrap().0.to_owned()));
            }
        }
    }
    // The API, the files, the page, the API with a policy, and the two origins of Prove.
    assert_eq!(listening.len(), 6, "{listening:?}");
    for (table, address) in listening {
        assert_eq!((table, address.as_str()), ("tcp", "0100007F"));
    }
}

#[test]
fn no_response_contains_anything_of_an_earlier_request() {
    let serving = serving();
    let ask = |request: String| {
        let mut stream = TcpStream::connect(api(&serving)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        // Responses differ in the second at which they were made.
        response.lines().filter(|line| !line.starts_with("date:")).collect::<Vec<_>>().join("\n")
    };
    let get = |path: &str| ask(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    let before = get("/no-headers");
    let posted = ask(
        "POST /no-headers?secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: secret\r\nContent-Length: 6\r\n\r\nsecret"
            .to_owned(),
    );
    assert!(before.starts_with("HTTP/1.1 200") && !posted.contains("secret"), "{before}\n{posted}");
    assert_eq!(get("/no-headers"), before);
}

#[test]
fn the_report_in_the_readme_is_what_the_command_prints() {
    let readme = include_str!("../../../../README.md");
    let (_, shown) = readme.split_once("$ corsac check http://127.0.0.1:8917/login-first ").unwrap();
    let (arguments, shown) = shown.split_once('\n').unwrap();
    assert_eq!(arguments, "--origin http://localhost:8918 -H 'Authorization: Bearer token'");
    let (shown, _) = shown.split_once("\n```").unwrap();

    // The README has the ports of `corsac demo --serve`, and here others are free.
    let serving = serving();
    let api = format!("http://{}", api(&serving));
    let url = format!("{api}/login-first");
    let printed =
        corsac(["check", &url, "--origin", &serving.origin(), "-H", "Authorization: Bearer token"]).stdout;
    let shown =
        shown.replace("http://127.0.0.1:8917", &api).replace("http://localhost:8918", &serving.origin());

    // Ports of other lengths break lines elsewhere.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&printed).starts_with(&words(&shown)), "{shown}\nis not how this begins:\n{printed}");
}
