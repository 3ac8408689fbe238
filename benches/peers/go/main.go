// The cases of the Rust program, for rs/cors, and for jub0bs/cors with the build tag of that name. Prints a table of Markdown: what each
// adds to a handler that answers at once.
package main

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	rs "github.com/rs/cors"
)

const turns = 16

// A response writer that keeps nothing but its headers.
type writer struct{ header http.Header }

func (w *writer) Header() http.Header         { return w.header }
func (w *writer) Write(b []byte) (int, error) { return len(b), nil }
func (w *writer) WriteHeader(int)             {}

type origins struct {
	count    int
	wildcard bool
}

func (o origins) name() string {
	if o.wildcard {
		return fmt.Sprintf("%d wildcards", o.count)
	}
	return fmt.Sprint(o.count)
}

func (o origins) entries() []string {
	var entries []string
	for number := range o.count {
		if o.wildcard {
			entries = append(entries, fmt.Sprintf("https://*.tenant-%07d.example.com", number))
		} else {
			entries = append(entries, o.asked(number))
		}
	}
	return entries
}

func (o origins) asked(number int) string {
	if o.wildcard {
		return fmt.Sprintf("https://app.tenant-%07d.example.com", number)
	}
	return fmt.Sprintf("https://tenant-%07d.example.com", number)
}

type figures struct {
	nanoseconds float64
	allocations float64
}

var cases = []string{"no-origin", "allowed", "refused", "preflight-allowed", "preflight-refused"}

func requests(o origins, name string) []*http.Request {
	var list []*http.Request
	for turn := range turns {
		preflight := strings.HasPrefix(name, "preflight")
		method := http.MethodGet
		if preflight {
			method = http.MethodOptions
		}
		request, _ := http.NewRequest(method, "https://api.example/", nil)
		request.Header.Set("User-Agent", "benchmark")
		request.Header.Set("Accept", "*/*")
		if strings.HasSuffix(name, "allowed") {
			request.Header.Set("Origin", o.asked(turn*o.count/turns))
		} else if strings.HasSuffix(name, "refused") {
			request.Header.Set("Origin", "https://evil.example")
		}
		if preflight {
			request.Header.Set("Access-Control-Request-Method", "PUT")
			request.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
		}
		list = append(list, request)
	}
	return list
}

// The best of many rounds, as in the Rust program.
func measure(handler http.Handler, list []*http.Request) figures {
	turn := 0
	one := func() {
		handler.ServeHTTP(&writer{header: make(http.Header, 8)}, list[turn%turns])
		turn++
	}
	run := func(count int) time.Duration {
		start := time.Now()
		for range count {
			one()
		}
		return time.Since(start)
	}
	count := 64
	for run(count) < 2*time.Millisecond {
		count *= 2
	}
	best := math.Inf(1)
	for range 60 {
		best = min(best, float64(run(count).Nanoseconds())/float64(count))
	}
	return figures{best, testing.AllocsPerRun(320, one)}
}

func check(handler http.Handler, o origins, name, who string) {
	w := &writer{header: make(http.Header)}
	handler.ServeHTTP(w, requests(o, name)[turns-1])
	if told := w.header.Get("Access-Control-Allow-Origin") != ""; told != strings.HasSuffix(name, "allowed") {
		fmt.Fprintf(os.Stderr, "%s, %s, %s: told %v\n", who, o.name(), name, told)
		os.Exit(1)
	}
}

// A library: its name, and a policy of its around a handler.
type contender struct {
	name string
	wrap func(origins, http.Handler) (http.Handler, error)
}

var contenders = []contender{{"rs/cors", func(o origins, inner http.Handler) (http.Handler, error) {
	return rs.New(rs.Options{
		AllowedOrigins: o.entries(), AllowCredentials: true, AllowedMethods: []string{"GET", http.MethodPut},
		AllowedHeaders: []string{"Authorization", "Content-Type"}, MaxAge: 600,
	}).Handler(inner), nil
}}}

func main() {
	inner := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/plain") })
	head, rule := "| origins | request | none |", "|---|---|---:|"
	for _, contender := range contenders {
		head += " " + contender.name + " |"
		rule += "---:|"
	}
	fmt.Println(head + "\n" + rule)
	sizes := []origins{{1, false}, {10, false}, {100, false}, {1_000, false}, {100_000, false}, {1_000, true}}
	for _, o := range sizes {
		var handlers []http.Handler
		for _, contender := range contenders {
			handler, err := contender.wrap(o, inner)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			handlers = append(handlers, handler)
		}
		for _, name := range cases {
			list := requests(o, name)
			base := measure(inner, list)
			if strings.HasPrefix(name, "preflight") {
				// Nobody asks the handler about a preflight.
				base = measure(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), list)
			}
			row := []string{fmt.Sprintf("%.0f / - / %.1f", base.nanoseconds, base.allocations)}
			for index, handler := range handlers {
				check(handler, o, name, contenders[index].name)
				got := measure(handler, list)
				row = append(row, fmt.Sprintf("%.0f / - / %.1f", got.nanoseconds-base.nanoseconds, got.allocations-base.allocations))
			}
			fmt.Printf("| %s | %s | %s |\n", o.name(), name, strings.Join(row, " | "))
		}
	}
}
