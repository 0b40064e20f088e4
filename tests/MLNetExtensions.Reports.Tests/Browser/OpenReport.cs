using Microsoft.Playwright;

namespace MLNetExtensions.Reports.Tests.Browser;

/// <summary>A report in a browser.</summary>
internal sealed class OpenReport : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private OpenReport(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, uncaught errors, and requests of other files than the page itself.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<OpenReport> OpenAsync(IBrowserContext context, HtmlReport report)
    {
        var open = new OpenReport(context, await context.NewPageAsync());
        string address = new Uri(report.Path).AbsoluteUri;
        open.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                open.Complaints.Add($"{message.Type}: {message.Text}");
        };
        open.Page.PageError += (_, error) => open.Complaints.Add(error);
        open.Page.Request += (_, request) =>
        {
            if (request.Url != address && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                open.Complaints.Add($"request: {request.Url}");
        };
        await open.Page.GotoAsync(address);
        return open;
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
