using Microsoft.Playwright;

namespace MLNetExtensions.WebApp.Tests.Browser;

/// <summary>A page in a browser, which notes what it complains of.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public OpenPage(IBrowserContext context, IPage page, string address)
    {
        (_context, Page) = (context, page);
        // The machine may be busy.
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Add($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.Request += (_, request) =>
        {
            if (!new[] { address, "data:", "blob:" }.Any(own => request.Url.StartsWith(own, StringComparison.Ordinal)))
                Complaints.Add($"request: {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, uncaught errors, and requests that leave the application.</summary>
    public List<string> Complaints { get; } = [];

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
