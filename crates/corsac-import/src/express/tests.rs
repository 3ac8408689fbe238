//! What programs with `cors` are read as.

use crate::asking::testing::{ask, read, takes_linear_time};
use crate::{Kind, Source, import, no_includes};

/// The origins of the first policy, `-` if there is none, and the codes of the notes with their lines.
fn imported(text: &str) -> (String, String) {
    let source = Source { name: "app.js".to_owned(), text: text.to_owned() };
    let imported = import(Kind::Express, source, &mut no_includes, &[])
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    let origins = imported.policies.first().map_or("-".to_owned(), |policy| policy.config.origins.join(" "));
    let notes: Vec<String> =
        imported.notes.iter().map(|note| format!("{}:{}", note.line, note.code)).collect();
    (origins, notes.join(" "))
}

const APP: &str = "https://app.example.com";

#[test]
fn the_options_of_a_call_are_found_and_nothing_else_is_taken_for_them() {
    let many = format!(
        "{}const corsOptions = {{ origin: ['{APP}'] }};\napp.use(cors(corsOptions));",
        "const a = 1; ".repeat(60)
    );
    let annotated = format!(
        "const o: cors.CorsOptions = {{\n origin: ['{APP}'] as string[],\n}} satisfies CorsOptions;\napp.use(cors<Request>(o));"
    );
    let elsewhere = "const o = require('./o');\n// app.use(cors());\nconst s3 = new S3Client({ region: 'r', credentials: { accessKeyId: id } });\napp.use(cors(o));";
    let comment = format!(
        "/*\napp.use(cors({{ origin: '*' }}));\n*/ const s = \"cors({{origin: '*'}})\";\napp.use(cors({{ origin: ['{APP}'] }}));"
    );
    let delegate = "const delegate = (req, callback) => {\n callback(null, { origin: true, credentials: true });\n};\napp.use(cors(delegate));";
    let exported = format!(
        "const x = {{ cors: {{ origin: 'https://chat.example.com' }} }};\nexport const corsOptions = {{ origin: ['{APP}'] }};"
    );
    let renamed = format!(
        "import express from 'express';\nimport allow, {{ CorsOptions }} from 'cors';\napp.use(allow({{ origin: ['{APP}'] }}));"
    );
    let template = format!(
        "const t = `${{f(`cors({{`)}} it's`;\nconst r = /['\"`]/.test(x), q = a / b;\napp.use(cors({{ origin: ['{APP}'] }}));"
    );
    for (name, text, origins, notes) in [
        ("after many constants", many.as_str(), APP, ""),
        ("with a type", &annotated, APP, ""),
        ("from another file", elsewhere, "-", "4:line-not-read"),
        ("after a comment", &comment, APP, ""),
        (
            "beside socket.io",
            "new Server(s, { cors: { origin: ['https://chat.example.com'] } });\napp.use(cors());",
            "*",
            "",
        ),
        ("a delegate", delegate, "-", "4:line-not-read"),
        ("exported", &exported, APP, ""),
        ("under another name", &renamed, APP, ""),
        ("required in place", &format!("app.use(require('cors')({{ origin: ['{APP}'] }}))"), APP, ""),
        ("after templates", &template, APP, ""),
        ("a method that is called so", "class A { cors() { return 1; } }\napp.use(cors());", "*", ""),
    ] {
        assert_eq!(imported(text), (origins.to_owned(), notes.to_owned()), "{name}");
    }
}

#[test]
fn constants_of_the_same_file_are_read_and_what_is_computed_is_not() {
    let spread = format!(
        "const shared = {{ credentials: false }};\nconst more = ['{APP}'];\napp.use(cors({{ ...shared, origin: [...more, 'https://b.example.com'] }}));"
    );
    let both = format!("{APP} https://b.example.com");
    for (name, text, origins, notes) in [
        ("a list", format!("const list = ['{APP}'];\napp.use(cors({{ origin: list }}));"), APP, ""),
        (
            "its own name",
            format!("const origin = ['{APP}'] as const;\napp.use(cors({{ origin }}));"),
            APP,
            "",
        ),
        ("put in", spread, both.as_str(), ""),
        (
            "changed",
            format!("const list = ['{APP}'];\nlist.push(process.env.X);\napp.use(cors({{ origin: list }}));"),
            APP,
            "2:line-not-read",
        ),
        (
            "a part changed",
            format!(
                "const o = {{ origin: ['{APP}'] }};\no.origin.push('https://b.example');\napp.use(cors(o));"
            ),
            APP,
            "2:line-not-read",
        ),
        (
            "an item of a part changed",
            format!(
                "const o = {{ origin: ['{APP}'] }};\no['origin'][0] = 'https://b.example';\napp.use(cors(o));"
            ),
            APP,
            "2:line-not-read",
        ),
        (
            "assigned to",
            format!("const o = {{ origin: ['{APP}'] }};\nObject.assign(o, more);\napp.use(cors(o));"),
            APP,
            "2:line-not-read",
        ),
        (
            "only looked at",
            format!(
                "const o = {{ origin: ['{APP}'] }};\nif (o.origin[0] === x) f(o.origin.map(g).push(1));\napp.use(cors(o));"
            ),
            APP,
            "",
        ),
        (
            "computed",
            format!("const list = ['{APP}'].concat(more);\napp.use(cors({{ origin: list }}));"),
            "-",
            "2:line-not-read",
        ),
        (
            "in a circle",
            "const a = b;\nconst b = a;\napp.use(cors({ origin: a }));".to_owned(),
            "-",
            "3:line-not-read",
        ),
        (
            "put in from elsewhere",
            format!("app.use(cors({{ ...shared, origin: ['{APP}', , x] }}));"),
            APP,
            "1:line-not-read 1:line-not-read",
        ),
    ] {
        assert_eq!(imported(&text), (origins.to_owned(), notes.to_owned()), "{name}");
    }
}

#[test]
fn options_without_effect_are_noted() {
    for (name, options, notes) in [
        ("quotes", r"origin: '/\.example\.com$/'", "1:origin-never-matches"),
        (
            "computed credentials",
            "origin: ['https://a.example'], credentials: process.env.C === 'true'",
            "1:line-not-read",
        ),
        ("quoted credentials", "origin: ['https://a.example'], credentials: 'true'", "1:without-effect"),
        (
            "misspelt",
            "origin: ['https://a.example'], optionSuccessStatus: 200,\nallowHeaders: ['x-a']",
            "1:without-effect 2:without-effect",
        ),
        ("lower case", "origin: ['https://a.example'], methods: ['GET',\n'patch']", "2:method-never-matches"),
        ("nobody", "origin: []", "1:without-effect"),
        ("no methods", "origin: ['https://a.example'],\nmethods: undefined", "2:without-effect"),
        ("computed flag", "origin: ['https://a.example'],\npreflightContinue: isDev", "2:line-not-read"),
        ("a star in a list", "origin: ['https://a.example',\n'*']", "2:origin-never-matches"),
    ] {
        assert_eq!(imported(&format!("app.use(cors({{ {options} }}));")).1, notes, "{name}");
    }
    let server =
        read("cors({ origin: '*', methods: null })", |files| crate::read(Kind::Express, files)).unwrap();
    assert_eq!(ask(&*server, "OPTIONS", "/", &[("Origin", APP)], 200).status, 500);
}

#[test]
fn each_part_of_the_server_has_its_own_call() {
    let parts = "app.use('/a', cors({ origin: ['https://a.example'] }));\napp.use('/b', cors({ origin: ['https://b.example'] }));";
    let source = Source { name: "app.js".to_owned(), text: parts.to_owned() };
    let found = import(Kind::Express, source, &mut no_includes, &[]).unwrap();
    let policies: Vec<(&str, &[String])> = found
        .policies
        .iter()
        .map(|policy| (policy.at.as_ref().map_or("", |at| at.as_str()), policy.config.origins.as_slice()))
        .collect();
    assert_eq!(
        policies,
        [("/a", &["https://a.example".to_owned()][..]), ("/b", &["https://b.example".to_owned()][..])]
    );
    let other = format!(
        "app.use(cors({{ origin: ['{APP}'] }}));\napp.options('*', cors());\napp.get('/open', cors({{ origin: true }}), f);"
    );
    assert_eq!(imported(&other), (APP.to_owned(), "2:without-effect 3:line-not-read".to_owned()));
    let same = format!("const o = {{ origin: ['{APP}'] }};\napp.use(cors(o));\napp.options('*', cors(o));");
    assert_eq!(imported(&same), (APP.to_owned(), String::new()));
}

#[test]
fn options_that_a_function_assigns_are_not_read() {
    let delegate = "module.exports = function (req, callback) {\n var corsOptions;\n if (whitelist.indexOf(req.header('Origin')) !== -1) {\n  corsOptions = { origin: true };\n } else {\n  corsOptions = { origin: false };\n }\n callback(null, corsOptions);\n};";
    let class =
        format!("export class Config {{\n private corsOptions: CorsOptions = {{ origin: ['{APP}'] }};\n}}");
    for (name, text, origins, notes) in
        [("a delegate", delegate, "-", "4:line-not-read"), ("a class", &class, APP, "")]
    {
        assert_eq!(imported(text), (origins.to_owned(), notes.to_owned()), "{name}");
    }
}

#[test]
fn more_paths_than_get_a_policy_are_noted() {
    let mounts = |count: usize| {
        let calls = (0..count).map(|n| format!("app.use('/a{n}', cors(o));\n")).collect::<String>();
        let text = format!("const o = {{ origin: ['{APP}'] }};\n{calls}");
        read(&text, |files| crate::read(Kind::Express, files)).unwrap()
    };
    assert_eq!(mounts(50).places().len(), 50);
    let many = mounts(51).places();
    let whys: Vec<_> = many.iter().map(|place| place.is_more_than_prefix.as_deref()).collect();
    assert_eq!(
        whys,
        [Some("`cors` is called for more than 50 paths, which are not read, and not for the whole server.")]
    );
}

#[test]
fn many_names_and_mounts_are_read_in_linear_time() {
    type Row = fn(usize) -> String;
    let rows: [(&str, Row); 2] = [
        ("imports", |n| format!("import c{n} from \"cors\";")),
        ("mounts", |n| format!("app.use(\"/a{n}\",cors(o));")),
    ];
    for (name, row) in rows {
        takes_linear_time(name, |size| {
            let rows = (0..size).map(row).collect::<String>();
            let text = format!("const o={{origin:['{APP}']}};{rows}");
            let _ = read(&text, |files| crate::read(Kind::Express, files));
        });
    }
}
