//! Experiments: questions that take many assessments, or many studies, to answer.

pub mod choice;
pub mod survey;
