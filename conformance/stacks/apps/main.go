// Any path; its last segment decides, as in backend.py.
package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

var own = map[string]string{
	"Access-Control-Allow-Origin":      "*",
	"Access-Control-Allow-Credentials": "true",
	"Access-Control-Allow-Methods":     "GET, PUT, TRACE",
	"Access-Control-Allow-Headers":     "x-own",
	"Access-Control-Max-Age":           "86400",
	"Access-Control-Expose-Headers":    "X-Own",
	"Timing-Allow-Origin":              "*",
	"Cross-Origin-Resource-Policy":     "cross-origin",
}

func answer(response http.ResponseWriter, request *http.Request) {
	last := request.URL.Path[strings.LastIndex(request.URL.Path, "/")+1:]
	switch last {
	case "401", "413", "500", "502":
		status, _ := strconv.Atoi(last)
		http.Error(response, "an error", status)
	case "redirect":
		http.Redirect(response, request, "items", http.StatusFound)
	case "own":
		for name, value := range own {
			response.Header().Set(name, value)
		}
		fmt.Fprintln(response, "here")
	case "items":
		fmt.Fprintln(response, "here")
	default:
		http.NotFound(response, request)
	}
}

func main() {
	handler, err := serve()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, http.ListenAndServe("127.0.0.1:"+os.Args[1], handler))
}
