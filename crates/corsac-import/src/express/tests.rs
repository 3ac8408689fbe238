//! What programs with `cors` are read as.
