using Microsoft.Playwright;
using MLNetExtensions.Reports.Tests.Browser;
using Xunit;

namespace MLNetExtensions.WebApp.Tests.Browser;

/// <summary>One Chromium for all tests of a class.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            // In containers, where tests run as root, Chromium does not start with its sandbox; it opens the tests' own pages alone.
            new BrowserTypeLaunchOptions { ExecutablePath = NeedsChromiumAttribute.Program, Args = ["--no-sandbox"] }
        );
    }

    /// <summary>Opens a page of the application.</summary>
    internal async Task<OpenPage> OpenAsync(
        RunningApp app,
        string path,
        int width = 1280,
        int height = 800,
        ColorScheme scheme = ColorScheme.Light
    )
    {
        IBrowserContext context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = scheme,
            }
        );
        var open = new OpenPage(context, await context.NewPageAsync(), app.Address);
        await open.Page.GotoAsync($"{app.Address}{path}");
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
