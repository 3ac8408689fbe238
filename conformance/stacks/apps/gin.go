package main

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

func serve() (http.Handler, error) {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(gin.Recovery(), CORS)
	router.Any("/*path", func(context *gin.Context) {
		if strings.HasSuffix(context.Request.URL.Path, "/500") {
			panic("a broken handler")
		}
		answer(context.Writer, context.Request)
	})
	return router, nil
}
