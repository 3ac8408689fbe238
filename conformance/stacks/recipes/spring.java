// Follows https://docs.spring.io/spring-framework/reference/web/webmvc-cors.html
// The Java configuration there. It names `allowedOriginPatterns` for origins that are not fixed. The list of methods also decides about requests without a
// preflight, so HEAD is in it.

import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration
class WebConfig implements WebMvcConfigurer {
    @Override
    public void addCorsMappings(CorsRegistry registry) {
        registry.addMapping("/**")
                .allowedOriginPatterns("https://app.example.com", "https://*.preview.example.com")
                .allowedMethods("GET", "HEAD", "POST", "PUT", "DELETE")
                .allowedHeaders("Authorization", "Content-Type")
                .allowCredentials(true)
                .maxAge(600);
    }
}
