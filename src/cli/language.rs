//! `--lang`: the language of what a command prints, draws or writes for people.

use clap::{Args, ValueEnum};

use crate::report::manifest::Manifest;
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
    /// The id of the chosen language.
    pub(super) fn id(self) -> &'static str {
        match self.lang {
            LangName::En => "en",
            LangName::Kk => "kk",
            LangName::Ru => "ru",
        }
    }

    /// The catalogue of the chosen language.
    pub(super) fn text(self) -> Text {
        text_of(self.id())
    }
}

/// The option `--lang` of commands that redraw a result: without it, the language of the result.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct RedrawLangArgument {
    /// Language of figures and reports (default: that of the result)
    #[arg(long = "lang", value_enum)]
    lang: Option<LangName>,
}

impl RedrawLangArgument {
    /// The catalogue of the chosen language, or of the result's.
    pub(super) fn text_for(self, manifest: &Manifest) -> Text {
        self.lang.map_or_else(|| text_of(&manifest.language), |lang| LangArgument { lang }.text())
    }
}

/// The catalogue of a language by its id; English for any other.
pub(super) fn text_of(id: &str) -> Text {
    Text::of(match id {
        "kk" => Language::Kk,
        "ru" => Language::Ru,
        _ => Language::En,
    })
}
