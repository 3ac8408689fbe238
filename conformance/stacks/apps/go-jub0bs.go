package main

import "net/http"

func serve() (http.Handler, error) { return WithCORS(http.HandlerFunc(answer)) }
