using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.ML;
using Microsoft.Playwright;
using Xunit;

namespace MLNetExtensions.Reports.Tests.Browser;

[NeedsChromium]
public sealed class ReportInBrowserTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly DrawnScores _rows = new(400);

    public void Dispose() => _rows.Dispose();

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_page_loads_without_a_complaint(ColorScheme scheme)
    {
        await using OpenReport open = await browser.OpenAsync(Write(), scheme: scheme);

        await open.Page.EvaluateAsync("document.querySelectorAll('img').forEach(image => image.loading = 'eager')");
        await Assertions.Expect(open.Page.Locator("main")).ToContainTextAsync("Worst mistakes");
        int broken = await open.Page.EvaluateAsync<int>(
            "Promise.all([...document.images].map(i => i.decode().then(() => 0, () => 1))).then(all => all.reduce((a, b) => a + b, 0))"
        );

        Assert.Equal(0, broken);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_cell_of_the_matrix_opens_its_images()
    {
        await using OpenReport open = await browser.OpenAsync(Write());
        ILocator cell = open.Page.Locator("button[data-cell='1-2']");
        int count = int.Parse((await cell.InnerTextAsync()).Split('\n')[0]);

        await cell.ClickAsync();

        ILocator panel = open.Page.Locator("#cell");
        await Assertions.Expect(panel).ToBeVisibleAsync();
        await Assertions.Expect(panel.Locator("h3")).ToHaveTextAsync($"{count} “dandelion” wrongly predicted as “roses”");
        await Assertions.Expect(panel.Locator("img")).ToHaveCountAsync(Math.Min(count, 12));
        Assert.True(await panel.Locator("img").First.EvaluateAsync<bool>("i => i.decode().then(() => i.naturalWidth > 0)"));
        await open.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(panel).ToBeHiddenAsync();
        await Assertions.Expect(cell).ToBeFocusedAsync();
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_cell_opens_by_the_keyboard()
    {
        await using OpenReport open = await browser.OpenAsync(Write());
        ILocator cell = open.Page.Locator("button[data-cell='1-1']");

        await cell.FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(cell).ToHaveAttributeAsync("aria-expanded", "true");
        await Assertions.Expect(open.Page.Locator("#cell")).ToBeFocusedAsync();
        await open.Page.Locator("#cell-close").ClickAsync();
        await Assertions.Expect(cell).ToHaveAttributeAsync("aria-expanded", "false");
    }

    [Fact]
    public async Task The_table_of_classes_sorts_both_ways()
    {
        await using OpenReport open = await browser.OpenAsync(Write());
        ILocator header = open.Page.Locator("table.sortable thead button", new PageLocatorOptions { HasTextString = "Support" });

        await header.ClickAsync();
        double[] descending = await Column();
        await header.ClickAsync();
        double[] ascending = await Column();

        Assert.Equal(descending.OrderDescending(), descending);
        Assert.Equal(descending.Order(), ascending);
        Assert.NotEqual(descending[0], descending[^1]);

        Task<double[]> Column() =>
            open.Page.EvaluateAsync<double[]>("[...document.querySelectorAll('table.sortable tbody tr')].map(r => +r.cells[5].dataset.v)");
    }

    [Theory]
    [InlineData(360)]
    [InlineData(768)]
    [InlineData(1280)]
    public async Task The_page_is_not_wider_than_the_screen(int width)
    {
        await using OpenReport open = await browser.OpenAsync(Write(), width);

        Assert.Equal(width, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task The_theme_can_be_chosen()
    {
        await using OpenReport open = await browser.OpenAsync(Write());
        string automatic = await Background();

        await open.Page.Locator("#theme").ClickAsync();
        string light = await Background();
        await open.Page.Locator("#theme").ClickAsync();
        string dark = await Background();

        Assert.Equal(automatic, light);
        Assert.NotEqual(light, dark);

        Task<string> Background() => open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task On_paper_it_is_light_and_nothing_is_folded()
    {
        await using OpenReport open = await browser.OpenAsync(Write(), scheme: ColorScheme.Dark);

        await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await open.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");

        Assert.Equal("rgb(255, 255, 255)", await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(0, await open.Page.Locator("details:not([open])").CountAsync());
        await Assertions.Expect(open.Page.Locator("#theme")).ToBeHiddenAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing(ColorScheme scheme)
    {
        await using OpenReport open = await browser.OpenAsync(Write(), scheme: scheme);
        await open.Page.Locator("button[data-cell='1-2']").ClickAsync();

        AxeResult result = await open.Page.RunAxe();

        Assert.True(
            result.Violations.Length == 0,
            string.Join(
                '\n',
                result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}: {n.Any.FirstOrDefault()?.Message}"))
            )
        );
        Assert.NotEmpty(result.Passes);
    }

    private HtmlReport Write() =>
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
}
