// Follows https://github.com/gin-contrib/cors#advanced-options
package main

import (
	"time"

	"github.com/gin-contrib/cors"
)

var CORS = cors.New(cors.Config{
	AllowOrigins:     []string{"https://app.example.com", "https://*.preview.example.com"},
	AllowWildcard:    true,
	AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
	AllowHeaders:     []string{"Authorization", "Content-Type"},
	AllowCredentials: true,
	MaxAge:           10 * time.Minute,
})
