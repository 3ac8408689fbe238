vcl 4.1;
# A cache in front of a bucket that says `Vary` only where it was asked with an origin.
backend default { .host = "127.0.0.1"; .port = "@plain@"; }
