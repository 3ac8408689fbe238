use super::{compiled, written};

/// The names in the list, and some above and below each.
#[test]
fn the_written_list_says_what_the_compiled_one_says() {
    let mut names: Vec<String> = ["", "localhost", "a.localhost", "example.test"].map(str::to_owned).to_vec();
    for line in include_str!("list.txt").lines() {
        let (parent, labels) = line.split_once(' ').unwrap();
        for label in labels.split(' ') {
            let label = label.trim_start_matches(['~', '!']).replace('*', "any");
            let name = if parent.is_empty() { label } else { format!("{label}.{parent}") };
            names.extend([format!("x.{name}"), format!("y.x.{name}"), format!("z.y.x.{name}"), name]);
        }
        names.extend(
            parent.match_indices('.').filter_map(|(dot, _)| parent.get(dot + 1..)).map(str::to_owned),
        );
        names.push(parent.to_owned());
    }
    assert!(names.len() > 40_000);
    for name in names {
        assert_eq!(written::suffix(&name), compiled::suffix(&name), "{name}");
        assert_eq!(written::registrable(&name), compiled::registrable(&name), "{name}");
    }
}
