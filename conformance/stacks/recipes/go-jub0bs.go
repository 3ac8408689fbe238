// Follows https://github.com/jub0bs/cors#example
package main

import (
	"net/http"

	"github.com/jub0bs/cors"
)

func WithCORS(handler http.Handler) (http.Handler, error) {
	middleware, err := cors.NewMiddleware(cors.Config{
		Origins:         []string{"https://app.example.com", "https://*.preview.example.com"},
		Credentialed:    true,
		Methods:         []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete},
		RequestHeaders:  []string{"Authorization", "Content-Type"},
		MaxAgeInSeconds: 600,
	})
	if err != nil {
		return nil, err
	}
	return middleware.Wrap(handler), nil
}
