using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MLNetExtensions.Serving;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Serving;
using WebApiSample;
using Xunit;

namespace MLNetExtensions.Hosting.Tests.Samples;

/// <summary>samples/WebApi in this process, asked over HTTP.</summary>
public sealed class WebApiTests : IDisposable
{
    private readonly ServedImages _images = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Many_clients_get_their_answers()
    {
        await using WebApplication app = Build();
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();

        HttpResponseMessage[] responses = await Task.WhenAll(
            _images.Encoded.Select(e => client.PostAsync("/predict", new ByteArrayContent(e)))
        );

        for (int i = 0; i < responses.Length; i++)
        {
            Answer answer = (await responses[i].Content.ReadFromJsonAsync<Answer>())!;
            float[] expected = _images.Scores(_images.First, i);
            Assert.Equal(expected.Max(), answer.Score, 1e-6f);
            Assert.Equal(answer.Label, answer.Top[0].Label);
            Assert.Equal(expected.OrderDescending().Select(s => MathF.Round(s, 5)), answer.Top.Select(t => MathF.Round(t.Score, 5)));
        }
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Errors_have_their_status()
    {
        using VisionPredictor predictor = _images.Gated(new VisionPredictorOptions { QueueCapacity = 1 }, out GatedNetwork network);
        await using WebApplication app = Build(services => services.AddSingleton(predictor));
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();

        HttpResponseMessage broken = await client.PostAsync("/predict", new ByteArrayContent([1, 2, 3]));
        Task<HttpResponseMessage> inside = client.PostAsync("/predict", new ByteArrayContent(_images.Encoded[0]));
        network.WaitForBatches(1);
        HttpResponseMessage rejected = await client.PostAsync("/predict", new ByteArrayContent(_images.Encoded[1]));
        HttpResponseMessage health = await client.GetAsync("/health");
        network.Open();

        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("its 3 bytes are not an image", await broken.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, rejected.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), rejected.Headers.RetryAfter!.Delta);
        Assert.Equal("Degraded", await health.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await inside).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a field before it")]
    public async Task Forms_are_read_too(string? field)
    {
        await using WebApplication app = Build();
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        using var form = new MultipartFormDataContent();
        if (field is not null)
            form.Add(new StringContent(field), "comment");
        form.Add(new ByteArrayContent(_images.Encoded[1]), "file", "photo.jpg");

        HttpResponseMessage response = await client.PostAsync("/predict", form);

        Assert.Equal(_images.Scores(_images.First, 1).Max(), (await response.Content.ReadFromJsonAsync<Answer>())!.Score, 1e-6f);
    }

    [Fact]
    public async Task A_form_without_a_file_says_how()
    {
        await using WebApplication app = Build();
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        using var form = new MultipartFormDataContent { { new StringContent("no file"), "comment" } };
        using var fields = new FormUrlEncodedContent([new("a", "b")]);

        HttpResponseMessage noFile = await client.PostAsync("/predict", form),
            noMultipart = await client.PostAsync("/predict", fields);

        Assert.Equal(HttpStatusCode.BadRequest, noFile.StatusCode);
        Assert.Contains("curl -F file=@photo.jpg", await noFile.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, noMultipart.StatusCode);
        Assert.Contains("multipart/form-data", await noMultipart.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_predictors_limit_is_the_one_that_counts(bool isForm)
    {
        // Kestrel's own limit is 30 MB, below the predictor's.
        const int Limit = 31 << 20;
        await using WebApplication app = Build(isKestrel: true, settings: ["--VisionPredictor:MaxEncodedBytes", $"{Limit}"]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        HttpResponseMessage below = await Send(Limit),
            above = await Send(Limit + 1);

        Assert.Equal(HttpStatusCode.BadRequest, below.StatusCode);
        Assert.Contains("not an image", await below.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, above.StatusCode);
        Assert.Contains($"more than the {Limit} bytes that MaxEncodedBytes allows", await above.Content.ReadAsStringAsync());

        Task<HttpResponseMessage> Send(int length)
        {
            var content = new ByteArrayContent(new byte[length]);
            return client.PostAsync("/predict", isForm ? new MultipartFormDataContent { { content, "file", "photo.jpg" } } : content);
        }
    }

    [Fact]
    public async Task Health_answers_while_the_queue_is_long()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { QueueCapacity = 100, MaxBatchSize = 1 },
            out GatedNetwork network,
            isOpen: true
        );
        await using WebApplication app = Build(services => services.AddSingleton(predictor));
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        _ = await client.PostAsync("/predict", new ByteArrayContent(_images.Encoded[0]));
        int before = network.Batches.Count;
        network.Close();
        Task<HttpResponseMessage>[] inside =
        [
            .. Enumerable.Range(0, 64).Select(_ => client.PostAsync("/predict", new ByteArrayContent(_images.Encoded[0]))),
        ];
        network.WaitForBatches(before + 1);

        // Nothing goes on until the gate opens: who waited behind the others would wait for ever.
        string live = await client.GetStringAsync("/health/live"),
            ready = await client.GetStringAsync("/health/ready");

        Assert.Equal(("Healthy", "Healthy"), (live, ready));
        Assert.All(inside, task => Assert.False(task.IsCompleted));
        network.Open();
        Assert.All(await Task.WhenAll(inside), response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task A_model_that_has_begun_to_fail_is_not_ready()
    {
        using VisionPredictor predictor = _images.Gated(
            new VisionPredictorOptions { MaxBatchSize = 1 },
            out GatedNetwork network,
            isOpen: true
        );
        await using WebApplication app = Build(services => services.AddSingleton(predictor));
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();
        _ = await client.PostAsync("/predict", new ByteArrayContent(_images.Encoded[0]));
        network.Error = new ArithmeticException("no room");
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => predictor.PredictAsync(_images.Encoded[0]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal("Healthy", await client.GetStringAsync("/health/live"));
    }

    private WebApplication Build(Action<IServiceCollection>? services = null, bool isKestrel = false, string[]? settings = null)
    {
        string file = Path.Combine(_folder.Path, "model.onnx");
        _images.First.Save(file);
        return Api.Build(
            ["--VisionPredictor:ModelFile", file, "--urls", "http://127.0.0.1:0", .. settings ?? []],
            builder =>
            {
                builder.Logging.ClearProviders();
                if (!isKestrel)
                    builder.WebHost.UseTestServer();
                services?.Invoke(builder.Services);
            }
        );
    }
}
