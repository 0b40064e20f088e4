using Microsoft.ML;
using Microsoft.Playwright;
using Xunit;

namespace MLNetExtensions.Reports.Tests.Browser;

/// <summary>
/// Draws the report: light, dark, of a phone's width, opened, on paper. With MLNETX_SCREENSHOTS, a folder, the pictures stay there to be
/// looked at.
/// </summary>
[NeedsChromium]
public sealed class ScreenshotTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DrawnScores _rows = new(400);

    public void Dispose() => _rows.Dispose();

    [Theory]
    [InlineData("light", 1280, ColorScheme.Light)]
    [InlineData("dark", 1280, ColorScheme.Dark)]
    [InlineData("phone", 360, ColorScheme.Light)]
    [InlineData("phone-dark", 360, ColorScheme.Dark)]
    public async Task Screens(string name, int width, ColorScheme scheme)
    {
        await using OpenReport open = await browser.OpenAsync(Classes(), width, scheme: scheme);
        await open.Page.Locator("button[data-cell='1-2']").ClickAsync();

        byte[] picture = await open.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true });

        Keep($"{name}.png", picture);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Paper()
    {
        await using OpenReport open = await browser.OpenAsync(Classes());

        byte[] paper = await open.Page.PdfAsync(new PagePdfOptions { Format = "A4" });

        Keep("paper.pdf", paper);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Numbers()
    {
        using var numbers = new DrawnNumbers(600);
        HtmlReport report = _ml.Vision()
            .WriteReport(numbers.View(_ml), Path.Combine(numbers.Folder, "report.html"), new HtmlReportOptions { Title = "Ripeness" });
        await using OpenReport open = await browser.OpenAsync(report);

        byte[] picture = await open.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true });

        Keep("numbers.png", picture);
        Assert.Empty(open.Complaints);
    }

    [Theory]
    [InlineData("labels", 1280, ColorScheme.Light)]
    [InlineData("labels-phone-dark", 360, ColorScheme.Dark)]
    public async Task Labels(string name, int width, ColorScheme scheme)
    {
        using var rows = new DrawnLabelSets(400);
        HtmlReport report = _ml.Vision()
            .WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "report.html"), new HtmlReportOptions { Title = "Scenes" });
        await using OpenReport open = await browser.OpenAsync(report, width, scheme: scheme);

        byte[] picture = await open.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true });

        Keep($"{name}.png", picture);
        Assert.Empty(open.Complaints);
    }

    [Theory]
    [InlineData("objects", 1280, ColorScheme.Light)]
    [InlineData("objects-phone-dark", 360, ColorScheme.Dark)]
    public async Task Objects(string name, int width, ColorScheme scheme)
    {
        using var rows = new DrawnObjects(60);
        HtmlReport report = _ml.Vision()
            .WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "report.html"), new HtmlReportOptions { Title = "Shapes" });
        await Shoot(report, name, width, scheme);
    }

    [Theory]
    [InlineData("masks", 1280, ColorScheme.Light)]
    [InlineData("masks-phone-dark", 360, ColorScheme.Dark)]
    public async Task Masks(string name, int width, ColorScheme scheme)
    {
        using var rows = new DrawnMasks(40);
        HtmlReport report = _ml.Vision()
            .WriteReport(rows.View(_ml), Path.Combine(rows.Folder, "report.html"), new HtmlReportOptions { Title = "Shapes" });
        await Shoot(report, name, width, scheme);
    }

    private async Task Shoot(HtmlReport report, string name, int width, ColorScheme scheme)
    {
        await using OpenReport open = await browser.OpenAsync(report, width, scheme: scheme);

        byte[] picture = await open.Page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true });

        Keep($"{name}.png", picture);
        Assert.Empty(open.Complaints);
        Assert.False(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"));
    }

    private HtmlReport Classes() =>
        _ml.Vision()
            .WriteReport(
                _rows.View(_ml),
                Path.Combine(_rows.Folder, "report.html"),
                new HtmlReportOptions
                {
                    Title = "Flowers",
                    Training = DrawnRun.Result,
                    TrainerOptions = DrawnRun.Options,
                    RepeatCommand = "mlnetx train photos --seed 5",
                }
            );

    private static void Keep(string name, byte[] picture)
    {
        Assert.NotEmpty(picture);
        if (Environment.GetEnvironmentVariable("MLNETX_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, name), picture);
    }
}
