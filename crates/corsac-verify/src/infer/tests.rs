use corsac::server::{Policy, PolicyBuilder};

use super::*;
use crate::in_memory::answer;
use crate::run::Run;

/// What is inferred about a server with this policy.
fn inferred(policy: &Policy, options: InferOptions) -> Inferred {
    let mut inference = Inference::new(&"https://api.example/items".parse().unwrap(), options);
    while let Some(case) = inference.next() {
        let mut run = Run::new(&case);
        while let Some(planned) = run.next() {
            let response = answer(policy, planned.exchange(), |_| ()).0;
            run.receive(planned.completed(Ok(response)));
        }
        inference.receive(&run.finish());
    }
    inference.finish()
}

fn with(candidates: &[&str]) -> InferOptions {
    InferOptions::default()
        .with(|options| options.candidates = candidates.iter().map(|one| (*one).to_owned()).collect())
}

/// The law: a policy whose entries are candidates comes back.
#[test]
fn a_policy_comes_back_from_what_it_answers() {
    let rows: Vec<(&str, PolicyBuilder)> = vec![
        (
            "everybody",
            Policy::builder(["*"]).expose_headers(["*"]).max_age(std::time::Duration::from_secs(0)),
        ),
        ("nobody", Policy::builder(Vec::<String>::new())),
        ("a list", Policy::builder(["https://app.example.com", "http://localhost:*"]).credentials(true)),
        (
            "wildcards",
            Policy::builder([
                "https://*.example.com",
                "https://app-*.example.org",
                "https://*.example.net:*",
            ]),
        ),
        ("an app", Policy::builder(["app://.", "moz-extension://*"])),
        ("null", Policy::builder(["https://app.example.com"]).null_origin(true)),
        (
            "permissions",
            Policy::builder(["https://app.example.com"])
                .methods(["PUT", "PURGE"])
                .request_headers(["Content-Type", "X-Acme-Id", "x-other-*"])
                .expose_headers(["ETag"])
                .max_age(std::time::Duration::from_secs(5_400)),
        ),
        (
            "any method",
            Policy::builder(["https://app.example.com"])
                .methods(["*"])
                .request_headers(["*", "Authorization"]),
        ),
        ("any header but one", Policy::builder(["https://app.example.com"]).request_headers(["*"])),
        ("timing", Policy::builder(["https://app.example.com"]).timing(true)),
    ];
    for (name, builder) in rows {
        let policy = builder.build().unwrap();
        let config = policy.config();
        let candidates: Vec<&str> = config.origins.iter().map(String::as_str).collect();
        let options = with(&candidates).with(|options| {
            options.methods = config.methods.clone();
            options.request_headers = config.request_headers.clone();
        });
        let found = inferred(&policy, options);
        let again = Policy::new(&found.config).unwrap();
        assert_eq!(again.config().origins, config.origins, "{name}: {:?}", found.unknown);
        let same = |one: &Policy| {
            let config = one.config();
            let sorted = |list: &[String]| {
                let mut list: Vec<String> = list.iter().map(|item| item.to_ascii_lowercase()).collect();
                list.sort();
                list
            };
            (
                sorted(&config.methods),
                sorted(&config.request_headers),
                sorted(&config.expose_headers),
                (config.credentials, config.null_origin, config.timing, one.max_age()),
            )
        };
        // Where nobody may do anything, nothing else shows.
        if !config.origins.is_empty() {
            assert_eq!(same(&again), same(&policy), "{name}: {:?}", found.unknown);
        }
    }
}

#[test]
fn subdomains_siblings_and_ports_are_found_from_one_origin() {
    for (entry, candidate) in [
        ("https://*.example.com", "https://app.example.com"),
        ("http://localhost:*", "http://localhost:3000"),
        ("https://*.shop.example.com", "https://a.shop.example.com"),
    ] {
        let policy = Policy::builder([entry]).build().unwrap();
        assert_eq!(inferred(&policy, with(&[candidate])).config.origins, [entry], "{candidate}");
    }
}

#[test]
fn the_own_origin_of_the_server_says_nothing_about_others() {
    let policy =
        Policy::builder(["https://api.example", "https://app.example.com"]).methods(["PUT"]).build().unwrap();
    let inferred = inferred(&policy, with(&["https://api.example", "https://app.example.com"]));
    assert_eq!(inferred.config.origins, ["https://app.example.com"]);
    assert_eq!((inferred.config.methods, inferred.config.credentials), (vec!["PUT".to_owned()], false));
}

#[test]
fn a_star_of_a_server_with_credentials_is_not_every_name() {
    // The answers of a policy without credentials have `*`; these allow them in addition.
    let policy =
        Policy::builder(["https://app.example.com"]).methods(["*"]).request_headers(["*"]).build().unwrap();
    let mut inference =
        Inference::new(&"https://api.example/items".parse().unwrap(), with(&["https://app.example.com"]));
    while let Some(case) = inference.next() {
        let mut run = Run::new(&case);
        while let Some(planned) = run.next() {
            let mut response = answer(&policy, planned.exchange(), |_| ()).0;
            for name in ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers"] {
                if response.headers.contains(name) {
                    response.headers.delete(name);
                    response.headers.append(name, "*");
                }
            }
            response.headers.append("Access-Control-Allow-Credentials", "true");
            run.receive(planned.completed(Ok(response)));
        }
        inference.receive(&run.finish());
    }
    let inferred = inference.finish();
    assert!(inferred.config.credentials);
    assert_eq!((inferred.config.methods, inferred.config.request_headers), (vec![], vec![]));
}

#[test]
fn the_limit_holds_and_is_said() {
    let origins: Vec<String> = (0..100).map(|number| format!("https://{number}.example")).collect();
    let policy = Policy::builder(origins.clone()).build().unwrap();
    let options = InferOptions::default().with(|options| {
        options.candidates = origins;
        options.limit = 20;
    });
    let found = inferred(&policy, options);
    assert!(
        found.unknown.iter().any(|one| one.code == "limit" && one.message.contains("20 requests")),
        "{:?}",
        found.unknown
    );
    assert!(found.config.origins.len() < 20);
}

#[test]
fn what_no_policy_can_say_is_left_out_and_said() {
    let mut config = corsac::server::PolicyConfig {
        origins: vec![
            "*".to_owned(),
            "https://app.example.com/".to_owned(),
            "http://app.example.com".to_owned(),
        ],
        methods: vec!["TRACE".to_owned(), "PUT".to_owned()],
        credentials: true,
        ..corsac::server::PolicyConfig::default()
    };
    let said = make_valid(&mut config);
    assert!(Policy::new(&config).is_ok());
    assert_eq!(config.methods, ["PUT"]);
    assert!(said.len() >= 3, "{said:?}");
}
