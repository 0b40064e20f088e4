using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MLNetExtensions.Serving;
using MLNetExtensions.Tests.Data;
using MLNetExtensions.Tests.Serving;
using WebApiSample;
using Xunit;

namespace MLNetExtensions.Hosting.Tests.Samples;

/// <summary>samples/WebApi in this process, asked over HTTP.</summary>
public sealed class WebApiTests : IDisposable
{
    private readonly ServedPictures _pictures = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _pictures.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task ManyClientsGetTheirAnswers()
    {
        await using WebApplication app = Build();
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();

        HttpResponseMessage[] responses = await Task.WhenAll(_pictures.Encoded.Select(e => client.PostAsync("/predict", new ByteArrayContent(e))));

        for (int i = 0; i < responses.Length; i++)
        {
            Answer answer = (await responses[i].Content.ReadFromJsonAsync<Answer>())!;
            float[] expected = _pictures.Scores(_pictures.First, i);
            Assert.Equal(expected.Max(), answer.Score, 1e-6f);
            Assert.Equal(answer.Label, answer.Top[0].Label);
            Assert.Equal(expected.OrderDescending().Select(s => MathF.Round(s, 5)), answer.Top.Select(t => MathF.Round(t.Score, 5)));
        }
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
    }

    [Fact]
    public async Task ErrorsHaveTheirStatus()
    {
        using VisionPredictor predictor = _pictures.Gated(new VisionPredictorOptions { QueueCapacity = 1 }, out GatedNetwork network);
        await using WebApplication app = Build(services => services.AddSingleton(predictor));
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();

        HttpResponseMessage broken = await client.PostAsync("/predict", new ByteArrayContent([1, 2, 3]));
        Task<HttpResponseMessage> inside = client.PostAsync("/predict", new ByteArrayContent(_pictures.Encoded[0]));
        network.WaitForBatches(1);
        HttpResponseMessage rejected = await client.PostAsync("/predict", new ByteArrayContent(_pictures.Encoded[1]));
        HttpResponseMessage health = await client.GetAsync("/health");
        network.Open();

        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Contains("its 3 bytes are not a picture", await broken.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, rejected.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), rejected.Headers.RetryAfter!.Delta);
        Assert.Equal("Degraded", await health.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await inside).StatusCode);
    }

    private WebApplication Build(Action<IServiceCollection>? services = null)
    {
        string file = Path.Combine(_folder.Path, "model.onnx");
        _pictures.First.Save(file);
        return Api.Build(["--VisionPredictor:ModelFile", file], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseTestServer();
            services?.Invoke(builder.Services);
        });
    }
}
