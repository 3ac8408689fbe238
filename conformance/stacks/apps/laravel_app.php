<?php
// The real kernel, router and exception handling of Laravel, from Debian's package. Any path; its last segment decides, as in backend.py.

use App\Http\Middleware\Cors;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Http\Request;

require '/usr/share/php/Illuminate/autoload.php';
require __DIR__ . '/Cors.php';

const OWN = [
    'Access-Control-Allow-Origin' => '*',
    'Access-Control-Allow-Credentials' => 'true',
    'Access-Control-Allow-Methods' => 'GET, PUT, TRACE',
    'Access-Control-Allow-Headers' => 'x-own',
    'Access-Control-Max-Age' => '86400',
    'Access-Control-Expose-Headers' => 'X-Own',
    'Timing-Allow-Origin' => '*',
    'Cross-Origin-Resource-Policy' => 'cross-origin',
];

/** Without the parts of an application that need files: its configuration, a log and views for errors. */
final class AppKernel extends Kernel
{
    protected $bootstrappers = [];
    protected $middleware = [Cors::class];
}

final class AppHandler extends Handler
{
    public function report(Throwable $error)
    {
    }

    public function render($request, Throwable $error)
    {
        $status = $this->isHttpException($error) ? $error->getStatusCode() : 500;
        return response('', $status, $this->isHttpException($error) ? $error->getHeaders() : []);
    }
}

$app = new Application(__DIR__);
$app->instance('config', new Illuminate\Config\Repository(['app' => ['debug' => false]]));
$app->singleton(ExceptionHandler::class, AppHandler::class);
$app->singleton(Illuminate\Contracts\Http\Kernel::class, AppKernel::class);
$app->singleton(Illuminate\Contracts\Routing\ResponseFactory::class, fn ($app) => new class {
    public function make($content = '', $status = 200, array $headers = [])
    {
        return new Illuminate\Http\Response($content, $status, $headers);
    }
});

$app['router']->any('/{path}', function (string $path) {
    $last = basename($path);
    if ($last === '500') {
        throw new RuntimeException('a broken handler');
    }
    if ($last === 'redirect') {
        return new Illuminate\Http\RedirectResponse('items');
    }
    if (in_array($last, ['401', '413', '502'], true)) {
        abort((int) $last);
    }
    if ($last !== 'items' && $last !== 'own') {
        abort(404);
    }
    return new Illuminate\Http\Response("here\n", 200, $last === 'own' ? OWN : []);
})->where('path', '.*');

$kernel = $app->make(Illuminate\Contracts\Http\Kernel::class);
$request = Request::capture();
$response = $kernel->handle($request);
$response->send();
$kernel->terminate($request, $response);
