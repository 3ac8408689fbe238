use super::*;
use crate::asking::testing::takes_linear_time;
use crate::files::{Source, no_includes};

/// What a reader makes of a text.
fn read<T>(text: &str, reader: impl FnOnce(&Files<'_>) -> T) -> T {
    let mut include = no_includes;
    let source = Source { name: "test".to_owned(), text: text.to_owned() };
    reader(&Files::new(source, &mut include).unwrap())
}

/// Reads everything of a program.
fn program(files: &Files<'_>) {
    let mut program = Program::new(files, 0);
    let _ = program.whole();
    for call in program.calls("cors", "enableCors") {
        let _ = program.argument(&call);
    }
    let _ = program.object_with("cors", |key, _| key == "a");
    let _ = program.changes();
}

/// A tree in one line, each value with its line: `{a@1:[x@2,1@3]@2}@1`.
fn short(node: &Node) -> String {
    let line = node.at.line;
    match &node.value {
        Value::Null => format!("~@{line}"),
        Value::Bool(boolean) => format!("{boolean}@{line}"),
        Value::Number(number) => format!("#{number}@{line}"),
        Value::Text(text) => format!("{text}@{line}"),
        Value::List(items) => {
            format!("[{}]@{line}", items.iter().map(short).collect::<Vec<_>>().join(","))
        }
        Value::Map(entries) => {
            let entries =
                entries.iter().map(|(key, node)| format!("{}@{}:{}", key.text, key.at.line, short(node)));
            format!("{{{}}}@{line}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

#[test]
fn each_form_becomes_a_tree_with_lines() {
    type Reader = fn(&Files<'_>) -> Result<Vec<Node>, ImportError>;
    let json: Reader = |files| Ok(vec![json(files, 0)?]);
    let yaml: Reader = |files| yaml(files, 0);
    let xml: Reader = |files| Ok(vec![xml(files, 0)?]);
    let properties: Reader =
        |files| java_properties(files, 0).into_iter().map(|entries| nested(files, 0, entries)).collect();
    let rows: &[(&str, Reader, &str, &[&str])] = &[
        (
            "an object",
            json,
            "{\n \"a\": [true, null,\n 1.5, \"x\"]\n}",
            &["{a@2:[true@2,~@2,#1.5@3,x@3]@2}@1"],
        ),
        ("comments and commas", json, "// c\n{/* d\n*/ \"a\": 1, }", &["{a@3:#1@3}@2"]),
        ("a repeated key", json, "{\"a\": 1,\n\"a\": 2}", &["{a@2:#2@2}@1"]),
        ("a byte order mark", json, "\u{feff}{}", &["{}@1"]),
        ("a list", yaml, "a:\n  - x\n  - 'true'\n  - true\n", &["{a@1:[x@2,true@3,true@4]@2}@1"]),
        (
            "several documents",
            yaml,
            "---\na: 1\n---\n# nothing\n---\nb:\n  c: ~\n",
            &["{a@2:#1@2}@2", "{b@6:{c@7:~@7}@7}@6"],
        ),
        ("an alias", yaml, "a: &x [1, 2]\nb: *x\n", &["{a@1:[#1@1,#2@1]@1,b@2:[#1@1,#2@1]@1}@1"]),
        (
            "a merge key",
            yaml,
            "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\n",
            &["{a@1:{k@1:#1@1,l@1:#2@1}@1,b@2:{k@1:#1@1,l@4:#3@4}@3}@1"],
        ),
        (
            "merged maps",
            yaml,
            "- &x {k: 1}\n- &y {k: 2, m: 4}\n- <<: [*x, *y]\n",
            &["[{k@1:#1@1}@1,{k@2:#2@2,m@2:#4@2}@2,{k@1:#1@1,m@2:#4@2}@3]@1"],
        ),
        ("line breaks of Windows", yaml, "a:\r\n  b: x\r\n", &["{a@1:{b@2:x@2}@2}@1"]),
        (
            "elements",
            xml,
            "<?xml version='1.0'?>\n<r xmlns='u'>\n<a>x &amp; y</a><a> z </a>\n<b><c/></b></r>",
            &["{r@2:{a@3:[x & y@3,z@3]@3,b@4:{c@4:@4}@4}@2}@2"],
        ),
        ("one element", xml, "<r><a><b>1</b></a></r>", &["{r@1:{a@1:{b@1:1@1}@1}@1}@1"]),
        (
            "nested keys",
            properties,
            "# c\na.b=x\n! d\na.c[1] : z\na.c[0]  y\n",
            &["{a@2:{b@2:x@2,c@4:[y@5,z@4]@4}@2}@2"],
        ),
        (
            "a continued line",
            properties,
            "a=x, \\\n    y\nb=\\\\\nc\\=d=\\u0041\\:\n",
            &["{a@1:x, y@1,b@3:\\@3,c=d@4:A:@4}@1"],
        ),
        (
            "keys in brackets",
            properties,
            "a.[/v1.0/**].b=x\na.[/**]=y\n",
            &["{a@1:{/v1.0/**@1:{b@1:x@1}@1,/**@2:y@2}@1}@1"],
        ),
        ("documents of properties", properties, "a=1\n#---\nb=2\n", &["{a@1:1@1}@1", "{b@3:2@3}@3"]),
    ];
    for (name, reader, text, expected) in rows {
        let nodes = read(text, reader).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(nodes.iter().map(short).collect::<Vec<_>>(), *expected, "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_line() {
    type Reader = fn(&Files<'_>) -> Result<Vec<Node>, ImportError>;
    let json: Reader = |files| Ok(vec![json(files, 0)?]);
    let yaml: Reader = |files| yaml(files, 0);
    let xml: Reader = |files| Ok(vec![xml(files, 0)?]);
    let properties: Reader =
        |files| java_properties(files, 0).into_iter().map(|entries| nested(files, 0, entries)).collect();
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned()
        + &('b'..='i')
            .zip('a'..)
            .map(|(name, before)| format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", ")))
            .collect::<String>();
    let large = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 1_000].join(", "));
    let many = format!("[\n{}]", "1,".repeat(100_001));
    let rows: &[(&str, Reader, &str, usize, &str)] = &[
        ("no JSON", json, "{\n\"a\": }", 2, "not JSON"),
        ("an empty file", json, " \n", 1, "empty"),
        ("deep JSON", json, &format!("\n{}{}", "[".repeat(102), "]".repeat(102)), 2, "100 levels"),
        ("deeper JSON", json, &"[".repeat(100_000), 1, "not JSON"),
        ("many values", json, &many, 2, "100000 values"),
        ("no YAML", yaml, "a: 1\nb: [1\nc: 2\n", 3, "not YAML"),
        ("a template", yaml, "a: 1\n{{- if .Values.cors }}\nb: 2\n{{ end }}\n", 2, "helm template"),
        ("an alias of nothing", yaml, "a: 1\nb: *x\n", 2, "not YAML"),
        ("a circle", yaml, "a: &x\n  b: *x\n", 2, "inside of what it names"),
        ("a bomb", yaml, &bomb, 6, "100000 values"),
        ("repeated text", yaml, &large, 2, "repeat more text"),
        ("deep YAML", yaml, &"- ".repeat(200), 1, ""),
        ("no XML", xml, "<a>\n<b></a>", 2, "not XML"),
        ("entities", xml, "<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>", 1, "not XML"),
        ("deep XML", xml, &("<a>".repeat(200) + &"</a>".repeat(200)), 1, "100 levels"),
        ("large XML", xml, &" ".repeat(200_000), 1, "128 KiB"),
        ("deep keys", properties, &format!("x=1\n{}=1", "a.".repeat(5_000)), 2, "100 levels"),
    ];
    for (name, reader, text, line, part) in rows {
        let error = read(text, reader).unwrap_err();
        assert_eq!(error.line, *line, "{name}: {error}");
        assert!(error.message.contains(part), "{name}: {error}");
    }
}

#[test]
fn keys_are_found_as_spring_and_others_compare_them() {
    let node = read("allowed-origins: [a, 1, true]\nmax_age: '3'\nflag: \"yes\"", |files| {
        yaml(files, 0).unwrap().remove(0)
    });
    let texts = |node: &Node| node.texts().into_iter().map(|text| text.text).collect::<Vec<_>>();
    assert_eq!(texts(node.relaxed("allowedOrigins").unwrap().1), ["a", "1", "true"]);
    assert_eq!(node.get("allowedOrigins"), None);
    assert_eq!(node.get("max_age").unwrap().whole_number(), Some(3));
    assert_eq!(node.get("flag").unwrap().boolean(), Some(true));
}

#[test]
fn long_lines_of_brackets_are_read_in_linear_time() {
    for text in [
        "[.",
        "[",
        "a[",
        "].",
        "{[",
        "\\",
        "- ",
        "? ",
        "*a ",
        "&a ",
        "<a>",
        "a b=\"",
        "cors({",
        "cors({a:",
        "={a:",
        "/[",
        "`${",
        "a,",
        "const a=[a,a];",
        "import a,",
        "cors<",
        "'\\",
        "({[`",
        ")]}",
        "a=/*",
    ] {
        takes_linear_time(text, |size| {
            let long = text.repeat(size);
            let _ = read(&long, |files| yaml_or_json(files, 0));
            let _ = read(&long, |files| nested(files, 0, java_properties(files, 0).concat()));
            read(&long, program);
            let _ = read(&long, |files| xml(files, 0));
            let _ = read(&long, |files| json(files, 0));
        });
    }
}

#[test]
fn programs_with_many_names_are_read_in_linear_time() {
    type Row = fn(usize) -> String;
    let rows: [(&str, Row, &str, Row, &str); 4] = [
        ("imports", |n| format!("import c{n} from \"cors\";"), "", |_| String::new(), ""),
        // Half as many, so that there are not too many values.
        ("lists", |n| format!("const a{n}=[];"), "cors({a:[", |n| format!("...a{n},"), "]});"),
        ("changes", |n| format!("const a{n}=[];a{n}.push(1);"), "cors({a:[", |n| format!("...a{n},"), "]});"),
        ("mounts", |n| format!("app.use(\"/a{n}\",cors(o));"), "const o={};", |_| String::new(), ""),
    ];
    for (name, before, begin, row, end) in rows {
        takes_linear_time(name, |size| {
            let all = |row: Row| (0..size / 2).map(row).collect::<String>();
            let long = format!("{}{begin}{}{end}", all(before), all(row));
            read(&long, program);
        });
    }
}

proptest::proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "[\\[\\]{}:,.&*a<>/\\\\\"'# \n\t|?!=é0-]{0,60}") {
        let _ = read(&text, |files| yaml_or_json(files, 0));
        let _ = read(&text, |files| nested(files, 0, java_properties(files, 0).concat()));
        read(&text, program);
        let _ = read(&text, |files| xml(files, 0));
        let _ = read(&text, |files| json(files, 0));
    }
}
