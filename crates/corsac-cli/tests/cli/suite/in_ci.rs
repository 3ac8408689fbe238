//! `action.yml` and `.pre-commit-hooks.yaml`: their commands run as they are written.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{HOLDS, api};
use crate::command::{Run, run};
use crate::policy::TextFile;

const NARROW: &str = "[policy.app]\norigins = [\"https://app.example.com\"]\n";
const WIDE: &str = "[policy.app]\norigins = [\"https://app.example.com\", \"https://b.example.com\"]\n";

fn read(name: &str) -> (String, Value) {
    let text = std::fs::read_to_string(format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let value = serde_saphyr::from_str(&text).unwrap();
    (text, value)
}

/// A shell in which `corsac` is the built binary.
fn shell(program: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_corsac")).parent().unwrap().to_owned();
    let paths = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<_>>();
    let mut command = Command::new(program);
    command.env("PATH", std::env::join_paths([binary].into_iter().chain(paths)).unwrap());
    command
}

/// Runs the step of this name as GitHub does: its script in a file, with the values of its variables.
fn step(name: &str, inputs: &[(&str, &str)]) -> Run {
    let (_, action) = read("action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let step = steps.iter().find(|step| step["name"] == name).unwrap();
    assert_eq!(step["shell"], "bash", "{name}");
    let script = TextFile::new("script.sh", step["run"].as_str().unwrap());
    let mut command = shell("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", script.path()]);
    for (variable, value) in step["env"].as_object().unwrap() {
        let input = value.as_str().unwrap().trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        assert!(action["inputs"][input].is_object(), "{name}: {input} is no input");
        let default = action["inputs"][input]["default"].as_str().unwrap();
        let given = inputs.iter().find(|(name, _)| *name == input).map_or(default, |(_, value)| *value);
        command.env(variable, given);
    }
    run(command, b"")
}

#[test]
fn an_input_of_the_action_is_never_part_of_a_script() {
    let (text, action) = read("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step:#}");
    }
    assert!(text.contains("inputs.suite"), "{text}");
}

#[test]
fn the_steps_of_the_action_pass_and_fail_as_the_commands_do() {
    let server = api();
    let good = TextFile::new(
        "a $(touch x) 'b'.toml",
        HOLDS.replace("{server}", server.url("").trim_end_matches('/')),
    );
    let bad = TextFile::new(
        "bad.toml",
        std::fs::read_to_string(good.path()).unwrap().replace("\"allowed\"", "\"blocked\""),
    );
    let (narrow, wide) = (TextFile::new("narrow.toml", NARROW), TextFile::new("wide.toml", WIDE));
    let broken = TextFile::new("broken.toml", "[policy.app]\norigins = [\"app.example\"]\n");
    let (lint, diff, check) =
        ("Lint the policy", "Compare the policy with the one before", "Check the suite");
    let table = [
        ("Install corsac", vec![], 0, "corsac "),
        (lint, vec![("policy", narrow.path())], 0, "no problems"),
        (lint, vec![("policy", broken.path())], 1, "1 error"),
        (lint, vec![("policy", "--help")], 2, ""),
        (diff, vec![("policy", narrow.path()), ("base-policy", wide.path())], 0, ""),
        (diff, vec![("policy", wide.path()), ("base-policy", narrow.path())], 1, "https://b.example.com"),
        (check, vec![("suite", good.path())], 0, "10 of 10 checks hold."),
        (check, vec![("suite", bad.path()), ("retries", "2")], 1, "::error file="),
        (check, vec![("suite", good.path()), ("retries", "1; true")], 2, ""),
    ];
    for (name, inputs, status, words) in table {
        let ended = step(name, &inputs);
        assert_eq!(ended.status, status, "{name} {inputs:?}: {ended:#?}");
        assert!(ended.stdout.contains(words), "{name} {inputs:?}: {ended:#?}");
    }
}

#[test]
fn the_hooks_run_as_pre_commit_runs_them() {
    let (_, hooks) = read(".pre-commit-hooks.yaml");
    let server = api();
    let suite = HOLDS.replace("{server}", server.url("").trim_end_matches('/'));
    let (policy, suite) = (TextFile::new("corsac.toml", NARROW), TextFile::new("corsac.suite.toml", suite));
    let repository = Path::new(policy.path()).parent().unwrap().to_owned();
    std::fs::copy(suite.path(), repository.join("corsac.suite.toml")).unwrap();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"];
        let done =
            Command::new("git").args(identity).args(arguments).current_dir(&repository).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "corsac.toml"]);
    git(&["commit", "-qm", "a"]);

    let hook = |id: &str| {
        let hook = hooks.as_array().unwrap().iter().find(|hook| hook["id"] == id).unwrap();
        let words = shlex::split(hook["entry"].as_str().unwrap()).unwrap();
        let mut command = shell(&words[0]);
        command.args(&words[1..]).current_dir(&repository);
        command.args(hook["args"].as_array().into_iter().flatten().map(|word| word.as_str().unwrap()));
        if hook["pass_filenames"] != false {
            command.arg("corsac.toml");
        }
        run(command, b"").status
    };
    let ids = ["corsac-policy-lint", "corsac-policy-diff", "corsac-suite"];
    assert_eq!(hooks.as_array().unwrap().len(), ids.len());
    assert_eq!(ids.map(hook), [0, 0, 0]);
    std::fs::write(policy.path(), WIDE).unwrap();
    assert_eq!(ids.map(hook), [0, 1, 0]);
    std::fs::write(policy.path(), "[policy.app]\norigins = [\"app.example\"]\n").unwrap();
    assert_eq!(ids.map(hook), [1, 1, 0]);
}
