//go:build jub0bs

package main

import (
	"net/http"

	jub0bs "github.com/jub0bs/cors"
)

func init() {
	contenders = append(contenders, contender{"jub0bs/cors", func(o origins, inner http.Handler) (http.Handler, error) {
		middleware, err := jub0bs.NewMiddleware(jub0bs.Config{
			Origins: o.entries(), Credentialed: true, Methods: []string{http.MethodPut},
			RequestHeaders: []string{"Authorization", "Content-Type"}, MaxAgeInSeconds: 600,
		})
		if err != nil {
			return nil, err
		}
		return middleware.Wrap(inner), nil
	}})
}
