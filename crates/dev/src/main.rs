//! `make gen` and `make gen-check`: files that are written from the tables of the engine.

use numoxide_dev::{check, generate};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outdated = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["gen"] => generate(),
        ["gen", "--check"] => check(),
        _ => {
            eprintln!("usage: numoxide-dev gen [--check]");
            return ExitCode::from(2);
        }
    };
    match outdated {
        Ok(names) if names.is_empty() => ExitCode::SUCCESS,
        Ok(names) => {
            eprintln!("out of date, run `make gen`: {}", names.join(", "));
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
