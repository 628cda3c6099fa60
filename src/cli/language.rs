//! `--lang`: the language of what a command prints, draws or writes for people.

use clap::{Args, ValueEnum};

use crate::text::{Language, Text};

/// The option `--lang`, shared by every command that has words for people.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct LangArgument {
    /// Language of tables, figures and reports; identifiers in CSV and JSON do not change
    #[arg(long = "lang", value_enum, default_value = "en")]
    lang: LangName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LangName {
    /// English
    En,
    /// Kazakh
    Kk,
    /// Russian
    Ru,
}

impl LangArgument {
    /// The catalogue of the chosen language.
    pub(super) fn text(self) -> Text {
        Text::of(match self.lang {
            LangName::En => Language::En,
            LangName::Kk => Language::Kk,
            LangName::Ru => Language::Ru,
        })
    }
}
