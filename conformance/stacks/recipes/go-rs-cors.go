// Follows https://github.com/rs/cors#parameters
// The list of methods also decides about requests without a preflight, so HEAD is in it.
package main

import (
	"net/http"

	"github.com/rs/cors"
)

func WithCORS(handler http.Handler) http.Handler {
	return cors.New(cors.Options{
		AllowedOrigins:   []string{"https://app.example.com", "https://*.preview.example.com"},
		AllowedMethods:   []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete},
		AllowedHeaders:   []string{"Authorization", "Content-Type"},
		AllowCredentials: true,
		MaxAge:           600,
	}).Handler(handler)
}
