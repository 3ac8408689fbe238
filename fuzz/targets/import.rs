//! Any text is read as each kind of configuration: no panic, an error has a line of the text, and what comes out is a policy. A change never breaks the
//! file, and `change` and `import` agree about what they read.

#![no_main]

use corsac::server::Policy;
use corsac_import::{Kind, Source, import, mend, no_includes};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let kind = Kind::ALL[usize::from(choice) % Kind::ALL.len()];
    let source = Source { name: "configuration".to_owned(), text: text.to_owned() };
    // YAML ends a line at a carriage return alone, too.
    let lines = text.replace("\r\n", "\n").split(['\n', '\r']).count() + 1;
    match import(kind, source.clone(), &mut no_includes, &[]) {
        Ok(imported) => {
            for policy in &imported.policies {
                assert!(Policy::new(&policy.config).is_ok(), "{:?}", policy.config);
                assert!((1..=lines).contains(&policy.line), "{policy:?}");
            }
            for note in &imported.notes {
                assert!((1..=lines).contains(&note.line) && note.message.ends_with('.'), "{note:?}");
            }
        }
        Err(error) => assert!((1..=lines).contains(&error.line) && !error.message.is_empty(), "{error}"),
    }
    if choice >= 128 && kind.has_changes() {
        let mended = mend(kind, source, &mut no_includes, &[]);
        for file in mended.into_iter().flat_map(|mended| mended.files) {
            let after = Source { name: file.name, text: file.after };
            assert!(import(kind, after, &mut no_includes, &[]).is_ok());
        }
    }
});
