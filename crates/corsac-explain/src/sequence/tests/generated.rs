//! Random answers.
