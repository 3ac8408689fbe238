// Any path; its last segment decides, as in backend.py.
package app;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@SpringBootApplication
public class Application {
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, "--server.address=127.0.0.1", "--server.port=" + arguments[0], "--logging.level.root=OFF",
                "--spring.main.banner-mode=off");
    }
}

@RestController
class Answers {
    private static final Map<String, String> OWN = Map.of("Access-Control-Allow-Origin", "*", "Access-Control-Allow-Credentials", "true",
            "Access-Control-Allow-Methods", "GET, PUT, TRACE", "Access-Control-Allow-Headers", "x-own", "Access-Control-Max-Age", "86400",
            "Access-Control-Expose-Headers", "X-Own", "Timing-Allow-Origin", "*", "Cross-Origin-Resource-Policy", "cross-origin");

    @RequestMapping("/**")
    ResponseEntity<String> answer(HttpServletRequest request) {
        String path = request.getRequestURI();
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "500":
                throw new IllegalStateException("a broken handler");
            case "401", "413", "502":
                throw new ResponseStatusException(HttpStatus.valueOf(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1))));
            case "redirect":
                return ResponseEntity.status(302).header("Location", "items").build();
            case "items":
                return ResponseEntity.ok("here");
            case "own":
                ResponseEntity.BodyBuilder own = ResponseEntity.ok();
                OWN.forEach(own::header);
                return own.body("here");
            default:
                throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
    }
}
