//! The command line of boljam.

fn main() {}
