using System.Net.Http.Json;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using MLNetExtensions.Reports.Tests.Browser;
using MLNetExtensions.TestData.Photos;
using WebAppSample.Labeling;
using WebAppSample.Storage;
using Xunit;

namespace MLNetExtensions.WebApp.Tests.Browser;

/// <summary>The pages as a person uses them. With MLNETX_SCREENSHOTS, a folder, pictures stay there to be looked at.</summary>
[NeedsChromium]
public sealed class PagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private static readonly LocatorAssertionsToContainTextOptions Patient = new() { Timeout = 120_000 };

    private RunningApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        _app = await RunningApp.StartAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_chosen_image_is_predicted_and_explained()
    {
        await using OpenPage open = await browser.OpenAsync(_app, "/");
        IPage page = open.Page;

        await page.SetInputFilesAsync("#file", PhotoFiles.PathOf("420.jpg"));

        await Assertions.Expect(page.Locator("#bars meter")).ToHaveCountAsync(5);
        await Assertions.Expect(page.Locator("#time")).ToContainTextAsync("ms, model: CIFAR-10");
        await page.Locator("#explain").ClickAsync();
        await Assertions.Expect(page.Locator("#overlay")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#explain-note")).ToContainTextAsync("regions");
        await KeepAsync(page, "predict");
        await page.Locator("#explain").ClickAsync();
        await Assertions.Expect(page.Locator("#overlay")).ToBeHiddenAsync();
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_file_that_is_no_image_is_explained_to_the_person()
    {
        await using OpenPage open = await browser.OpenAsync(_app, "/");

        await open.Page.SetInputFilesAsync(
            "#file",
            new FilePayload
            {
                Name = "photo.jpg",
                MimeType = "image/jpeg",
                Buffer = "no image"u8.ToArray(),
            }
        );

        await Assertions.Expect(open.Page.Locator("#error")).ToContainTextAsync("JPEG, PNG, WebP, GIF or BMP");
        await Assertions.Expect(open.Page.Locator("#result")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Images_are_added_and_labeled_by_the_keyboard_alone()
    {
        await using OpenPage open = await browser.OpenAsync(_app, "/label.html");
        IPage page = open.Page;
        await AddClassAsync(page, "rose");
        await AddClassAsync(page, "tulip");
        await page.SetInputFilesAsync(
            "#file",
            Enumerable
                .Range(0, 3)
                .Select(i => new FilePayload
                {
                    Name = $"photo{i}.jpg",
                    MimeType = "image/jpeg",
                    Buffer = DrawnPhoto.Encode(seed: i, 120, 90),
                })
        );
        await Assertions.Expect(page.Locator("#uploads")).ToHaveTextAsync("3 of 3 added.");
        await Assertions.Expect(page.Locator("#name")).ToContainTextAsync("1 of 3");

        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("2");
        await page.Keyboard.PressAsync("2");
        await Assertions.Expect(page.Locator("#classes")).ToContainTextAsync("tulip (2)");
        await page.Keyboard.PressAsync("0");
        await Assertions.Expect(page.Locator("#classes")).ToContainTextAsync("tulip (1)");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("1");
        await Assertions.Expect(page.Locator("#classes")).ToContainTextAsync("rose (2)");
        await page.Keyboard.PressAsync("Delete");
        await Assertions.Expect(page.Locator("#count")).ToHaveTextAsync("2 images");

        List<PhotoAnswer> left = await _app.GetAsync<List<PhotoAnswer>>("/api/images");
        Assert.Equal(["rose", "rose"], left.Select(image => image.Label));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Typed_digits_are_text_and_no_labels()
    {
        await _app.Client.PostAsJsonAsync("/api/classes", new ClassRequest("rose"));
        await _app.PostAsync("/api/images", DrawnPhoto.Encode(seed: 1, 64, 48));
        await using OpenPage open = await browser.OpenAsync(_app, "/label.html");
        await Assertions.Expect(open.Page.Locator("#name")).ToContainTextAsync("no class yet");

        await open.Page.Locator("#class").PressSequentiallyAsync("class 1");
        await open.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(open.Page.Locator("#classes")).ToContainTextAsync("class 1 (0)");
        Assert.Null(Assert.Single(await _app.GetAsync<List<PhotoAnswer>>("/api/images")).Label);
    }

    [Fact]
    public async Task Names_are_shown_as_texts_and_never_run()
    {
        const string Name = "<img src=x onerror=alert(1)>";
        await _app.Client.PostAsJsonAsync("/api/classes", new ClassRequest(Name));
        await _app.PostAsync($"/api/images?name={Uri.EscapeDataString(Name)}", DrawnPhoto.Encode(seed: 1, 64, 48));

        await using OpenPage open = await browser.OpenAsync(_app, "/label.html");

        await Assertions.Expect(open.Page.Locator("#classes")).ToContainTextAsync(Name);
        await Assertions.Expect(open.Page.Locator("#name")).ToContainTextAsync(Name);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_model_is_trained_reported_and_switched_back()
    {
        await using OpenPage label = await browser.OpenAsync(_app, "/label.html");
        await label.Page.Locator("#examples").ClickAsync();
        await Assertions.Expect(label.Page.Locator("#count")).ToHaveTextAsync("60 images");
        await KeepAsync(label.Page, "label");
        await using OpenPage open = await browser.OpenAsync(_app, "/models.html");
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("#ready")).ToContainTextAsync("60 labeled images in 4 classes");

        await page.Locator("#train").ClickAsync();

        await Assertions.Expect(page.Locator("#message")).ToContainTextAsync("completed: accuracy", Patient);
        ILocator rows = page.Locator("#models tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await Assertions.Expect(rows.First.Locator(".badge")).ToHaveTextAsync("now");
        await KeepAsync(page, "models");
        await page.Locator("button[aria-label='Use model 1']").ClickAsync();
        await Assertions.Expect(rows.Last.Locator(".badge")).ToHaveTextAsync("now");
        Assert.Equal(1, Assert.Single(await _app.ModelsAsync(), (TrainingRun model) => model.IsActive).Id);
        await page.Locator("a[aria-label='Report of model 2']").ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Worst mistakes");
        Assert.Empty(open.Complaints);
        Assert.Empty(label.Complaints);
    }

    [Theory]
    [InlineData("/", ColorScheme.Light)]
    [InlineData("/", ColorScheme.Dark)]
    [InlineData("/label.html", ColorScheme.Light)]
    [InlineData("/label.html", ColorScheme.Dark)]
    [InlineData("/models.html", ColorScheme.Light)]
    [InlineData("/models.html", ColorScheme.Dark)]
    public async Task Axe_finds_nothing_and_a_phone_shows_all_of_it(string path, ColorScheme scheme)
    {
        await _app.Client.PostAsJsonAsync("/api/classes", new ClassRequest("rose"));
        await _app.PostAsync("/api/images", DrawnPhoto.Encode(seed: 1, 64, 48));
        await using OpenPage open = await browser.OpenAsync(_app, path, width: 360, scheme: scheme);
        if (path == "/")
        {
            await open.Page.SetInputFilesAsync("#file", PhotoFiles.PathOf("420.jpg"));
            await Assertions.Expect(open.Page.Locator("#bars meter")).ToHaveCountAsync(5);
        }
        else
            await Assertions.Expect(open.Page.Locator(path == "/label.html" ? "#classes button" : "#models tr")).ToHaveCountAsync(1);

        AxeResult result = await open.Page.RunAxe();
        await KeepAsync(open.Page, $"phone{path.Replace('/', '-').Replace(".html", "", StringComparison.Ordinal)}-{scheme}");

        Assert.True(
            result.Violations.Length == 0,
            string.Join(
                '\n',
                result.Violations.SelectMany(v => v.Nodes.Select(n => $"{v.Id}: {n.Html}: {n.Any.FirstOrDefault()?.Message}"))
            )
        );
        Assert.Equal(360, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task The_API_page_needs_no_other_site()
    {
        await using OpenPage open = await browser.OpenAsync(_app, "/scalar/");

        await Assertions.Expect(open.Page.Locator("body")).ToContainTextAsync("Predicts the class of an image.");
        await KeepAsync(open.Page, "scalar");

        Assert.Empty(open.Complaints);
    }

    private static async Task AddClassAsync(IPage page, string name)
    {
        await page.Locator("#class").FillAsync(name);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#classes")).ToContainTextAsync($"{name} (0)");
    }

    private static async Task KeepAsync(IPage page, string name)
    {
        byte[] picture = await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true });
        Assert.NotEmpty(picture);
        if (Environment.GetEnvironmentVariable("MLNETX_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.png"), picture);
    }
}
