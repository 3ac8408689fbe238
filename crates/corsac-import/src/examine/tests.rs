use crate::{Imported, Kind, Source, import, no_includes};

fn imported(kind: Kind, text: &str) -> Imported {
    let source = Source { name: "test".into(), text: text.into() };
    import(kind, source, &mut no_includes, &[]).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_method_that_one_origin_may_not_use_is_in_no_policy() {
    let rules = |second: &str| {
        let text = format!(
            r#"[{{"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["GET", "PUT"]}},
                {{"AllowedOrigins": ["https://b.example"], "AllowedMethods": [{second}]}}]"#
        );
        imported(Kind::S3, &text).policies.swap_remove(0)
    };
    for (second, methods, remarks) in [
        (r#""GET""#, vec![], 1),
        (r#""GET", "DELETE""#, vec![], 2),
        (r#""GET", "PUT", "DELETE""#, vec!["PUT"], 1),
        (r#""GET", "PUT""#, vec!["PUT"], 0),
    ] {
        let policy = rules(second);
        assert_eq!(policy.config.origins, ["https://a.example", "https://b.example"], "{second}");
        assert_eq!(policy.config.methods, methods, "{second}");
        let about_methods =
            policy.remarks.iter().filter(|remark| remark.starts_with("Not all of these origins"));
        assert_eq!(about_methods.count(), remarks, "{second}: {:?}", policy.remarks);
    }
}
