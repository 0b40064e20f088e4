namespace WebAppSample.Security;

/// <summary>Tells browsers to run this application's own scripts alone, to guess no types, and to show no page inside another.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Own =
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // Scalar's page and the reports have scripts and styles inside. A report states a stricter policy of its own.
    private const string WithInline =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        bool hasInline = path.StartsWithSegments("/scalar") || path.Value?.EndsWith("/report", StringComparison.Ordinal) == true;
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = hasInline ? WithInline : Own;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    }
}
