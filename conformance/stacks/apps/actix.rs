// Any path; its last segment decides, as in backend.py. `cors` is the compiled file.
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

mod cors;

const OWN: [(&str, &str); 7] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-credentials", "true"),
    ("access-control-allow-methods", "GET, PUT, TRACE"),
    ("access-control-allow-headers", "x-own"),
    ("access-control-max-age", "86400"),
    ("access-control-expose-headers", "X-Own"),
    ("cross-origin-resource-policy", "cross-origin"),
];

async fn answer(request: HttpRequest) -> HttpResponse {
    let last = request.path().rsplit('/').next().unwrap_or_default();
    match last {
        "401" | "413" | "500" | "502" => HttpResponse::build(StatusCode::from_bytes(last.as_bytes()).unwrap()).finish(),
        "redirect" => HttpResponse::Found().insert_header(("location", "items")).finish(),
        "items" => HttpResponse::Ok().body("here\n"),
        "own" => {
            let mut response = HttpResponse::Ok();
            for header in OWN {
                response.insert_header(header);
            }
            response.body("here\n")
        }
        _ => HttpResponse::NotFound().finish(),
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).unwrap();
    let cors = cors::cors().unwrap();
    HttpServer::new(move || App::new().default_service(web::to(answer)).wrap(cors.clone()))
        .workers(1)
        .bind(format!("127.0.0.1:{port}"))?
        .run()
        .await
}
