//! The user's local network, and request headers that have no effect.

use std::net::IpAddr;

use corsac::browser::{AddressSpace, Engine, LocalNetworkAccess, Mode, Reason, Refusal};
use corsac::header::is_forbidden_request_header;
use corsac::origin::Origin;

use super::{Evidence, Finding, FindingSeverity, quoted};
use crate::browser_name;

pub(super) fn find(evidence: &Evidence<'_>, found: &mut Vec<Finding>) {
    found.extend(local_network_access(evidence));
    found.extend(
        evidence
            .refused_for_location
            .iter()
            .map(|(engine, refusal)| for_its_location(*engine, refusal, evidence)),
    );
    found.extend(ignored_request_header(evidence));
}

fn local_network_access(evidence: &Evidence<'_>) -> Option<Finding> {
    let space = AddressSpace::of(evidence.address?);
    let request = evidence.request;
    let own_origin = request.origin().same_origin(&Origin::of(&request.init().url));
    if space == AddressSpace::Public || own_origin || page_space(evidence)? != AddressSpace::Public {
        return None;
    }
    // That finding mentions the other browsers, too.
    if !evidence.refused_for_location.is_empty() && request.init().client.secure_context {
        return None;
    }
    let place = if space == AddressSpace::Loopback {
        "on the user's own machine"
    } else {
        "in the user's own network"
    };
    let (message, fix) = if request.init().client.secure_context {
        (
            format!(
                "The server is {place}, and the page is not. {} ask the user for permission first, and no header \
                 changes that.",
                browsers_that_ask()
            ),
            "Tell your users to expect the prompt, or serve the page from the same network.",
        )
    } else {
        (
            format!(
                "The server is {place}, and the page is not. It is not on https either, and Chromium lets only https \
                 pages ask the user for permission."
            ),
            "Serve the page over https.",
        )
    };
    Some(Finding::new("local-network-access", FindingSeverity::Warning, message, fix))
}

/// The browsers that ask the user before a page may connect to the local network.
fn browsers_that_ask() -> String {
    let asking = Engine::BROWSERS
        .iter()
        .filter(|engine| engine.profile().local_network_access != LocalNetworkAccess::Off);
    asking.map(|engine| browser_name(*engine)).collect::<Vec<_>>().join(" and ")
}

fn for_its_location(engine: Engine, refusal: &Refusal, evidence: &Evidence<'_>) -> Finding {
    let name = browser_name(engine);
    let (message, fix) = if refusal.reason == Reason::MixedContent {
        (
            format!(
                "{name} refuses plain http on an https page, even to this machine. {} ask the user for permission \
                 first.",
                browsers_that_ask()
            ),
            "Serve the API over https, or use another browser during development.",
        )
    } else {
        (
            format!("{name} refuses this because the server is in a more private network than the page."),
            "Serve the page from the same network during development.",
        )
    };
    let fix = format!(
        "{fix} To test the server as it will be deployed, add your other options to:\n{}",
        as_deployed(evidence)
    );
    Finding::new("refused-where-it-is-now", FindingSeverity::Warning, message, fix)
}

/// The command that tests this server under the URL of the deployed one, which only the reader knows.
fn as_deployed(evidence: &Evidence<'_>) -> String {
    let request = evidence.request;
    let url = &request.init().url;
    let mut deployed = url.clone();
    // It is http or https and has a host: these cannot fail.
    let _ = deployed.set_scheme("https");
    let _ = deployed.set_host(Some("api.example.com"));
    let _ = deployed.set_port(None);
    // Only NUL cannot be quoted, and no URL has one.
    let command = [
        "corsac",
        "check",
        url.as_str(),
        "--url-of",
        deployed.as_str(),
        "--origin",
        request.origin().as_str(),
    ];
    shlex::try_join(command).unwrap_or_default()
}

/// The address space that the page was loaded from: the one that the caller gave, or else the one that its origin suggests.
fn page_space(evidence: &Evidence<'_>) -> Option<AddressSpace> {
    let client = &evidence.request.init().client;
    if client.address_space.is_some() {
        return client.address_space;
    }
    if client.origin.is_local() {
        return Some(AddressSpace::Loopback);
    }
    let host = client.origin.host()?;
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    Some(match address {
        Ok(address) => AddressSpace::of(address),
        Err(_) if !host.contains('.') || host.ends_with(".local") || host.ends_with(".internal") => {
            AddressSpace::Local
        }
        Err(_) => AddressSpace::Public,
    })
}

fn ignored_request_header(evidence: &Evidence<'_>) -> Option<Finding> {
    let ignored = evidence.request.ignored_headers();
    let names = |forbidden: bool| -> Vec<&str> {
        let lines =
            ignored.iter().filter(|line| is_forbidden_request_header(&line.name, &line.value) == forbidden);
        lines.map(|line| line.name.as_str()).collect()
    };
    let (forbidden, unsafe_here) = (names(true), names(false));
    let mut messages = Vec::new();
    if !forbidden.is_empty() {
        messages.push(format!(
            "Browsers do not let scripts set {}, and send the request without it.",
            quoted(&forbidden)
        ));
    }
    if !unsafe_here.is_empty() && evidence.request.init().mode == Mode::NoCors {
        messages.push(format!("In mode `no-cors` browsers do not send {}.", quoted(&unsafe_here)));
    }
    let is_cookie = forbidden.iter().any(|name| name.eq_ignore_ascii_case("cookie"));
    let fix = match (is_cookie, unsafe_here.is_empty()) {
        (true, _) => {
            "The browser sends cookies itself if the request is made with `credentials: \"include\"`."
        }
        (false, false) => "If the server needs the header, remove `mode: \"no-cors\"`.",
        (false, true) => "Remove it from the page's code.",
    };
    (!messages.is_empty())
        .then(|| Finding::new("ignored-request-header", FindingSeverity::Warning, messages.join(" "), fix))
}
