using Microsoft.Playwright;
using Xunit;

namespace MLNetExtensions.Reports.Tests.Browser;

/// <summary>One Chromium for all tests of a class.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            // In containers, where tests run as root, Chromium does not start with its sandbox; it opens the tests' own files alone.
            new BrowserTypeLaunchOptions { ExecutablePath = NeedsChromiumAttribute.Program, Args = ["--no-sandbox"] }
        );
    }

    /// <summary>Opens a report, without a network, and notes what the page complains of.</summary>
    internal async Task<OpenReport> OpenAsync(HtmlReport report, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = scheme,
                Offline = true,
            }
        );
        return await OpenReport.OpenAsync(context, report);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
