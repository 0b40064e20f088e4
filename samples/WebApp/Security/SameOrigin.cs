namespace WebAppSample.Security;

/// <summary>
/// Refuses changes that a page of another site asks for. The application has no sign-in, so that without this any page that is open in the
/// same browser could upload, delete and train.
/// </summary>
internal sealed class SameOrigin(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return next(context);
        // Programs send neither header. Browsers send both, and pages cannot change them.
        string? site = request.Headers["Sec-Fetch-Site"];
        string? origin = request.Headers.Origin;
        bool isForeign =
            site is not (null or "same-origin" or "none")
            || (origin is not null && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
        return isForeign
            ? Results
                .Problem(
                    "Only this application's own pages may ask for changes.",
                    statusCode: 403,
                    title: "The request comes from another site."
                )
                .ExecuteAsync(context)
            : next(context);
    }
}
